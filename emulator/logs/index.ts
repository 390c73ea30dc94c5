import type { CallRecorder } from "../events/call-recorder";
import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { DataProtection } from "./data-protection";
import { groupKeys } from "./group-keys";
import { LogGroups } from "./log-groups";
import { LogSubscriptions } from "./log-subscriptions";
import { RememberedSettings } from "./remembered-settings";

export type { LogDelivery } from "./log-subscriptions";

/** CloudWatch Logs beyond moto: data protection, subscription filters, and settings that moto forgets. */
export interface LogsRoom extends Room {
  readonly subscriptions: LogSubscriptions;
}

/** @param recorder records the calls that this room answers */
export function logsRoom(core: Core, recorder: CallRecorder): LogsRoom {
  const parts = { ...core, recorder };
  const settings = new RememberedSettings(core.identities);
  const groups = new LogGroups(core.accounts, settings);
  const protection = new DataProtection(parts, groups);
  const subscriptions = new LogSubscriptions(parts, groups, protection);
  return {
    handlers: [groupKeys(core), protection.answer, subscriptions.answer],
    amends: [settings.amend, protection.amend],
    subscriptions,
  };
}
