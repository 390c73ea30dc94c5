import { mapWith, OWN_BUCKETS, type Changes } from "./good-map";
import { problemsOf } from "./problems-of";

const BACKUP: Changes = {
  "accounts.backup.id": "555555555555",
  "accounts.backup.homeRegion": "eu-west-1",
  "accounts.backup.regions": [],
};
const there = (region = "eu-west-1", account?: string) => ({
  ...(account !== undefined && { account }),
  region,
});
const TO_BACKUP: Changes = { ...BACKUP, "transcripts.replication": there("eu-west-1", "backup") };
const key = (region: string) => `arn:aws:kms:${region}:555555555555:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const NO_KEYS = { encryptSessionData: false, enforce: { s3: true, cloudWatch: false } };

/** A change to the good map, and the one problem that it must cause: the path, what is allowed, and the remedy. */
type Case = readonly [title: string, changes: Changes, path: string, allowed: string, remedy: string];

const cases: readonly Case[] = [
  [
    "a word",
    { "transcripts.replication": "eu-west-1" },
    "transcripts.replication",
    "or null",
    'write { region: "eu-west-1" }',
  ],
  [
    "no region",
    { "transcripts.replication": {} },
    "transcripts.replication.region",
    "an AWS region",
    "region's code",
  ],
  [
    "a region that is none",
    { "transcripts.replication": there("europe") },
    "transcripts.replication.region",
    "an AWS region",
    "region's code",
  ],
  [
    "an unknown key",
    { "transcripts.replication": { region: "eu-west-1", priority: 1 } },
    "transcripts.replication.priority",
    "account, region",
    "remove it",
  ],
  [
    "an account that is misspelt",
    { ...BACKUP, "transcripts.replication": there("eu-west-1", "bakcup") },
    "transcripts.replication.account",
    "log-archive, sandbox, payments, backup",
    'did you mean "backup"?',
  ],
  [
    "an account that is nowhere",
    { "transcripts.replication": there("eu-west-1", "elsewhere") },
    "transcripts.replication.account",
    "the name of an account in this map",
    "describe the account",
  ],
  [
    "an account that is an object's own property",
    { "transcripts.replication": there("eu-west-1", "constructor") },
    "transcripts.replication.account",
    "the name of an account in this map",
    "describe the account",
  ],
  [
    "the account and region of the bucket itself",
    { "accounts.log-archive.transcripts.replication": there("us-east-1") },
    'accounts["log-archive"].transcripts.replication',
    "account log-archive in us-east-1",
    "name another region or account",
  ],
  [
    "the account and region of a target's own bucket, by name",
    { ...OWN_BUCKETS, "accounts.sandbox.transcripts.replication": there("eu-central-1", "sandbox") },
    "accounts.sandbox.transcripts.replication",
    "account sandbox in eu-central-1",
    "or null, in accounts.sandbox.regions",
  ],
  [
    "another partition",
    { "transcripts.replication": there("us-gov-west-1") },
    "transcripts.replication.region",
    "a region of partition aws",
    "same partition",
  ],
  [
    "a bucket that exists",
    {
      "accounts.sandbox.transcripts": { bucket: { existing: "theirs" }, replication: there() },
    },
    "accounts.sandbox.transcripts.replication",
    'nothing unless transcripts.bucket is "create"',
    "remove it",
  ],
  [
    "no bucket",
    {
      "accounts.sandbox.transcripts": { bucket: "none", replication: there() },
      "accounts.sandbox.preferences": { enforce: { s3: false } },
    },
    "accounts.sandbox.transcripts.replication",
    'nothing unless transcripts.bucket is "create"',
    "remove it",
  ],
  [
    "a member of the archive",
    { "accounts.sandbox.transcripts.replication": there() },
    "accounts.sandbox.transcripts.replication",
    "the archive account log-archive",
    'in accounts["log-archive"]',
  ],
  [
    "an owner without a key, for a bucket with one",
    { ...TO_BACKUP, "accounts.backup.encryption": { mode: "s3-managed" } },
    "transcripts.replication",
    '"customer-managed" for the bucket and "s3-managed" for account backup in eu-west-1',
    "encryption.mode of both",
  ],
  [
    "an owner with a key, for a bucket without one",
    {
      ...TO_BACKUP,
      encryption: { mode: "s3-managed" },
      preferences: NO_KEYS,
      "accounts.backup.encryption": { mode: "customer-managed" },
    },
    "transcripts.replication",
    '"s3-managed" for the bucket and "customer-managed" for account backup in eu-west-1',
    "encryption.mode of both",
  ],
  [
    "an owner's existing key of another region",
    {
      ...TO_BACKUP,
      "accounts.backup.encryption": { mode: "existing", keyArn: key("eu-central-1") },
    },
    "accounts.backup.encryption.keyArn",
    "a key in eu-west-1",
    "name a key in eu-west-1",
  ],
  [
    "an owner's existing key that is not named",
    { ...TO_BACKUP, "accounts.backup.encryption": { mode: "existing" } },
    "accounts.backup.encryption.keyArn",
    "the ARN of a KMS key",
    "name the key's ARN",
  ],
  [
    "another account with ambient credentials",
    { ...TO_BACKUP, deployment: { mode: "ambient" } },
    "transcripts.replication",
    "a region of account log-archive itself",
    "assume-role",
  ],
  [
    "an owner whose security channel nothing feeds",
    { ...TO_BACKUP, "accounts.backup.trail": "none" },
    "accounts.backup.trail",
    '"existing" or "create"',
    "set trail",
  ],
  [
    "an owner's subscriber of another account",
    {
      ...TO_BACKUP,
      "accounts.backup.notifications.security.subscribers": [
        { protocol: "sqs", endpoint: "arn:aws:sqs:eu-west-1:111111111111:siem" },
      ],
    },
    "accounts.backup.notifications.security.subscribers[0].endpoint",
    "a queue of account 555555555555",
    "name a queue of this account",
  ],
  ...(["readers", "objectLock", "replication"] as const).map((setting): Case => {
    const value = {
      readers: ["arn:aws:iam::555555555555:role/r"],
      objectLock: { days: 1 },
      replication: there(),
    };
    return [
      `${setting} of an account that has nothing but replicas`,
      { ...TO_BACKUP, [`accounts.backup.transcripts.${setting}`]: value[setting] },
      `accounts.backup.transcripts.${setting}`,
      "the only buckets of this account are replicas",
      "set it for the organization",
    ];
  }),
  [
    "an action of an account that has nothing but replicas",
    {
      ...TO_BACKUP,
      "accounts.backup.notifications.security.actions": [{ type: "lambda", function: "on-finding" }],
    },
    "accounts.backup.notifications.security.actions",
    "only topics and chat",
    "subscribe to the topic",
  ],
  [
    "an account without regions that owns none",
    { ...BACKUP, "transcripts.replication": there("eu-west-1") },
    "accounts.backup.regions",
    "an account that owns replicas",
    "list the regions",
  ],
  [
    "operators in an account that has nothing but replicas",
    { ...TO_BACKUP, "accounts.backup.access.operatorPolicy": true },
    "accounts.backup.access.operatorPolicy",
    "an account without regions has no sessions",
    "remove it",
  ],
  [
    "a boundary of another account, for the role of replication",
    {
      ...TO_BACKUP,
      "accounts.log-archive.access": {
        permissionsBoundaryArn: "arn:aws:iam::444444444444:policy/boundary",
      },
    },
    'accounts["log-archive"].access.permissionsBoundaryArn',
    "a policy of account 111111111111",
    "name a policy of this account",
  ],
  [
    "a name that leaves the replica's access logs no room",
    { ...TO_BACKUP, "organization.name": "a".repeat(12) },
    "organization.name",
    `"session-audit-${"a".repeat(12)}-111111111111-eu-central-1-copy-access"`,
    "shorten",
  ],
];

it.each(cases)("%s is refused", (_title, changes, path, allowed, remedy) => {
  const problems = problemsOf(mapWith(changes));
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  expect(problems[0]!.allowed).toContain(allowed);
  expect(problems[0]!.remedy).toContain(remedy);
});

it.each<[string, Changes]>([
  ["to an account that has nothing else", TO_BACKUP],
  ["to another region of the archive account", { "transcripts.replication": there() }],
  [
    "to an account with targets",
    {
      "transcripts.replication": there("eu-west-1", "sandbox"),
      "accounts.sandbox.regions": ["eu-central-1", "eu-west-1"],
    },
  ],
  [
    "to the region of the archive, in another account",
    { "transcripts.replication": there("eu-central-1", "sandbox") },
  ],
  ["from targets' own buckets", { ...OWN_BUCKETS, ...TO_BACKUP }],
  ["from one target alone", { ...OWN_BUCKETS, "accounts.sandbox.transcripts.replication": there() }],
  [
    "from all but one region",
    {
      ...OWN_BUCKETS,
      ...TO_BACKUP,
      "accounts.payments.regions.us-east-1": { transcripts: { replication: null } },
    },
  ],
  ["without keys", { ...TO_BACKUP, encryption: { mode: "s3-managed" }, preferences: NO_KEYS }],
  [
    "to an existing key",
    { ...TO_BACKUP, "accounts.backup.encryption": { mode: "existing", keyArn: key("eu-west-1") } },
  ],
  [
    "within an account with ambient credentials",
    { deployment: { mode: "ambient" }, "transcripts.replication": there() },
  ],
  [
    "nowhere, if the bucket exists already",
    { "accounts.sandbox.transcripts": { bucket: { existing: "theirs" }, replication: null } },
  ],
])("transcripts may be replicated %s", (_title, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
