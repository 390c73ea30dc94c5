import { SLACK } from "../../fixtures/chat";
import { fn } from "./actions-of";
import { key } from "./good-map";
import { accepts, refuses, refusesAlone } from "./refusals";

const CENTRAL = "notifications.central";
const HERE = { [CENTRAL]: { account: "log-archive", region: "eu-central-1" } };
const EMAIL = { protocol: "email", endpoint: "soc@example.com" };
const queue = (account: string) => ({
  protocol: "sqs",
  endpoint: `arn:aws:sqs:eu-central-1:${account}:sessions`,
});
const INTO_SOC = (more: object = {}) => ({
  "accounts.soc": { id: "777777777777", homeRegion: "eu-west-1", regions: [], ...more },
  [CENTRAL]: { account: "soc", region: "eu-west-1" },
});

refuses("with a wrong place of central topics", [
  [
    "a region that AWS does not have",
    { [CENTRAL]: { account: "log-archive", region: "eu-central-9" } },
    `${CENTRAL}.region`,
    "an AWS region",
    "did you mean",
  ],
  [
    "a region of another partition",
    { [CENTRAL]: { account: "log-archive", region: "us-gov-west-1" } },
    `${CENTRAL}.region`,
    "a region of partition aws",
    "name a region of the same partition",
  ],
  ["no region", { [CENTRAL]: { account: "log-archive" } }, `${CENTRAL}.region`, "an AWS region", "write the"],
  [
    "in an account",
    { "accounts.payments.notifications.central": { account: "log-archive", region: "eu-central-1" } },
    "accounts.payments.notifications.central",
    "known are activity, security",
    "central is set once, for the organization",
  ],
  [
    "with a key of another account, which guards may not use",
    {
      ...HERE,
      "accounts.sandbox.guard": { enabled: true },
      "accounts.log-archive.otherRegions": {
        "eu-central-1": { encryption: { mode: "existing", keyArn: key("eu-central-1") } },
      },
    },
    'accounts["log-archive"].otherRegions["eu-central-1"].encryption.keyArn',
    "a key of account 111111111111 (log-archive) while guards publish",
    "name a key of this account",
  ],
  [
    "while both channels are off",
    { ...HERE, "notifications.activity.enabled": false, "notifications.security.enabled": false },
    CENTRAL,
    "nothing while both channels are off",
    "remove it",
  ],
  [
    "a queue of another account as a subscriber of the organization",
    { ...HERE, "notifications.activity.subscribers": [queue("444444444444")] },
    "notifications.activity.subscribers[0].endpoint",
    "a queue of account 111111111111",
    "name a queue of this account",
  ],
  [
    "a topic of another region for the organization",
    { ...HERE, "notifications.security.topic": { existing: "arn:aws:sns:us-east-1:111111111111:siem" } },
    "notifications.security.topic.existing",
    "a topic of account 111111111111 in eu-central-1",
    "write its name alone",
  ],
  [
    "no topic for the organization",
    { ...HERE, "notifications.security.topic": "none" },
    "notifications.security.topic",
    "what is set for the organization is the topic of notifications.central",
    "remove it",
  ],
  [
    "an event bus as an action of the organization",
    {
      ...HERE,
      "notifications.activity.actions": [
        { type: "event-bus", eventBus: "arn:aws:events:eu-central-1:222222222222:event-bus/siem" },
      ],
    },
    "notifications.activity.actions[0]",
    "does not forward an event again",
    "of an account or region",
  ],
  [
    "an account's subscriber that the organization names already",
    {
      ...HERE,
      "notifications.security.subscribers": [EMAIL],
      "accounts.payments.notifications.security.subscribers": [EMAIL],
    },
    "accounts.payments.notifications.security.subscribers[0]",
    "would hear everything twice",
    "remove it here",
  ],
  [
    "an account's chat channel that the organization names already",
    {
      ...HERE,
      "notifications.security.chat": [SLACK],
      "accounts.payments.notifications.security.chat": [SLACK],
    },
    "accounts.payments.notifications.security.chat[0]",
    "would hear everything twice",
    "remove it here",
  ],
  [
    "no topic for an account that sends nothing there",
    {
      ...HERE,
      "accounts.payments.notifications.activity": { topic: "none", central: false },
    },
    "accounts.payments.notifications.activity.topic",
    "goes to no topic of notifications.central",
    "leave it out",
  ],
  [
    "no topic in a map without it",
    { "accounts.payments.notifications.activity.topic": "none" },
    "accounts.payments.notifications.activity.topic",
    "goes to no topic of notifications.central",
    "name notifications.central",
  ],
  [
    "sessions sent there in a map without it",
    { "accounts.payments.notifications.activity.central": true },
    "accounts.payments.notifications.activity.central",
    "the map has no notifications.central",
    "remove it",
  ],
  [
    "four actions for sessions of an account beside it and a topic",
    {
      ...HERE,
      "accounts.payments.notifications.activity": { topic: "create", actions: ["a", "b", "c", "d"].map(fn) },
    },
    "accounts.payments.notifications.activity.actions[3]",
    "at most 3 actions for the rule that reports activity",
    "notifications.activity.central: false",
  ],
  [
    "notifications of an account that has nothing but the central topics",
    INTO_SOC({ trail: "existing", notifications: { activity: { subscribers: [EMAIL] } } }),
    "accounts.soc.notifications",
    "the central topics follow what is set for the organization",
    "at the top of the map",
  ],
  [
    "no trail in the account of the central topics",
    INTO_SOC({ trail: "none" }),
    "accounts.soc.trail",
    '"existing" or "create" while notifications are on',
    'set trail: "existing"',
  ],
]);

refusesAlone("with a place of central topics in an account", [
  [
    "that the map does not have",
    { [CENTRAL]: { account: "log-archiv", region: "eu-central-1" } },
    `${CENTRAL}.account`,
    "the name of an account in this map: log-archive, sandbox, payments",
    'did you mean "log-archive"?',
  ],
]);

accepts([
  [
    "with a key of another account, if no guard publishes on the central topic",
    {
      ...HERE,
      "accounts.sandbox.guard": { enabled: true },
      "accounts.sandbox.notifications": { security: { central: false } },
      "accounts.log-archive.otherRegions": {
        "eu-central-1": { encryption: { mode: "existing", keyArn: key("eu-central-1") } },
      },
    },
  ],
  ["central topics in the archive account", HERE],
  ["in an account that has targets", { [CENTRAL]: { account: "payments", region: "us-east-1" } }],
  ["in a region that the account does not use", { [CENTRAL]: { account: "payments", region: "ap-south-1" } }],
  ["in an account that has nothing else", INTO_SOC({ trail: "existing" })],
  ["with topics everywhere", { [CENTRAL]: { account: "payments", region: "us-east-1", localTopics: true } }],
  [
    "a queue of the central account as a subscriber",
    { ...HERE, "notifications.activity.subscribers": [queue("111111111111")] },
  ],
  [
    "a subscriber of an account that hears only of it",
    {
      ...HERE,
      "notifications.security.subscribers": [EMAIL],
      "accounts.payments.notifications.security": { subscribers: [EMAIL], central: false },
    },
  ],
  [
    "four actions beside it, without a topic",
    { ...HERE, "accounts.payments.notifications.activity.actions": ["a", "b", "c", "d"].map(fn) },
  ],
  ["no topic for an account", { ...HERE, "accounts.payments.notifications.activity.topic": "none" }],
  ["one channel alone", { ...HERE, "notifications.activity.enabled": false }],
  [
    "findings sent there, said outright in a map without an archive",
    { ...HERE, "accounts.payments.notifications.security.central": true },
  ],
]);
