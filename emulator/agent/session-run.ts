import type { AccountClients } from "../clients/account-clients";
import type { AuthorizationRequest } from "../iam/authorizer";
import type { CallLog, JudgedCall } from "./call-log";
import type { Clients } from "../clients/clients";
import type { LogSubscriptions } from "../logs/log-subscriptions";
import type { SessionInputs } from "./preferences";
import type { Session } from "../sessions/sessions";
import type { Instance } from "../ssm/instances";

/** What a session was and what became of its transcript. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly started: boolean;
  /** The text that the operator sees when the session does not start. */
  readonly refusal?: string;
  readonly bucket?: string;
  /** Key of the transcript in the bucket; only when it is really there. */
  readonly transcriptKey?: string;
  /** Name of the log stream; only when something was written to it. */
  readonly logStream?: string;
  readonly calls: readonly JudgedCall[];
  /** What the agent only writes into its own log. */
  readonly warnings: readonly string[];
}

/** A session that an agent refuses, with the text that the operator sees. */
export class SessionRefused extends Error {}

/** A command, or a command with the lines that answer it. */
export type Typed = string | readonly [command: string, ...answer: string[]];

/** What a session runs with. */
export interface SessionSetting {
  readonly session: Session;
  readonly inputs: SessionInputs;
  /** Such as `Standard_Stream` or `Port`. */
  readonly sessionType: string;
  readonly commands: readonly Typed[];
  /** Session ARN of the instance role, which every call of the agent is made with. */
  readonly agentArn: string;
  /** The agent's own clients, in its account and region. */
  readonly agent: Clients;
  /** An administrator's clients of every account, for what AWS does by itself. */
  readonly accounts: AccountClients;
  /** Where what is written to a log group is sent on to. */
  readonly subscriptions: Pick<LogSubscriptions, "deliver">;
  /** Where every call is judged and kept. */
  readonly log: CallLog;
  /** The account that owns the bucket of the preferences. */
  readonly bucketOwner: string;
}

/** Everything that the steps of one session share. */
export class SessionRun {
  readonly warnings: string[] = [];
  transcriptKey?: string;
  logStream?: string;
  /** The agent's decision at the start whether to stream; errors at that point switch it off. */
  streaming = false;

  constructor(readonly setting: SessionSetting) {}

  /** Where every call is judged and kept. */
  get log(): CallLog {
    return this.setting.log;
  }

  /** The agent makes a call on a resource of its own account, or of `accountId`. */
  agentRequires(action: string, resource: string, more: Partial<AuthorizationRequest> = {}): Promise<void> {
    const { agentArn: principal, session } = this.setting;
    return this.log.require({ principal, accountId: session.accountId, action, resource, ...more });
  }

  /** What the operator would see on the screen, command by command. */
  get transcript(): readonly string[] {
    return this.setting.commands.flatMap((typed) => {
      const [command, ...answer] = typeof typed === "string" ? [typed] : typed;
      return [`sh-5.2$ ${command}`, ...answer];
    });
  }

  /** The outcome. */
  record(started: boolean, refusal?: string): SessionRecord {
    return {
      sessionId: this.setting.session.sessionId,
      started,
      ...(refusal === undefined ? {} : { refusal }),
      ...(this.setting.inputs.s3BucketName === "" ? {} : { bucket: this.setting.inputs.s3BucketName }),
      ...(this.transcriptKey === undefined ? {} : { transcriptKey: this.transcriptKey }),
      ...(this.logStream === undefined ? {} : { logStream: this.logStream }),
      calls: this.log.calls,
      warnings: this.warnings,
    };
  }
}

/** A session to be simulated from the operator's first call to the last line of the transcript. */
export interface SessionRequest extends Instance {
  readonly operatorRoleName: string;
  /** Such as `alice`; the session id starts with it. */
  readonly operatorSessionName: string;
  readonly commands: readonly Typed[];
  /** @default the account's preferences */
  readonly documentName?: string;
  readonly reason?: string;
  /** The instance dies in the middle: whatever would be uploaded at the end is lost. @default false */
  readonly disconnect?: boolean;
  /** The client reconnects once. @default false */
  readonly resume?: boolean;
  /** The operator's client ends the session with an API call; typing `exit` makes none. @default true */
  readonly terminate?: boolean;
  /** @default now */
  readonly startDate?: Date;
  /** @default now */
  readonly endDate?: Date;
}
