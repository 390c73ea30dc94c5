import { refuses } from "./refusals";

refuses("of settings that contradict each other", [
  [
    "a fault that an account brings about, at the account",
    { "accounts.shop.logs": { group: "none", streaming: false } },
    "accounts.shop.preferences.enforce.cloudWatch",
    'while logs.group is "none"',
    "create a log group",
  ],
  [
    "a fault that a region brings about, at the region",
    { "accounts.shop.regions.us-east-1": { preferences: { maximumDurationMinutes: 15 } } },
    'accounts.shop.regions["us-east-1"].preferences.idleTimeoutMinutes',
    "which is 15",
    "shorten the idle timeout",
  ],
]);
