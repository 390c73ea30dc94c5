import { fn, SECURITY } from "./actions-of";
import { OWN_BUCKETS } from "./good-map";
import { accepts, refuses, refusesAlone } from "./refusals";
import { SLACK } from "../../fixtures/chat";

const CENTRAL = "notifications.security.central";
const OF_ARCHIVE = "accounts.log-archive.notifications.security";
const ARCHIVE_PATH = 'accounts["log-archive"].notifications.security.central';
const actions = (count: number, findings: readonly string[]) =>
  ["a", "b", "c", "d"].slice(0, count).map((name) => ({ ...fn(name), findings }));

refuses("with a wrong setting of the central channel", [
  ["a word", { [CENTRAL]: "yes" }, CENTRAL, "true or false", "write true, without quotes"],
  [
    "without an archive",
    { ...OWN_BUCKETS, "transcripts.readers": undefined, [CENTRAL]: true },
    CENTRAL,
    "the map has no archive",
    "name an archive account",
  ],
  [
    "for an account, without an archive",
    { ...OWN_BUCKETS, "transcripts.readers": undefined, [`accounts.sandbox.${CENTRAL}`]: true },
    `accounts.sandbox.${CENTRAL}`,
    "the map has no archive",
    "name an archive account",
  ],
  [
    "for an account, although the archive account has no such channel",
    { [`${OF_ARCHIVE}.central`]: false, [`accounts.sandbox.${CENTRAL}`]: true },
    `accounts.sandbox.${CENTRAL}`,
    "the archive account has no central channel",
    "true for the archive account",
  ],
  [
    "for a region, although the archive account has no security channel",
    {
      [`${OF_ARCHIVE}.enabled`]: false,
      [`accounts.payments.regions.us-east-1.${CENTRAL}`]: true,
    },
    `accounts.payments.regions["us-east-1"].${CENTRAL}`,
    "the archive account has no central channel",
    "true for the archive account",
  ],
  [
    "for the archive account, without a security channel there",
    { [`${OF_ARCHIVE}.enabled`]: false, [`${OF_ARCHIVE}.central`]: false },
    ARCHIVE_PATH,
    "notifications.security.enabled is true",
    "change notifications.security.enabled",
  ],
  [
    "outright for the archive account, without a security channel there",
    { [`${OF_ARCHIVE}.enabled`]: false, [`${OF_ARCHIVE}.central`]: true },
    ARCHIVE_PATH,
    "notifications.security.enabled is true",
    "change notifications.security.enabled",
  ],
  [
    "four actions for sessions beside it",
    { [SECURITY]: actions(4, ["sessions"]) },
    `${SECURITY}[3]`,
    "at most 3 actions for the rule that reports sessions",
    "set notifications.security.central: false",
  ],
  [
    "three actions for tampering beside it and chat",
    { [SECURITY]: actions(3, ["tampering"]), "notifications.security.chat": [SLACK] },
    `${SECURITY}[2]`,
    "at most 2 actions for the rule that reports tampering",
    "invoke one state machine or event bus",
  ],
]);

refusesAlone("with four actions", [
  [
    "for tampering in the archive account only",
    { "accounts.log-archive.notifications.security.actions": actions(4, ["tampering"]) },
    'accounts["log-archive"].notifications.security.actions[3]',
    "the topic and the central channel are two of them",
    "remove some",
  ],
]);

accepts([
  ["the central channel, said outright", { [CENTRAL]: true }],
  ["none for one account", { [`accounts.sandbox.${CENTRAL}`]: false }],
  ["none at all", { [CENTRAL]: false }],
  ["none in the archive account, and so none at all", { [`${OF_ARCHIVE}.central`]: false }],
  ["four actions without it", { [SECURITY]: actions(4, ["sessions"]), [CENTRAL]: false }],
  [
    "four actions for sessions of an account that sends nothing to it",
    {
      "accounts.sandbox.notifications.security.actions": actions(4, ["sessions"]),
      [`accounts.sandbox.${CENTRAL}`]: false,
    },
  ],
  ["three actions beside it", { [SECURITY]: actions(3, ["sessions"]) }],
  [
    "none, said in a map without an archive",
    {
      ...OWN_BUCKETS,
      "transcripts.readers": undefined,
      [CENTRAL]: false,
    },
  ],
  [
    "an archive in one region, and an account without transcripts in another",
    {
      "accounts.payments.regions.us-east-1": {
        transcripts: { bucket: "none" },
        preferences: { enforce: { s3: false } },
      },
    },
  ],
]);
