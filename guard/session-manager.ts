import {
  paginateDescribeSessions,
  TerminateSessionCommand,
  type Session,
  type SessionFilter,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { EndedSession } from "./expected-records";

/**
 * The calls to Session Manager of one account and region that the guard makes. Lists come in pages of at most 200
 * sessions. Every method throws what AWS answered.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_TerminateSession.html
 */
export class SessionManager {
  constructor(private readonly ssm: SSMClient) {}

  /** Ends a session. One that is over already, or is not known, is no error: that it's over is what was wanted. */
  async end(SessionId: string): Promise<void> {
    try {
      await this.ssm.send(new TerminateSessionCommand({ SessionId }));
    } catch (error) {
      if ((error as Error).name !== "DoesNotExistException") throw error;
    }
  }

  /** Sessions that run now, in pages. */
  active(): AsyncGenerator<readonly Session[]> {
    return this.pages("Active", []);
  }

  /**
   * Sessions that are over, in pages and in no particular order. AWS forgets them after 30 days.
   * @param started within which time they were started; null: whenever
   */
  async *ended(started: {
    readonly after: Date | null;
    readonly before: Date;
  }): AsyncGenerator<readonly EndedSession[]> {
    const filters: SessionFilter[] = [
      ...(started.after === null ? [] : [{ key: "InvokedAfter" as const, value: inSeconds(started.after) }]),
      // Rounded up by a second: AWS does not say whether the moment itself is in.
      { key: "InvokedBefore", value: inSeconds(new Date(started.before.getTime() + 1000)) },
    ];
    for await (const page of this.pages("History", filters)) {
      yield page.flatMap(
        ({ SessionId, Status = "", DocumentName, Target = "", Owner = "", StartDate, EndDate }) =>
          SessionId === undefined || StartDate === undefined || EndDate === undefined
            ? []
            : {
                sessionId: SessionId,
                status: Status,
                document: DocumentName === "" ? undefined : DocumentName,
                instance: Target,
                owner: Owner,
                startDate: StartDate,
                endDate: EndDate,
              },
      );
    }
  }

  private async *pages(
    State: "Active" | "History",
    Filters: SessionFilter[],
  ): AsyncGenerator<readonly Session[]> {
    const pages = paginateDescribeSessions(
      { client: this.ssm, pageSize: 200 },
      { State, ...(Filters.length > 0 && { Filters }) },
    );
    for await (const { Sessions = [] } of pages) yield Sessions;
  }
}

const inSeconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "Z");
