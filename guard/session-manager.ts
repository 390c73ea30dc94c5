import {
  paginateDescribeSessions,
  TerminateSessionCommand,
  type Session,
  type SessionFilter,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { documentOf } from "./documents";
import type { EndedSession } from "./expected-records";
import { log } from "./log";

/**
 * The calls to Session Manager of one account and region that the guard makes. Lists come in pages of at most 200
 * sessions. Every method throws what AWS answered.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_TerminateSession.html
 */
export class SessionManager {
  constructor(private readonly ssm: SSMClient) {}

  /**
   * Ends a session. A session that is over already, or that AWS does not know, is no error.
   * AWS documents no error for an unknown session; the guard expects the one that `ResumeSession` documents.
   * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_TerminateSession.html
   * @throws every other error of AWS
   */
  async end(SessionId: string): Promise<void> {
    try {
      await this.ssm.send(new TerminateSessionCommand({ SessionId }));
    } catch (error) {
      if ((error as Error).name !== "DoesNotExistException") throw error;
    }
  }

  /** The sessions that are running, in pages of at most 200. */
  active(): AsyncGenerator<readonly Session[]> {
    return this.pages("Active", []);
  }

  /**
   * The sessions that have ended within the last 30 days, in pages of at most 200 and in no particular order.
   * @param started limits the sessions to those that started within a time; `after` is null for no lower limit
   * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
   */
  async *ended(started: {
    readonly after: Date | null;
    readonly before: Date;
  }): AsyncGenerator<readonly EndedSession[]> {
    const filters: SessionFilter[] = [
      ...(started.after === null ? [] : [{ key: "InvokedAfter" as const, value: inSeconds(started.after) }]),
      // The filter takes whole seconds and leaves out sessions that start at the given second, so a second is added.
      // See https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SessionFilter.html
      { key: "InvokedBefore", value: inSeconds(new Date(started.before.getTime() + 1000)) },
    ];
    for await (const page of this.pages("History", filters)) yield page.flatMap(endedSession);
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

/** The session of an entry in the history, or none if the session has not yet ended or the entry is incomplete. */
function endedSession(entry: Session): readonly EndedSession[] {
  const {
    SessionId,
    Status = "",
    DocumentName,
    Target = "",
    Owner = "",
    StartDate,
    EndDate,
    Reason = "",
  } = entry;
  if (SessionId === undefined || StartDate === undefined || EndDate === undefined) {
    // An entry that is on its way to `Terminated` gets its end later. A complete history names both times.
    if (Status === "Terminated") log("SessionRefused", { sessionId: SessionId, StartDate, EndDate });
    return [];
  }
  return [
    {
      sessionId: SessionId,
      status: Status,
      document: documentOf(DocumentName),
      instance: Target,
      owner: Owner,
      reason: Reason,
      startDate: StartDate,
      endDate: EndDate,
    },
  ];
}

const inSeconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "Z");
