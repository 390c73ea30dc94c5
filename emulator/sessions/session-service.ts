import { arnParts } from "../../aws/arn";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { regionalService } from "../clients/partitions";
import { AwsError } from "../gateway/protocol";
import { cloudTrailEvent } from "../events/cloudtrail-event";
import type { EventBus } from "../events/event-bus";
import type { Instances } from "../ssm/instances";
import type { Caller, SessionPermissions } from "./session-permissions";
import { isOver, newSessionId, type Session, type Sessions } from "./sessions";

/** The parameters of `StartSession`. */
export interface StartSessionRequest {
  readonly Target?: string;
  readonly DocumentName?: string;
  readonly Reason?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
}

/** `StartSession`, `ResumeSession` and `TerminateSession`. Each call is judged, takes effect, and is recorded by CloudTrail. */
export class SessionService {
  constructor(
    private readonly sessions: Sessions,
    private readonly instances: Instances,
    private readonly permissions: SessionPermissions,
    private readonly bus: EventBus,
    private readonly documentExists: (accountId: string, region: string, name: string) => Promise<boolean>,
  ) {}

  /**
   * Starts a session.
   * @param startDate defaults to now
   * @throws {@link AwsError} `AccessDeniedException`, `TargetNotConnected` or `InvalidDocument`
   */
  async start(caller: Caller, request: StartSessionRequest, startDate = new Date()): Promise<Session> {
    const { accountId } = caller.identity;
    const { Target = "", DocumentName, Reason, Parameters } = request;
    const asked = {
      target: Target,
      ...(DocumentName === undefined ? {} : { documentName: DocumentName }),
      ...(Reason === undefined ? {} : { reason: Reason }),
      ...(Parameters === undefined ? {} : { parameters: Parameters }),
    };
    return this.recorded(caller, "StartSession", asked, startedElements(caller.region), async () => {
      const document = DocumentName ?? PREFERENCES_DOCUMENT;
      await this.permissions.requireStart(caller, Target, document);
      if (this.instances.find(accountId, caller.region, Target) === undefined) {
        throw new AwsError("TargetNotConnected", `${Target} is not connected.`);
      }
      if (
        DocumentName !== undefined &&
        !(await this.documentExists(accountId, caller.region, DocumentName))
      ) {
        throw new AwsError("InvalidDocument", `Document with name ${DocumentName} does not exist.`);
      }
      return this.sessions.add({
        accountId,
        region: caller.region,
        sessionId: newSessionId(arnParts(caller.identity.arn).resource.split("/").at(-1) ?? "session"),
        target: Target,
        owner: caller.identity.arn,
        ownerUserId: await this.permissions.userId(caller),
        documentName: document,
        reason: Reason,
        startDate,
        status: "Connected",
      });
    });
  }

  /** Resumes a session. @throws {@link AwsError} `AccessDeniedException` or `DoesNotExistException` */
  async resume(caller: Caller, sessionId: string): Promise<Session> {
    return this.recorded(caller, "ResumeSession", { sessionId }, startedElements(caller.region), async () => {
      const session = this.sessions.find(caller.identity.accountId, caller.region, sessionId);
      await this.permissions.requireOnSession(caller, "ssm:ResumeSession", session ?? { sessionId });
      if (session === undefined || isOver(session)) {
        throw new AwsError("DoesNotExistException", `Session ${sessionId} does not exist or has ended.`);
      }
      session.status = "Connected";
      return session;
    });
  }

  /**
   * Ends a session. As on AWS, ending a session that does not exist is not an error.
   * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_TerminateSession.html
   * @param at defaults to now
   * @throws {@link AwsError} `AccessDeniedException`
   */
  async terminate(caller: Caller, sessionId: string, at = new Date()): Promise<void> {
    await this.recorded(
      caller,
      "TerminateSession",
      { sessionId },
      () => ({ sessionId }),
      async () => {
        const session = this.sessions.find(caller.identity.accountId, caller.region, sessionId);
        await this.permissions.requireOnSession(caller, "ssm:TerminateSession", session ?? { sessionId });
        if (session !== undefined) this.sessions.end(session, at);
        return session;
      },
    );
  }

  private async recorded<T extends Session | undefined>(
    { identity, region }: Caller,
    eventName: string,
    requestParameters: Record<string, unknown>,
    elements: (session: T) => Record<string, unknown>,
    call: () => Promise<T>,
  ): Promise<T> {
    const about = {
      caller: identity,
      region,
      eventSource: "ssm.amazonaws.com",
      eventName,
      requestParameters,
    };
    try {
      const done = await call();
      await this.bus.put(
        identity.accountId,
        region,
        cloudTrailEvent({ ...about, responseElements: elements(done) }),
      );
      return done;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const code = error.code === "AccessDeniedException" ? "AccessDenied" : error.code;
      const failed = { ...about, responseElements: null, error: { code, message: error.message } };
      await this.bus.put(identity.accountId, region, cloudTrailEvent(failed));
      throw error;
    }
  }
}

const startedElements = (region: string) => (session: Session | undefined) => ({
  sessionId: session?.sessionId,
  tokenValue: "Value hidden due to security reasons.",
  streamUrl: streamUrl(region, session?.sessionId ?? ""),
});

/** The URL at which a client opens the data channel of a session. */
export const streamUrl = (region: string, sessionId: string): string =>
  `wss://${regionalService("ssmmessages", region)}/v1/data-channel/${sessionId}?role=publish_subscribe`;
