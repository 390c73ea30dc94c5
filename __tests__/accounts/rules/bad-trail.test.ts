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
    { "accounts.sandbox.trail": "none" },
    "accounts.sandbox.trail",
    "while notifications are on",
    "existing",
  ],
  [
    "findings that an account turns on without a trail",
    {
      trail: "none",
      "notifications.activity.enabled": false,
      "notifications.security": { enabled: false },
      "accounts.sandbox.notifications": { security: { enabled: true } },
    },
    "accounts.sandbox.trail",
    "while notifications are on",
    "enabled: false",
  ],
  [
    "notifications that an account turns on without a trail",
    {
      trail: "none",
      "notifications.activity.enabled": false,
      "notifications.security": { enabled: false },
      "accounts.sandbox.notifications": { activity: { enabled: true } },
    },
    "accounts.sandbox.trail",
    "while notifications are on",
    "enabled: false",
  ],
]);
