import { randomBytes } from "node:crypto";

/** A session. */
export interface Session {
  readonly accountId: string;
  readonly region: string;
  readonly sessionId: string;
  readonly target: string;
  /** ARN of the assumed-role session that started it. */
  readonly owner: string;
  /** `aws:userid` of the owner. */
  readonly ownerUserId: string;
  readonly documentName: string;
  readonly reason: string | undefined;
  readonly startDate: Date;
  status: "Connected" | "Connecting" | "Disconnected" | "Terminated" | "Failed";
  endDate?: Date;
  /** URLs of the transcript and of the log stream. AWS reports them even when nothing was written there. */
  output?: { readonly s3?: string; readonly logStream?: string };
}

/**
 * How long AWS lists a session after its end: 30 days.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** The sessions of every account and region. */
export class Sessions {
  private readonly all: Session[] = [];

  /** Adds a session. @returns the same session */
  add(session: Session): Session {
    this.all.push(session);
    return session;
  }

  /** The session with that id in an account and region; undefined when there is none. */
  find(accountId: string, region: string, sessionId: string): Session | undefined {
    return this.in(accountId, region).find((session) => session.sessionId === sessionId);
  }

  /** The sessions of an account and region that AWS would still list, newest first. */
  in(accountId: string, region: string): readonly Session[] {
    const oldest = Date.now() - KEPT_MS;
    return this.all
      .filter((session) => session.accountId === accountId && session.region === region)
      .filter((session) => session.endDate === undefined || session.endDate.getTime() > oldest)
      .sort((left, right) => right.startDate.getTime() - left.startDate.getTime());
  }

  /** Ends a session. A second call changes nothing. */
  end(session: Session, at = new Date(), status: "Terminated" | "Failed" = "Terminated"): void {
    if (isOver(session)) return;
    session.status = status;
    session.endDate = at;
  }
}

/** Whether a session has ended. */
export const isOver = (session: Session): boolean =>
  session.status === "Terminated" || session.status === "Failed";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * A session id in the form that AWS uses: the name of the caller's session and 26 characters of base 32.
 * @see https://github.com/DataDog/stratus-red-team/blob/main/docs/detonation-logs/aws.execution.ssm-start-session.json
 */
export function newSessionId(callerName: string): string {
  return `${callerName}-${[...randomBytes(26)].map((byte) => BASE32.charAt(byte % 32)).join("")}`;
}
