import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const topic = (account: string, region = "eu-central-1", partition = "aws", name = "siem") => ({
  existing: `arn:${partition}:sns:${region}:${account}:${name}`,
});
const SANDBOX = "accounts.sandbox.notifications";

it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "a topic that is neither created nor existing",
    { "notifications.activity.topic": 3 },
    "notifications.activity.topic",
    '"create" or "none", or an object that names an existing SNS topic',
    '{ existing: "<name>" }',
  ],
  [
    "an existing topic with an invalid name",
    { "notifications.activity.topic": { existing: "a b" } },
    "notifications.activity.topic.existing",
    "name or ARN of a standard SNS topic",
    "give the topic's name",
  ],
  [
    "a FIFO topic",
    { "notifications.security.topic": { existing: "siem.fifo" } },
    "notifications.security.topic.existing",
    "standard SNS topic",
    "message group",
  ],
  [
    "another account's topic",
    { [`${SANDBOX}.activity.topic`]: topic("444444444444") },
    `${SANDBOX}.activity.topic.existing`,
    "a topic of account 222222222222 in eu-central-1",
    'write its name alone, "siem"',
  ],
  [
    "a topic of another region, for all accounts",
    { "notifications.activity.topic": topic("222222222222", "us-east-1") },
    "notifications.activity.topic.existing",
    "a topic of account",
    "in the settings of that account or region",
  ],
  [
    "a topic of another partition",
    { [`${SANDBOX}.security.topic`]: topic("222222222222", "eu-central-1", "aws-cn") },
    `${SANDBOX}.security.topic.existing`,
    "a topic of account 222222222222",
    "name a topic",
  ],
  [
    "another account's topic for an archive",
    { "accounts.log-archive.notifications.security.topic": topic("444444444444") },
    'accounts["log-archive"].notifications.security.topic.existing',
    "a topic of account 111111111111",
    "name a topic",
  ],
  [
    "subscribers of a topic that exists",
    {
      [`${SANDBOX}.activity.topic`]: { existing: "siem" },
      [`${SANDBOX}.activity.subscribers`]: [{ protocol: "email", endpoint: "a@example.com" }],
    },
    `${SANDBOX}.activity.subscribers`,
    'notifications.activity.topic is "create"',
    "remove it, or change notifications.activity.topic",
  ],
  [
    "findings for subscribers of a topic that exists",
    {
      "notifications.security.topic": { existing: "siem" },
      "notifications.security.subscribers": [{ protocol: "email", endpoint: "a@example.com" }],
    },
    "notifications.security.subscribers",
    'notifications.security.topic is "create"',
    "remove it",
  ],
])("a map is refused: %s", (_, changes, path, allowed, remedy) => {
  expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
});

it.each<[string, Changes]>([
  ["by name, for all accounts", { "notifications.activity.topic": { existing: "siem" } }],
  ["by ARN, of its own account and region", { [`${SANDBOX}.security.topic`]: topic("222222222222") }],
  [
    "of another account, on a channel that is off",
    { [`${SANDBOX}.activity`]: { enabled: false, topic: topic("444444444444") } },
  ],
  [
    "in one account, and subscribers for all other accounts",
    {
      [`${SANDBOX}.activity.topic`]: { existing: "siem" },
      "notifications.activity.subscribers": [{ protocol: "email", endpoint: "a@example.com" }],
    },
  ],
  [
    "for all but one account, which creates its own and has subscribers of its own",
    {
      "notifications.activity.topic": { existing: "siem" },
      [`${SANDBOX}.activity`]: {
        topic: "create",
        subscribers: [{ protocol: "email", endpoint: "a@example.com" }],
      },
    },
  ],
])("a map may name a topic that exists %s", (_, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
