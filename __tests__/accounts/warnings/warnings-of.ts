import { warningsOn } from "../../../accounts/warnings";
import { checkMap } from "../../../stacks/read-organization";
import { mapWith, type Changes } from "../rules/good-map";

/** The day on which the tests read the maps. */
export const TODAY = new Date("2026-11-26T23:59:59Z");
export const EMAIL = { protocol: "email", endpoint: "security@example.com" };

/** Changes that leave the good map without any warning. */
const QUIET: Changes = {
  "access.attachToRoles": ["app-server"],
  "notifications.activity.subscribers": [EMAIL],
  "notifications.security.subscribers": [EMAIL],
};

/** The warnings about a good map with some changes, which has none without them. */
export const warningsOf = (changes: Changes, now = TODAY) =>
  warningsOn(checkMap(mapWith({ ...QUIET, ...changes }), "map.yaml"), now);
