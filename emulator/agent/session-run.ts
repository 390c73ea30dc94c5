import type { AccountClients } from "../clients/account-clients";
import type { AuthorizationRequest } from "../iam/authorizer";
import type { CallLog, JudgedCall } from "./call-log";
import type { Clients } from "../clients/clients";
import type { LogSubscriptions } from "../logs/log-subscriptions";
import type { SessionInputs } from "./preferences";
import type { Session } from "../sessions/sessions";
import type { Instance } from "../ssm/instances";

/** The outcome of a session, and what was recorded of it. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly started: boolean;
  /** The message that the operator sees when the session does not start. */
  readonly refusal?: string;
  /** Name of the bucket in the preferences. */
  readonly bucket?: string;
  /** Key of the transcript in the bucket; undefined when it was not uploaded. */
  readonly transcriptKey?: string;
  /** Name of the log stream; undefined when nothing was written to it. */
  readonly logStream?: string;
  /** Every call of the operator and the agent, with the verdict on it. */
  readonly calls: readonly JudgedCall[];
  /** Failures that the agent reports only in its own log on the node. */
  readonly warnings: readonly string[];
}

/** The agent refuses the session. The message is the one that the operator sees. */
export class SessionRefused extends Error {}

/** A command that the operator types, alone or with the lines of its output. */
export type Typed = string | readonly [command: string, ...answer: string[]];

/** The parts of the emulator and the settings with which a session runs. */
export interface SessionSetting {
  readonly session: Session;
  readonly inputs: SessionInputs;
  /** Such as `Standard_Stream` or `Port`. */
  readonly sessionType: string;
  readonly commands: readonly Typed[];
  /** ARN of the session of the instance role, with which the agent makes every call. */
  readonly agentArn: string;
  /** The agent's own clients, in its account and region. */
  readonly agent: Clients;
  /** An administrator's clients of every account, for what AWS itself does. */
  readonly accounts: AccountClients;
  /** Receives what is written to a log group, and forwards it by subscription filters. */
  readonly subscriptions: Pick<LogSubscriptions, "deliver">;
  /** Judges every call and keeps the verdict. */
  readonly log: CallLog;
  /** The account that owns the bucket of the preferences; undefined when there is no such bucket. */
  readonly bucketOwner: string | undefined;
}

/** The state of one session that its steps share. */
export class SessionRun {
  readonly warnings: string[] = [];
  transcriptKey?: string;
  logStream?: string;
  /** The operating system user of the shell; undefined for a tunnel, which has no shell. */
  user?: string;
  /** Whether the agent streams to the log group. It decides at the start, and an error at that point turns streaming off. */
  streaming = false;

  constructor(readonly setting: SessionSetting) {}

  /** Judges every call and keeps the verdict. */
  get log(): CallLog {
    return this.setting.log;
  }

  /** Requires that the agent may make a call on a resource of its own account, or of `more.accountId`. */
  agentRequires(action: string, resource: string, more: Partial<AuthorizationRequest> = {}): Promise<void> {
    const { agentArn: principal, session } = this.setting;
    return this.log.require({ principal, accountId: session.accountId, action, resource, ...more });
  }

  /** The account that owns the bucket of the preferences. @throws Error when there is no such bucket */
  get bucketOwner(): string {
    const { bucketOwner, inputs } = this.setting;
    if (bucketOwner === undefined)
      throw new Error(`NoSuchBucket: The specified bucket does not exist: ${inputs.s3BucketName}`);
    return bucketOwner;
  }

  /** The lines that the operator sees on the screen. */
  get transcript(): readonly string[] {
    return this.setting.commands.flatMap((typed) => {
      const [command, ...answer] = typeof typed === "string" ? [typed] : typed;
      return [`sh-5.2$ ${command}`, ...answer];
    });
  }

  /** The record of the session. @param refusal why the session did not start */
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

/**
 * A session to simulate, from the operator's first call to the last line of its record.
 * @example
 * await emulator.runSession({
 *   accountId: "111111111111",
 *   region: "eu-central-1",
 *   instanceId: "i-0123456789abcdef0",
 *   instanceRoleName: "Web",
 *   operatorRoleName: "Operator",
 *   operatorSessionName: "alice",
 *   commands: ["whoami"],
 * });
 */
export interface SessionRequest extends Instance {
  readonly operatorRoleName: string;
  /** The name of the operator's session, such as `alice`. The id of the session starts with it. */
  readonly operatorSessionName: string;
  readonly commands: readonly Typed[];
  /** @default the account's preferences */
  readonly documentName?: string;
  readonly reason?: string;
  /**
   * Whether the instance stops during the session, so that nothing is uploaded at the end.
   * @see https://github.com/aws/amazon-ssm-agent/issues/232
   * @default false
   */
  readonly disconnect?: boolean;
  /** Whether the client reconnects once. @default false */
  readonly resume?: boolean;
  /**
   * Whether the operator's client ends the session with `TerminateSession`. Typing `exit` makes no API call.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-auditing.html
   * @default true
   */
  readonly terminate?: boolean;
  /** @default now */
  readonly startDate?: Date;
  /** @default now */
  readonly endDate?: Date;
}
