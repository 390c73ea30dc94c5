import { refuses } from "./refusals";

refuses("of settings that contradict each other", [
  [
    "a fault that an account brings about, at the account",
    { "accounts.payments.logs": { group: "none", streaming: false } },
    "accounts.payments.preferences.enforce.cloudWatch",
    'while logs.group is "none"',
    "create a log group",
  ],
  [
    "a fault that a region brings about, at the region",
    { "accounts.payments.regions.us-east-1": { preferences: { maximumDurationMinutes: 15 } } },
    'accounts.payments.regions["us-east-1"].preferences.idleTimeoutMinutes',
    "which is 15",
    "shorten the idle timeout",
  ],
]);
