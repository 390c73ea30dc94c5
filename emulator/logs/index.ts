import type { Accounts } from "../clients/accounts";
import type { Authorizer } from "../iam/authorizer";
import type { CallRecorder } from "../events/call-recorder";
import { DataProtection } from "./data-protection";
import type { Identities } from "../clients/identities";
import { LogGroups } from "./log-groups";
import { LogSubscriptions } from "./log-subscriptions";
import type { RememberedSettings } from "./remembered-settings";
import type { Amend, Handler } from "../gateway/protocol";

/** What CloudWatch Logs does beyond keeping logs: it masks them and sends them on. */
export interface SessionLogs {
  readonly handlers: readonly Handler[];
  readonly amend: Amend;
  readonly subscriptions: LogSubscriptions;
}

export function sessionLogs(parts: {
  readonly accounts: Accounts;
  readonly identities: Identities;
  readonly authorizer: Authorizer;
  readonly recorder: CallRecorder;
  readonly remembered: RememberedSettings;
}): SessionLogs {
  const groups = new LogGroups(parts.accounts, parts.remembered);
  const protection = new DataProtection(parts, groups);
  const subscriptions = new LogSubscriptions(parts, groups, protection);
  return {
    handlers: [protection.answer, subscriptions.answer],
    amend: protection.amend,
    subscriptions,
  };
}
