import { NO_LOGS } from "./good-map";
import { accepts, refuses } from "./refusals";

refuses("of sessions", [
  [
    "retention that AWS rejects",
    { "logs.retentionDays": 100 },
    "logs.retentionDays",
    "90, 120",
    "next longer",
  ],
  [
    "retention in quotes",
    { "logs.retentionDays": "365" },
    "logs.retentionDays",
    "365, 400",
    "without quotes",
  ],
]);

refuses("of settings that contradict each other", [
  [
    "streaming without a group",
    { ...NO_LOGS, "logs.streaming": true },
    "logs.streaming",
    "false while",
    "streaming: false",
  ],
]);

refuses("without a log group of its own", [
  [
    "logs that are kept forever",
    { "accounts.sandbox.logs": { group: { existing: "/theirs" }, retentionDays: null } },
    "accounts.sandbox.logs.retentionDays",
    'nothing unless logs.group is "create"',
    "remove it",
  ],
]);

accepts([
  ["without logs", NO_LOGS],
  ["that keeps logs forever", { "logs.retentionDays": null }],
  ["that keeps the logs of one account forever", { "accounts.sandbox.logs.retentionDays": null }],
]);
