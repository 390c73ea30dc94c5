import { refuses } from "./refusals";

refuses("of settings that contradict each other", [
  [
    "notifications without a trail",
    { trail: undefined },
    "trail",
    "while notifications are on",
    '"create" if none',
  ],
  [
    "notifications where an account has no trail",
    { "accounts.lab.trail": "none" },
    "accounts.lab.trail",
    "on",
    "existing",
  ],
  [
    "findings that an account turns on without a trail",
    {
      trail: "none",
      "notifications.activity.enabled": false,
      "notifications.security": { enabled: false },
      "accounts.lab.notifications": { security: { enabled: true } },
    },
    "accounts.lab.trail",
    "while notifications are on",
    "enabled: false",
  ],
  [
    "notifications that an account turns on without a trail",
    {
      trail: "none",
      "notifications.activity.enabled": false,
      "notifications.security": { enabled: false },
      "accounts.lab.notifications": { activity: { enabled: true } },
    },
    "accounts.lab.trail",
    "while notifications are on",
    "enabled: false",
  ],
]);
