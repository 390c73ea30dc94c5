import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const topic = (account: string, region = "eu-central-1", partition = "aws", name = "siem") => ({
  existing: `arn:${partition}:sns:${region}:${account}:${name}`,
});
const LAB = "accounts.lab.notifications";

it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "a topic that is neither",
    { "notifications.activity.topic": "none" },
    "notifications.activity.topic",
    '"create", or an object that names an existing SNS topic',
    '{ existing: "<name>" }',
  ],
  [
    "an existing topic by a name that is none",
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
    { [`${LAB}.activity.topic`]: topic("222222222222") },
    `${LAB}.activity.topic.existing`,
    "a topic of account 333333333333 in eu-central-1",
    'write its name alone, "siem"',
  ],
  [
    "a topic of another region, for all",
    { "notifications.activity.topic": topic("333333333333", "us-east-1") },
    "notifications.activity.topic.existing",
    "a topic of account",
    "in the settings of that account or region",
  ],
  [
    "a topic of another partition",
    { [`${LAB}.security.topic`]: topic("333333333333", "eu-central-1", "aws-cn") },
    `${LAB}.security.topic.existing`,
    "a topic of account 333333333333",
    "name a topic",
  ],
  [
    "another account's topic for an archive",
    { "accounts.log-archive.notifications.security.topic": topic("222222222222") },
    'accounts["log-archive"].notifications.security.topic.existing',
    "a topic of account 111111111111",
    "name a topic",
  ],
  [
    "subscribers of a topic that exists",
    {
      [`${LAB}.activity.topic`]: { existing: "siem" },
      [`${LAB}.activity.subscribers`]: [{ protocol: "email", endpoint: "a@example.com" }],
    },
    `${LAB}.activity.subscribers`,
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
  ["by name, for all", { "notifications.activity.topic": { existing: "siem" } }],
  ["by ARN, of its own account and region", { [`${LAB}.security.topic`]: topic("333333333333") }],
  [
    "of another account, on a channel that is off",
    { [`${LAB}.activity`]: { enabled: false, topic: topic("222222222222") } },
  ],
  [
    "in one account, and subscribers of the others for all",
    {
      [`${LAB}.activity.topic`]: { existing: "siem" },
      "notifications.activity.subscribers": [{ protocol: "email", endpoint: "a@example.com" }],
    },
  ],
  [
    "for all but one account, which creates its own and has subscribers of its own",
    {
      "notifications.activity.topic": { existing: "siem" },
      [`${LAB}.activity`]: {
        topic: "create",
        subscribers: [{ protocol: "email", endpoint: "a@example.com" }],
      },
    },
  ],
])("a map may name a topic that exists %s", (_, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
