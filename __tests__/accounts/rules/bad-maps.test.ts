import { ALL_REGIONS } from "../../../aws/regions";
import { mapWith, OWN_BUCKETS, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

/** A change to the good map, and the one problem that it must lead to: where, what is allowed, what to do. */
type Case = readonly [title: string, changes: Changes, path: string, allowed: string, remedy: string];

const key = (region: string) => `arn:aws:kms:${region}:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const READER = "arn:aws:iam::111111111111:role/session-reviewer";
const SHOP = { id: "222222222222", homeRegion: "eu-central-1" };
const withSubscriber = (subscriber: unknown): Changes => ({
  "notifications.activity.subscribers": [subscriber],
});
const queue = (account: string, region = "eu-central-1", partition = "aws") => ({
  protocol: "sqs",
  endpoint: `arn:${partition}:sqs:${region}:${account}:siem`,
});
const someTags = (prefix: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "x"]));
const SUBSCRIBER = "notifications.activity.subscribers[0]";

const shapes: readonly Case[] = [
  ["no organization", { organization: undefined }, "organization", "name", "organization: {"],
  ["no state", { state: undefined }, "state", '"local", "s3" or "cloud"', "state: {"],
  ["no deployment", { deployment: undefined }, "deployment", '"assume-role"', "deployment: {"],
  ["accounts that are missing", { accounts: undefined }, "accounts", "short name", "at least one"],
  ["accounts without any", { accounts: {} }, "accounts", "at least one account", "describe an account"],
  ["accounts as a list", { accounts: [SHOP] }, "accounts", "an object", "describe"],
  ["an account as a string", { "accounts.lab": "333333333333" }, "accounts.lab", "id, homeRegion", "object"],
  ["a name in capitals", { "organization.name": "Acme" }, "organization.name", "lower-case", "respell"],
  ["a name of 31 characters", { "organization.name": "a".repeat(31) }, "organization.name", "30", "shorten"],
  [
    "an organization id of some account",
    { "organization.id": "111111111111" },
    "organization.id",
    "o-a1",
    "copy",
  ],
  ["an archive that is a name", { archive: "log-archive" }, "archive", "{ account:", "name the log archive"],
  ["an archive account by id", { "archive.account": 1 }, "archive.account", "name of an account", "name the"],
  ["protect in quotes", { protect: "true" }, "protect", "true or false", "without quotes"],
];

const unknownKeys: readonly Case[] = [
  ["at the top", { preference: {} }, "preference", "no key", 'did you mean "preferences"?'],
  [
    "in the organization",
    { "organization.id": undefined, "organization.ids": "o-1" },
    "organization.ids",
    "name, id",
    'did you mean "id"?',
  ],
  [
    "that is a required one misspelt, once",
    { "accounts.lab.homeRegion": undefined, "accounts.lab.hmoeRegion": "eu-central-1" },
    "accounts.lab.hmoeRegion",
    "no key",
    'did you mean "homeRegion"?',
  ],
  ["in a section", { "logs.retentiondays": 30 }, "logs.retentiondays", "no key", 'mean "retentionDays"?'],
  [
    "in a section of a section",
    { "accounts.shop.preferences.enforce.cloudwatch": true },
    "accounts.shop.preferences.enforce.cloudwatch",
    "s3, cloudWatch",
    'did you mean "cloudWatch"?',
  ],
  [
    "in the settings of a region",
    { "accounts.shop.regions.us-east-1": { preferencs: {} } },
    'accounts.shop.regions["us-east-1"].preferencs',
    "no key",
    'did you mean "preferences"?',
  ],
  [
    "deep in the settings of a region",
    { "accounts.shop.regions.us-east-1": { logs: { steaming: true } } },
    'accounts.shop.regions["us-east-1"].logs.steaming',
    "group, streaming, retentionDays, class",
    'did you mean "streaming"?',
  ],
  [
    "in an object that a union offers",
    { "accounts.shop.transcripts.bucket": { existin: "my-bucket" } },
    "accounts.shop.transcripts.bucket.existin",
    "existing, keyArn",
    'did you mean "existing"?',
  ],
  [
    "of another backend",
    { "state.bucket": "my-state" },
    "state.bucket",
    "known are backend, directory",
    "remove it",
  ],
  [
    "of another deployment mode",
    { deployment: { mode: "ambient", role: "r" } },
    "deployment.role",
    "mode",
    "remove",
  ],
  [
    "in an element of a list",
    withSubscriber({ protocol: "email", endpoint: "a@example.com", filter: {} }),
    `${SUBSCRIBER}.filter`,
    "protocol, endpoint, filterPolicy",
    'did you mean "filterPolicy"?',
  ],
  [
    "without its unit",
    { "preferences.idleTimeout": 10 },
    "preferences.idleTimeout",
    "no key",
    'did you mean "idleTimeoutMinutes"?',
  ],
  [
    "that is a setting of another section",
    { "accounts.lab.idleTimeoutMinutes": 10 },
    "accounts.lab.idleTimeoutMinutes",
    "no key",
    "move it into preferences",
  ],
  [
    "that an account has once",
    { "accounts.shop.regions.us-east-1": { trail: "create" } },
    'accounts.shop.regions["us-east-1"].trail',
    "no key",
    "said for the organization or an account",
  ],
  [
    "that JavaScript has",
    { "organization.constructor": 1 },
    "organization.constructor",
    "no key",
    "remove it",
  ],
];

const accountsAndRegions: readonly Case[] = [
  [
    "an account id that is a number",
    { "accounts.lab.id": 333333333333 },
    "accounts.lab.id",
    "12 digits",
    "in quotes",
  ],
  [
    "an account id of 11 digits",
    { "accounts.lab.id": "12345678901" },
    "accounts.lab.id",
    "12 digits",
    "leading zeros",
  ],
  [
    "an account id with hyphens",
    { "accounts.lab.id": "3333-3333-3333" },
    "accounts.lab.id",
    "12 digits",
    "quotes",
  ],
  [
    "an account id used twice",
    { "accounts.lab.id": "222222222222" },
    "accounts.lab.id",
    "accounts.shop has this one",
    "each account once",
  ],
  [
    "a name with capitals and blanks",
    {
      "accounts.lab": undefined,
      "accounts.My Lab": { ...SHOP, id: "333333333333", regions: ["eu-central-1"] },
    },
    'accounts["My Lab"]',
    "lower-case letters",
    "respell the name",
  ],
  [
    "regions that are one string",
    { "accounts.lab.regions": "eu-central-1" },
    "accounts.lab.regions",
    "a list",
    '["',
  ],
  [
    "no regions at all",
    { "accounts.lab.regions": undefined },
    "accounts.lab.regions",
    "a list",
    "write regions",
  ],
  [
    "an empty list of regions",
    { "accounts.lab.regions": [] },
    "accounts.lab.regions",
    "at least one",
    "list the",
  ],
  [
    "a region that is none, in a list",
    { "accounts.lab.regions": ["eu-central-1", "eu-west-9"] },
    "accounts.lab.regions[1]",
    "an AWS region: af-south-1",
    'did you mean "eu-west-1"?',
  ],
  [
    "a region that is none, as a key",
    { "accounts.shop.regions.eu-west-9": {} },
    'accounts.shop.regions["eu-west-9"]',
    "an AWS region: af-south-1",
    'did you mean "eu-west-1"?',
  ],
  [
    "a region that every object has",
    { "accounts.shop.regions.constructor": {} },
    "accounts.shop.regions.constructor",
    "an AWS region",
    "like eu-central-1",
  ],
  [
    "an availability zone",
    { "accounts.lab.regions": ["eu-central-1", "eu-central-1a"] },
    "accounts.lab.regions[1]",
    "an AWS region",
    'did you mean "eu-central-1"?',
  ],
  [
    "a region that is a number",
    { "accounts.lab.regions": [1] },
    "accounts.lab.regions[0]",
    "an AWS region",
    "zone",
  ],
  [
    "the settings of a region as null",
    { "accounts.shop.regions.us-east-1": null },
    'accounts.shop.regions["us-east-1"]',
    "an object with encryption",
    "write {}",
  ],
  [
    "a region twice",
    { "accounts.lab.regions": ["eu-central-1", "eu-central-1"] },
    "accounts.lab.regions[1]",
    "each region once",
    "remove the repetition",
  ],
  [
    "a home region that is none",
    { "accounts.lab.homeRegion": "Frankfurt" },
    "accounts.lab.homeRegion",
    "AWS",
    "code",
  ],
  [
    "a home region outside the list",
    { "accounts.lab.homeRegion": "eu-west-1" },
    "accounts.lab.homeRegion",
    "one of this account's regions: eu-central-1",
    "add the home region",
  ],
  [
    "a region of another partition",
    { "accounts.lab.regions": ["eu-central-1", "us-gov-west-1"] },
    "accounts.lab.regions[1]",
    "partition aws,",
    "a map of its own",
  ],
  [
    "an account that lives in another partition, once",
    { "accounts.lab.homeRegion": "cn-north-1", "accounts.lab.regions": ["cn-north-1"] },
    "accounts.lab.homeRegion",
    "partition aws,",
    "a map of its own",
  ],
  [
    "a wave that is none",
    { "accounts.lab.wave": "carnary" },
    "accounts.lab.wave",
    "canary, rest",
    'mean "canary"?',
  ],
  [
    "a wave like nothing known",
    { "accounts.lab.wave": "x" },
    "accounts.lab.wave",
    "canary, rest",
    "add it to waves",
  ],
  [
    "a wave in a map without",
    { waves: undefined },
    "accounts.shop.wave",
    "the map has no waves",
    "add it to waves",
  ],
  [
    "a wave twice",
    { waves: ["canary", "rest", "canary"] },
    "waves[2]",
    "each wave once",
    "remove the repetition",
  ],
  ["waves without any", { waves: [] }, "waves", "a list of names", 'write waves: ["canary"'],
];

const deployment: readonly Case[] = [
  [
    "a role's ARN for several accounts",
    { "deployment.role": "arn:aws:iam::222222222222:role/deploy" },
    "deployment.role",
    "an ARN reaches account 222222222222 alone, and the map has also log-archive, lab",
    "name it without ARN",
  ],
  ...["/deploy", "platform//deploy", "platform/", "a".repeat(65)].map((role): Case => [
    `a role like ${role}`,
    { "deployment.role": role },
    "deployment.role",
    "a path and a role name without a slash before them",
    "exists in every account",
  ]),
  [
    "a mode that is none",
    { deployment: { mode: "assumerole" } },
    "deployment.mode",
    '"ambient"',
    '"assume-role"?',
  ],
  [
    "a backend that is none",
    { state: { backend: "gcs" } },
    "state.backend",
    '"local" or "s3" or "cloud"',
    "state: {",
  ],
  [
    "a backend that is missing",
    { state: { directory: "x" } },
    "state.backend",
    '"local" or "s3"',
    "state: {",
  ],
  [
    "an absolute directory",
    { "state.directory": "/var/state" },
    "state.directory",
    "relative",
    "machine to machine",
  ],
  [
    "a directory outside",
    { "state.directory": "../state" },
    "state.directory",
    "without ..",
    "relative path",
  ],
  [
    "a directory of Windows",
    { "state.directory": "C:\\state" },
    "state.directory",
    "relative",
    "relative path",
  ],
  [
    "a state bucket with dots",
    { state: { backend: "s3", bucket: "my.state", region: "eu-central-1", keyPrefix: "x" } },
    "state.bucket",
    "without dots",
    "TLS host checks",
  ],
];

const sessions: readonly Case[] = [
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
  ...[0, 61, 20.5, "20", null].map((idle): Case => [
    `an idle timeout of ${JSON.stringify(idle)}`,
    { "preferences.idleTimeoutMinutes": idle },
    "preferences.idleTimeoutMinutes",
    "a whole number of minutes from 1 to 60",
    "without quotes",
  ]),
  ...[20, 10].map((maximum): Case => [
    `a maximum of ${maximum} with 20 idle minutes`,
    { "preferences.maximumDurationMinutes": maximum },
    "preferences.idleTimeoutMinutes",
    `less than maximumDurationMinutes, which is ${maximum}`,
    "raise the maximum",
  ]),
  ...[0, 1441, "60"].map((maximum): Case => [
    `a maximum of ${JSON.stringify(maximum)}`,
    { "preferences.maximumDurationMinutes": maximum },
    "preferences.maximumDurationMinutes",
    "a whole number of minutes from 1 to 1440, or null",
    "or null for no maximum",
  ]),
  ...(
    [
      [1040, "1039 or 1100"],
      [1080, "1039 or 1100"],
      [1099, "1039 or 1100"],
      [1140, "1139 or 1200"],
      [1199, "1139 or 1200"],
      [1240, "1239 or 1300"],
      [1299, "1239 or 1300"],
      [1340, "1339 or 1400"],
      [1399, "1339 or 1400"],
    ] as const
  ).map(([maximum, near]): Case => [
    `a maximum of ${maximum}, in a gap of the service's pattern`,
    { "preferences.maximumDurationMinutes": maximum },
    "preferences.maximumDurationMinutes",
    "1 to 1039, 1100 to 1139",
    `use ${near}`,
  ]),
  [
    "run-as without a user",
    { "preferences.runAs.enabled": true },
    "preferences.runAs.defaultUser",
    "a user name while runAs.enabled is true",
    "exists on every instance",
  ],
  [
    "run-as as root",
    { "preferences.runAs": { enabled: true, defaultUser: "root" } },
    "preferences.runAs.defaultUser",
    "other than root",
    "exists on every instance",
  ],
  [
    "a profile as a list",
    { "preferences.shellProfile.linux": [] },
    "preferences.shellProfile.linux",
    "4096",
    "newlines",
  ],
  ...(["linux", "windows"] as const).map((system): Case => [
    `a profile with a parameter of the document, on ${system}`,
    { [`preferences.shellProfile.${system}`]: "echo hello\necho {{ user }}" },
    `preferences.shellProfile.${system}`,
    "without {{",
    "takes {{ for a parameter of the document",
  ]),
];

const NO_LOGS = { "logs.group": "none", "logs.streaming": false, "preferences.enforce.cloudWatch": false };
const NO_READERS = { "transcripts.readers": undefined };
const NO_BUCKET = { "transcripts.bucket": "none", "preferences.enforce.s3": false, ...NO_READERS };

const together: readonly Case[] = [
  [
    "streaming without a group",
    { ...NO_LOGS, "logs.streaming": true },
    "logs.streaming",
    "false while",
    "streaming: false",
  ],
  [
    "enforcement of logs without a group",
    { ...NO_LOGS, "preferences.enforce.cloudWatch": true },
    "preferences.enforce.cloudWatch",
    'while logs.group is "none"',
    "create a log group",
  ],
  [
    "enforcement of logs without a customer key",
    { "encryption.mode": "s3-managed", "preferences.encryptSessionData": false },
    "preferences.enforce.cloudWatch",
    "would refuse every session",
    '"customer-managed"',
  ],
  [
    "enforcement of transcripts without a bucket",
    { ...OWN_BUCKETS, ...NO_READERS, "transcripts.bucket": "none" },
    "preferences.enforce.s3",
    'false while transcripts.bucket is "none"',
    "create a bucket",
  ],
  [
    "nothing recorded",
    { ...OWN_BUCKETS, ...NO_BUCKET, ...NO_LOGS },
    "transcripts.bucket",
    "no record",
    "a bucket or a log group",
  ],
  [
    "session encryption without a key",
    { "encryption.mode": "s3-managed", "preferences.enforce.cloudWatch": false },
    "preferences.encryptSessionData",
    "no key to encrypt with",
    "encryptSessionData: false",
  ],
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
];

/** Members with buckets of their own: the archive account has no site. */
const OWN_MEMBERS = {
  "accounts.shop.transcripts.bucket": { existing: "shop-transcripts" },
  "accounts.lab.transcripts.bucket": { existing: "lab-transcripts" },
  ...NO_READERS,
};

const encryption: readonly Case[] = [
  ["dual-layer encryption", { "encryption.mode": "aws:kms:dsse" }, "encryption.mode", '"s3-managed"', "DSSE"],
  [
    "an alias",
    { "encryption.keyArn": "alias/sessions" },
    "encryption.keyArn",
    ":key/<key id>, or null",
    "alias",
  ],
  ["a bare key id", { "encryption.keyArn": "1234abcd-12ab" }, "encryption.keyArn", "full ARN", "bare key id"],
  [
    "an alias' ARN",
    { "encryption.keyArn": "arn:aws:kms:eu-central-1:222222222222:alias/sessions" },
    "encryption.keyArn",
    "full ARN",
    "the key's own ARN",
  ],
  [
    "existing without a key",
    { "accounts.lab.encryption": { mode: "existing" } },
    "accounts.lab.encryption.keyArn",
    'while encryption.mode is "existing"',
    "name the key's ARN",
  ],
  [
    "a key without existing",
    { "accounts.lab.encryption": { keyArn: key("eu-central-1") } },
    "accounts.lab.encryption.keyArn",
    'null while encryption.mode is "customer-managed"',
    'mode: "existing"',
  ],
  [
    "a key in another region",
    { "accounts.lab.encryption": { mode: "existing", keyArn: key("eu-west-1") } },
    "accounts.lab.encryption.keyArn",
    "a key in eu-central-1",
    "in the settings of that region",
  ],
  [
    "one key for two regions",
    { "accounts.shop.encryption": { mode: "existing", keyArn: key("eu-central-1") } },
    "accounts.shop.encryption.keyArn",
    "a key in us-east-1",
    "in the settings of that region",
  ],
  ...(["s3-managed", "existing"] as const).flatMap((mode) =>
    ["deletionWindowDays", "rotationPeriodDays"].map((setting): Case => [
      `${setting} of a key that is ${mode}`,
      {
        "accounts.lab.encryption": {
          mode,
          [setting]: 30 * (setting === "rotationPeriodDays" ? 10 : 1),
          ...(mode === "existing" && { keyArn: key("eu-central-1") }),
        },
        "accounts.lab.preferences": { encryptSessionData: false, enforce: { cloudWatch: false } },
      },
      `accounts.lab.encryption.${setting}`,
      'nothing unless encryption.mode is "customer-managed"',
      "remove it, or change encryption.mode",
    ]),
  ),
  [
    "a trail in the archive account without a key",
    {
      ...OWN_MEMBERS,
      "accounts.log-archive.trail": "create",
      "accounts.log-archive.encryption.mode": "existing",
    },
    'accounts["log-archive"].encryption.keyArn',
    'while encryption.mode is "existing"',
    "name the key's ARN",
  ],
  [
    "a trail in the archive account with a key elsewhere",
    {
      ...OWN_MEMBERS,
      "accounts.log-archive.trail": "create",
      "accounts.log-archive.encryption": { mode: "existing", keyArn: key("us-east-1") },
    },
    'accounts["log-archive"].encryption.keyArn',
    "a key in eu-central-1",
    "name a key in eu-central-1",
  ],
  [
    "a rotation of 30 days",
    { "encryption.rotationPeriodDays": 30 },
    "encryption.rotationPeriodDays",
    "90 to 2560",
    "90",
  ],
];

const transcripts: readonly Case[] = [
  ...(
    [
      ["with dots", "my.bucket"],
      ["in capitals", "My-Bucket"],
      ["as an ARN", "arn:aws:s3:::my-bucket"],
      ["of 64 characters", "a".repeat(64)],
      ["as a number", 7],
    ] as const
  ).map(([title, existing]): Case => [
    `a bucket's name ${title}`,
    { "accounts.lab.transcripts.bucket": { existing } },
    "accounts.lab.transcripts.bucket.existing",
    "3 to 63 lower-case letters, digits and hyphens, without dots",
    "not its ARN",
  ]),
  [
    "a bucket's name alone",
    { "transcripts.bucket": "my-bucket" },
    "transcripts.bucket",
    "or an object",
    "existing:",
  ],
  [
    "a word misspelt",
    { "transcripts.bucket": "creat" },
    "transcripts.bucket",
    '"create" or "none"',
    '"create"?',
  ],
  [
    "a bucket's key by alias",
    { "accounts.lab.transcripts.bucket": { existing: "my-bucket", keyArn: "alias/x" } },
    "accounts.lab.transcripts.bucket.keyArn",
    "or null",
    "an alias",
  ],
  [
    "a prefix with slashes",
    { "transcripts.prefix": "/sessions/" },
    "transcripts.prefix",
    "no slash",
    "drop leading",
  ],
  [
    "a lock mode misspelt",
    { "transcripts.objectLock.mode": "goverance" },
    "transcripts.objectLock.mode",
    '"off"',
    '"governance"?',
  ],
  [
    "a lifecycle out of order",
    { "transcripts.lifecycle": { glacierAfterDays: 90, deepArchiveAfterDays: 30 } },
    "transcripts.lifecycle.deepArchiveAfterDays",
    "more than glacierAfterDays, which is 90",
    "in that order",
  ],
  [
    "two steps on one day",
    { "transcripts.lifecycle": { glacierInstantRetrievalAfterDays: 30, glacierAfterDays: 30 } },
    "transcripts.lifecycle.glacierAfterDays",
    "more than glacierInstantRetrievalAfterDays, which is 30",
    "in that order",
  ],
  [
    "expiry before the lock ends",
    { "transcripts.lifecycle": { expireAfterDays: 364, noncurrentExpireAfterDays: 1 } },
    "transcripts.lifecycle.expireAfterDays",
    "at least objectLock.days, which is 365",
    "shorten the lock",
  ],
  ...(
    [
      ["a user", "arn:aws:iam::111111111111:user/ann"],
      ["an account", "arn:aws:iam::111111111111:root"],
      ["a role by name", "session-reviewer"],
      ["an assumed role", "arn:aws:sts::111111111111:assumed-role/session-reviewer/ann"],
    ] as const
  ).map(([title, reader]): Case => [
    `${title} as a reader`,
    { "transcripts.readers": [READER, reader] },
    "transcripts.readers[1]",
    "the ARN of an IAM role",
    "not an assumed-role (sts) ARN",
  ]),
  [
    "a reader of another partition",
    { "transcripts.readers": [READER, "arn:aws-us-gov:iam::111111111111:role/r"] },
    "transcripts.readers[1]",
    "a role in partition aws",
    "no role of another partition",
  ],
  [
    "a reader twice",
    { "transcripts.readers": [READER, `${READER}2`, READER] },
    "transcripts.readers[2]",
    "each role once",
    "remove the repetition",
  ],
  [
    "expiry that leaves every version",
    { "transcripts.lifecycle.expireAfterDays": 400 },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "expiry alone only hides transcripts and frees nothing",
    "set both",
  ],
  ...Object.entries({
    objectLock: { days: 10 },
    lifecycle: { glacierAfterDays: 30 },
    accessLogs: "none",
    accessLogsExpireAfterDays: 30,
    readers: [READER],
  }).flatMap(([setting, value]): Case[] => [
    [
      `${setting} of an existing bucket`,
      { "accounts.lab.transcripts": { bucket: { existing: "ours" }, [setting]: value } },
      `accounts.lab.transcripts.${setting}`,
      'nothing unless transcripts.bucket is "create"',
      "remove it",
    ],
    [
      `${setting} of no bucket, in one region`,
      {
        "accounts.shop.transcripts.bucket": "none",
        "accounts.shop.preferences.enforce.s3": false,
        "accounts.shop.regions.us-east-1": { transcripts: { [setting]: value } },
      },
      `accounts.shop.regions["us-east-1"].transcripts.${setting}`,
      'nothing unless transcripts.bucket is "create"',
      "change transcripts.bucket",
    ],
    [
      `${setting} of no bucket, for all`,
      { ...OWN_BUCKETS, ...NO_BUCKET, [`transcripts.${setting}`]: value },
      `transcripts.${setting}`,
      'nothing unless transcripts.bucket is "create"',
      "remove it",
    ],
  ]),
  ...["none", { existing: "our-access-logs" }].map((accessLogs): Case => [
    `expiry of access logs that are ${JSON.stringify(accessLogs)}`,
    { "accounts.log-archive.transcripts": { accessLogs, accessLogsExpireAfterDays: 30 } },
    'accounts["log-archive"].transcripts.accessLogsExpireAfterDays',
    'nothing unless transcripts.accessLogs is "create"',
    "change transcripts.accessLogs",
  ]),
  ...Object.entries({ retentionDays: 30, class: "STANDARD" }).map(([setting, value]): Case => [
    `${setting} of an existing log group`,
    { "accounts.lab.logs": { group: { existing: "ours" }, [setting]: value } },
    `accounts.lab.logs.${setting}`,
    'nothing unless logs.group is "create"',
    "change logs.group",
  ]),
  [
    "retention of no log group, for all",
    { ...NO_LOGS, "logs.retentionDays": 30 },
    "logs.retentionDays",
    'nothing unless logs.group is "create"',
    "remove it",
  ],
  [
    "readers as a string",
    { "transcripts.readers": READER },
    "transcripts.readers",
    "a list of at most 100",
    "list the",
  ],
];

const archive: readonly Case[] = [
  [
    "an account that is none",
    { "archive.account": "logarchive" },
    "archive.account",
    "log-archive, shop",
    '"log-archive"?',
  ],
  [
    "an account that every object has",
    { "archive.account": "constructor" },
    "archive.account",
    "shop, lab",
    "describe",
  ],
  [
    "no bucket of its own",
    { "accounts.log-archive.transcripts.bucket": "none" },
    'accounts["log-archive"].transcripts.bucket',
    '"create" for the archive account',
    "leave archive out",
  ],
  [
    "a bucket that exists",
    { "accounts.log-archive.transcripts.bucket": { existing: "my-bucket" } },
    'accounts["log-archive"].transcripts.bucket',
    '"create" for the archive account',
    "leave archive out",
  ],
  ...Object.entries({
    prefix: "other",
    objectLock: { days: 10 },
    lifecycle: { glacierAfterDays: 30 },
    accessLogs: "none",
    accessLogsExpireAfterDays: 30,
    readers: [READER],
  }).flatMap(([setting, value]): Case[] => [
    [
      `a member's ${setting}`,
      { [`accounts.shop.transcripts.${setting}`]: value },
      `accounts.shop.transcripts.${setting}`,
      "nothing: this account's transcripts lie in the bucket of the archive account log-archive",
      'in accounts["log-archive"]',
    ],
    [
      `a member's ${setting} in one region`,
      { "accounts.shop.regions.us-east-1": { transcripts: { [setting]: value } } },
      `accounts.shop.regions["us-east-1"].transcripts.${setting}`,
      "nothing: this account's transcripts lie in the bucket",
      "say it for the organization",
    ],
  ]),
];

const notifications: readonly Case[] = [
  [
    "an e-mail address that is none",
    withSubscriber({ protocol: "email", endpoint: "ops" }),
    `${SUBSCRIBER}.endpoint`,
    "e-mail",
    "one address",
  ],
  [
    "plain http",
    withSubscriber({ protocol: "http", endpoint: "http://example.com" }),
    `${SUBSCRIBER}.protocol`,
    '"https"',
    "plain http is not offered",
  ],
  [
    "http behind https",
    withSubscriber({ protocol: "https", endpoint: "http://example.com" }),
    `${SUBSCRIBER}.endpoint`,
    "https://",
    "clear text",
  ],
  [
    "a protocol that is none",
    withSubscriber({ protocol: "sms", endpoint: "+49" }),
    `${SUBSCRIBER}.protocol`,
    '"email" or "https" or "sqs" or "lambda"',
    "name a protocol",
  ],
  [
    "no protocol",
    withSubscriber({ endpoint: "a@example.com" }),
    `${SUBSCRIBER}.protocol`,
    '"email"',
    "name a protocol",
  ],
  [
    "a fifo queue",
    withSubscriber({ protocol: "sqs", endpoint: "arn:aws:sqs:eu-central-1:222222222222:sessions.fifo" }),
    `${SUBSCRIBER}.endpoint`,
    "a standard SQS queue",
    "arn:aws:sqs:",
  ],
  [
    "a function by name",
    withSubscriber({ protocol: "lambda", endpoint: "tell" }),
    `${SUBSCRIBER}.endpoint`,
    "a Lambda function",
    "function:",
  ],
  ["an address alone", withSubscriber("a@example.com"), SUBSCRIBER, "{ protocol:", "name a protocol"],
  [
    "a filter that is a string",
    withSubscriber({ protocol: "email", endpoint: "a@example.com", filterPolicy: "x" }),
    `${SUBSCRIBER}.filterPolicy`,
    "a filter policy as SNS writes it",
    "leave it out",
  ],
  [
    "a subscriber twice",
    {
      "notifications.activity.subscribers": [
        { protocol: "email", endpoint: "a@example.com" },
        { protocol: "email", endpoint: "a@example.com", filterPolicy: { action: ["StartSession"] } },
      ],
    },
    "notifications.activity.subscribers[1]",
    "each protocol and endpoint once",
    "remove the repetition",
  ],
  ...(["activity", "security"] as const).flatMap((channel): Case[] => [
    [
      `another account's queue, ${channel}`,
      { [`accounts.lab.notifications.${channel}.subscribers`]: [queue("222222222222")] },
      `accounts.lab.notifications.${channel}.subscribers[0].endpoint`,
      "a queue of account 333333333333 in partition aws",
      `the output ${channel}_topic_arn`,
    ],
    [
      `a function in another partition, ${channel}`,
      {
        [`accounts.lab.notifications.${channel}.subscribers`]: [
          {
            protocol: "lambda",
            endpoint: "arn:aws-us-gov:lambda:us-gov-west-1:333333333333:function:tell",
          },
        ],
      },
      `accounts.lab.notifications.${channel}.subscribers[0].endpoint`,
      "a function of account 333333333333 in partition aws",
      "name a function of this account in the account's settings",
    ],
  ]),
  [
    "another account's queue for an archive",
    { "accounts.log-archive.notifications.security.subscribers": [queue("222222222222")] },
    'accounts["log-archive"].notifications.security.subscribers[0].endpoint',
    "a queue of account 111111111111",
    "the output security_topic_arn",
  ],
  [
    "an event twice",
    { "notifications.activity.events": ["StartSession", "StartSession"] },
    "notifications.activity.events[1]",
    "each call once",
    "remove the repetition",
  ],
  [
    "an ignored role twice",
    { "notifications.security.ignoredRoles": [READER, READER] },
    "notifications.security.ignoredRoles[1]",
    "each role once",
    "remove the repetition",
  ],
  [
    "no events",
    { "notifications.activity.events": [] },
    "notifications.activity.events",
    "at least one",
    "enabled: false",
  ],
  [
    "an event misspelt",
    { "notifications.activity.events": ["StartSesion"] },
    "notifications.activity.events[0]",
    '"StartSession"',
    'mean "StartSession"?',
  ],
];

const tagsAndAccess: readonly Case[] = [
  [
    "a tag of AWS's own",
    { tags: { "aws:team": "x" } },
    'tags["aws:team"]',
    "not beginning with aws:",
    "respell the tag",
  ],
  ["a tag that is a number", { tags: { cost: 7 } }, "tags.cost", "string values", "in quotes"],
  ["a tag of 257 characters", { tags: { cost: "x".repeat(257) } }, "tags.cost", "to 256", "respell"],
  [
    "the program's own tag",
    { tags: { "session-audit": "x" } },
    'tags["session-audit"]',
    "set already",
    "respell",
  ],
  [
    "AWS's own tag in capitals",
    { tags: { "AWS:x": "x" } },
    'tags["AWS:x"]',
    "not beginning with aws:",
    "respell",
  ],
  ...["${HOME}", "100%", "{x}", "a\nb"].map((value): Case => [
    `a tag like ${JSON.stringify(value)}`,
    { tags: { cost: value } },
    "tags.cost",
    "letters, digits, spaces and _.:/=+@-",
    "respell",
  ]),
  ["46 tags", { tags: someTags("a", 46) }, "tags", "at most 45", "take some out"],
  [
    "46 tags in all",
    { tags: someTags("a", 40), "accounts.lab.tags": someTags("b", 6) },
    "accounts.lab.tags",
    "at most 45 tags, those from further out included",
    "take some tags out",
  ],
  [
    "a role to attach to twice",
    { "access.attachToRoles": ["app", "app"] },
    "access.attachToRoles[1]",
    "each role once",
    "remove the repetition",
  ],
  [
    "a boundary of another account",
    { "accounts.lab.access.permissionsBoundaryArn": "arn:aws:iam::222222222222:policy/boundary" },
    "accounts.lab.access.permissionsBoundaryArn",
    "a policy of account 333333333333 (lab) in partition aws",
    "in the account's settings",
  ],
  [
    "a boundary of another partition",
    { "access.permissionsBoundaryArn": "arn:aws-cn:iam::aws:policy/boundary" },
    "access.permissionsBoundaryArn",
    "in partition aws",
    "name a policy of this account",
  ],
  ...Object.entries({ attachToRoles: ["app"], instanceProfile: true, operatorPolicy: true }).map(
    ([setting, value]): Case => [
      `${setting} in an account without regions`,
      { [`accounts.log-archive.access.${setting}`]: value },
      `accounts["log-archive"].access.${setting}`,
      "an account without regions has no sessions",
      "list the regions in use",
    ],
  ),
  ["tags as a list", { tags: ["a"] }, "tags", "an object of tag keys", "respell"],
  [
    "a role's ARN to attach to",
    { "access.attachToRoles": [READER] },
    "access.attachToRoles[0]",
    "name of an IAM role",
    "without path or ARN",
  ],
  [
    "a boundary by name",
    { "access.permissionsBoundaryArn": "Boundary" },
    "access.permissionsBoundaryArn",
    ", or null",
    "as IAM shows it",
  ],
];

const longReaders = Array.from(
  { length: 100 },
  (_, index) => `arn:aws:iam::111111111111:role/${"p".repeat(60)}/r${index}`,
);
const manyAccounts = Object.fromEntries(
  Array.from({ length: 1000 }, (_, index) => [
    `accounts.a${index}`,
    { id: String(400_000_000_000 + index), homeRegion: "eu-central-1", regions: ["eu-central-1"] },
  ]),
);

const limits: readonly Case[] = [
  [
    "a bucket whose name is too long for its region",
    { "organization.name": "a".repeat(15), "accounts.lab.regions": ["eu-central-1", "ap-southeast-1"] },
    "organization.name",
    "at most 14 characters here",
    "shorten the organization's name",
  ],
  [
    "more readers than the archive's policy holds",
    { "transcripts.readers": longReaders },
    "transcripts.readers",
    "the archive bucket's policy: it would have",
    "fewer readers",
  ],
  [
    "more readers than the buckets of all accounts hold, once",
    { ...OWN_BUCKETS, "transcripts.readers": longReaders },
    "transcripts.readers",
    "the bucket's policy: it would have",
    "fewer readers",
  ],
  [
    "more readers than one account's buckets hold",
    { ...OWN_BUCKETS, "accounts.shop.transcripts.readers": longReaders },
    "accounts.shop.transcripts.readers",
    "AWS takes 20480",
    "a pattern with *",
  ],
  [
    "more readers than one region's bucket holds",
    { ...OWN_BUCKETS, "accounts.shop.regions.us-east-1": { transcripts: { readers: longReaders } } },
    'accounts.shop.regions["us-east-1"].transcripts.readers',
    "AWS takes 20480",
    "fewer readers",
  ],
  [
    "more accounts than the archive's policy holds one by one",
    { ...manyAccounts, "organization.id": undefined },
    "organization.id",
    "the archive bucket's policy: it would have",
    "set organization.id",
  ],
];

describe.each([
  ["of the wrong shape", shapes],
  ["with an unknown key", unknownKeys],
  ["of accounts and regions", accountsAndRegions],
  ["of state and deployment", deployment],
  ["of sessions", sessions],
  ["of settings that do not go together", together],
  ["of encryption", encryption],
  ["of transcripts", transcripts],
  ["of an archive account", archive],
  ["of notifications", notifications],
  ["of tags and access", tagsAndAccess],
  ["beyond AWS's limits", limits],
])("a map %s", (_, cases) => {
  it.each(cases)("is refused: %s", (_title, changes, path, allowed, remedy) => {
    expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
  });
});

it("is asked for the organization's id as something that it does not say", () => {
  const [problem] = problemsOf(mapWith({ ...manyAccounts, "organization.id": undefined }));
  expect(problem).toMatchObject({ path: "organization.id", found: undefined });
});

describe("a map that is no map", () => {
  it.each([
    ["null", null],
    ["nothing", undefined],
    ["a list", []],
    ["a string", "accounts"],
    ["a number", 7],
  ])("is refused as a whole: %s", (_, raw) => {
    expect(problemsOf(raw)).toEqual([
      expect.objectContaining({ path: "(the whole map)", remedy: "begin from the example map" }),
    ]);
  });

  it("is asked for everything that must be there: empty", () => {
    expect(problemsOf({}).map(({ path }) => path)).toEqual([
      "organization",
      "state",
      "deployment",
      "accounts",
    ]);
  });
});

describe("a name that JavaScript takes for something else", () => {
  const lab = { id: "333333333333", homeRegion: "eu-central-1", regions: ["eu-central-1"] };
  const lost = expect.objectContaining({
    path: "accounts.__proto__",
    remedy: "choose another name",
  }) as unknown;

  it("is refused as a key, which zod passes over", () => {
    const accounts = JSON.parse(`{"shop": ${JSON.stringify({ ...lab })}, "__proto__": {}}`) as object;
    expect(problemsOf(mapWith({ ...OWN_BUCKETS, accounts }))).toEqual([lost]);
  });

  it("is refused as a prototype, which a literal in TypeScript sets", () => {
    const accounts = { shop: lab, __proto__: { lab } };
    expect(problemsOf(mapWith({ ...OWN_BUCKETS, accounts }))).toEqual([lost]);
  });

  it.each(["constructor", "valueof", "tostring"])("is an account like any other: %s", (name) => {
    expect(problemsOf(mapWith({ "accounts.lab": undefined, [`accounts.${name}`]: lab }))).toEqual([]);
  });
});

describe("a map with many faults", () => {
  it("has all of them reported in one go, each where it is", () => {
    const faults = {
      "organization.name": "ACME",
      "state.directory": "/tmp",
      "deployment.role": "a role",
      waves: "canary",
      "accounts.lab.id": 12,
      "accounts.lab.homeRegion": "Frankfurt",
      "accounts.shop.regions.us-east-1": { protect: "no", logs: { retentionDays: 8 } },
      "accounts.shop.colour": "red",
      "encryption.mode": "dsse",
      "preferences.idleTimeoutMinutes": 99,
      tags: { "aws:x": "y" },
    };
    expect(
      problemsOf(mapWith(faults))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      "accounts.lab.homeRegion",
      "accounts.lab.id",
      "accounts.shop.colour",
      'accounts.shop.regions["us-east-1"].logs.retentionDays',
      'accounts.shop.regions["us-east-1"].protect',
      "deployment.role",
      "encryption.mode",
      "organization.name",
      "preferences.idleTimeoutMinutes",
      "state.directory",
      'tags["aws:x"]',
      "waves",
    ]);
  });

  it("has all faults of values that do not go together reported in one go", () => {
    const faults = {
      "archive.account": "logs",
      "accounts.lab.wave": "never",
      "accounts.lab.id": "111111111111",
      "accounts.lab.regions": ["eu-central-1", "eu-central-1"],
      "accounts.shop.homeRegion": "eu-west-1",
      "deployment.role": "arn:aws:iam::222222222222:role/deploy",
      "preferences.maximumDurationMinutes": 1080,
      "preferences.runAs": { enabled: true },
      "transcripts.lifecycle": { expireAfterDays: 1, noncurrentExpireAfterDays: 1 },
      "encryption.mode": "existing",
      trail: "none",
    };
    expect(
      problemsOf(mapWith(faults))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      "accounts.lab.id",
      "accounts.lab.regions[1]",
      "accounts.lab.wave",
      "accounts.shop.homeRegion",
      "archive.account",
      "deployment.role",
      "encryption.keyArn",
      "preferences.maximumDurationMinutes",
      "preferences.runAs.defaultUser",
      "trail",
      "transcripts.lifecycle.expireAfterDays",
    ]);
  });

  it("has every bad element of a list reported", () => {
    const regions = ["eu-central-1", "eu-west-9", 12];
    expect(problemsOf(mapWith({ "accounts.lab.regions": regions })).map(({ path }) => path)).toEqual([
      "accounts.lab.regions[1]",
      "accounts.lab.regions[2]",
    ]);
  });

  it("has what a member says in vain reported at each level that says it", () => {
    const vain = { transcripts: { prefix: "other" } };
    const map = mapWith({
      "accounts.shop.transcripts": vain.transcripts,
      "accounts.shop.regions.us-east-1": vain,
    });
    expect(
      problemsOf(map)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['accounts.shop.regions["us-east-1"].transcripts.prefix', "accounts.shop.transcripts.prefix"]);
  });

  it("has a fault of the organization's settings reported once, in however many targets it shows", () => {
    const map = mapWith({ ...manyAccounts, "preferences.maximumDurationMinutes": 10 });
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["preferences.idleTimeoutMinutes"]);
  });
});

describe("a map with a fault, and another in an account that has nothing to do with it", () => {
  const den = { id: "555555555555", homeRegion: "eu-central-1", regions: ["eu-central-1", "eu-central-1"] };
  const cases = [
    ...[...shapes, ...unknownKeys, ...accountsAndRegions, ...deployment, ...sessions, ...together],
    ...[...encryption, ...transcripts, ...archive, ...notifications, ...tagsAndAccess],
  ].filter(([, changes]) => !("accounts" in changes));

  it.each(cases)("has both reported: %s", (_, changes, path) => {
    const found = problemsOf(mapWith({ ...changes, "accounts.den": den })).map((problem) => problem.path);
    expect(found.sort()).toEqual([path, "accounts.den.regions[1]"].sort());
  });
});

describe("a map whose values are wrong by themselves and do not go together", () => {
  const paths = (changes: Changes) =>
    problemsOf(mapWith(changes))
      .map(({ path }) => path)
      .sort();
  const LONG = { "transcripts.readers": longReaders };
  const UNKNOWN_WAVE = { "accounts.lab.wave": "carnary" };

  it.each<[string, Changes, string[]]>([
    [
      "an account id that is a number, and an unknown wave there",
      { "accounts.lab.id": 333333333333, ...UNKNOWN_WAVE },
      ["accounts.lab.id", "accounts.lab.wave"],
    ],
    [
      "an account id that lost its zeros, which another has",
      { "accounts.lab.id": 1222222222, "accounts.shop.id": "001222222222" },
      ["accounts.lab.id"],
    ],
    [
      "an account id that is no id, and an unknown wave elsewhere",
      { "accounts.lab.id": "x", "accounts.shop.wave": "carnary" },
      ["accounts.lab.id", "accounts.shop.wave"],
    ],
    [
      "an organization, state and deployment that are none, and an unknown wave",
      { organization: "acme", state: undefined, deployment: { mode: "x" }, ...UNKNOWN_WAVE },
      ["accounts.lab.wave", "deployment.mode", "organization", "state"],
    ],
    [
      "a setting out of range, and others that do not go together",
      { "logs.retentionDays": 8, ...NO_LOGS, "logs.streaming": true },
      ["logs.retentionDays", "logs.streaming"],
    ],
    [
      "the same section at fault in one account and in another",
      {
        "accounts.lab.encryption.mode": "dsse",
        "accounts.shop.encryption.mode": "existing",
      },
      ["accounts.lab.encryption.mode", "accounts.shop.encryption.keyArn"],
    ],
    [
      "a key that is like none, and settings next to it",
      { "preferences.colour": "red", "preferences.runAs.enabled": true },
      ["preferences.colour", "preferences.runAs.defaultUser"],
    ],
    [
      "an element of one list, and of another list",
      { "accounts.lab.regions": ["eu-central-1", "x"], waves: ["canary", "rest", "rest"] },
      ["accounts.lab.regions[1]", "waves[2]"],
    ],
    [
      "a misspelt key that must be there, and an unknown wave there",
      { "accounts.lab.homeRegion": undefined, "accounts.lab.hmoeRegion": "eu-central-1", ...UNKNOWN_WAVE },
      ["accounts.lab.hmoeRegion", "accounts.lab.wave"],
    ],
    [
      "a setting out of range, and policies beyond their limits",
      { "preferences.idleTimeoutMinutes": 99, ...LONG },
      ["preferences.idleTimeoutMinutes", "transcripts.readers"],
    ],
  ])("has both reported: %s", (_, changes, expected) => {
    expect(paths(changes)).toEqual(expected);
  });

  it.each<[string, Changes, string[]]>([
    [
      "the archive account that went with its id",
      { "accounts.log-archive.id": "x" },
      ['accounts["log-archive"].id'],
    ],
    [
      "the archive account, whose name is misspelt",
      {
        "accounts.log-archive": undefined,
        "accounts.Log-archive": { id: "111111111111", homeRegion: "eu-central-1", regions: [] },
      },
      ['accounts["Log-archive"]'],
    ],
    [
      "the only account that went",
      { ...OWN_BUCKETS, "accounts.shop": undefined, "accounts.lab.id": "x" },
      ["accounts.lab.id"],
    ],
    [
      "the home region, where a region is misspelt",
      { "accounts.lab.regions": ["eu-centrl-1", "us-east-1"] },
      ["accounts.lab.regions[0]"],
    ],
    ["waves of accounts, where the list is none", { waves: "canary" }, ["waves"]],
    ["waves of accounts, where one is misspelt", { waves: ["Canary", "rest"] }, ["waves[0]"]],
    [
      "the key of an encryption mode that is misspelt",
      { "accounts.lab.encryption": { mode: "exsting", keyArn: key("eu-central-1") } },
      ["accounts.lab.encryption.mode"],
    ],
    [
      "the trail that a switch which is none would need",
      { trail: "none", "notifications.activity.enabled": "no", "notifications.security.enabled": false },
      ["notifications.activity.enabled"],
    ],
    [
      "the trail that a misspelt section would need",
      { trail: "none", notification: { activity: { enabled: false }, security: { enabled: false } } },
      ["notification"],
    ],
    [
      "streaming that is said in the wrong place",
      { ...NO_LOGS, "logs.streaming": undefined, "preferences.streaming": false },
      ["preferences.streaming"],
    ],
    [
      "enforcement, where one of its keys is like none",
      { ...NO_LOGS, "preferences.enforce": { cw: false } },
      ["preferences.enforce.cw"],
    ],
    [
      "a lock that is misspelt, which expiry depends on",
      {
        "transcripts.objectLock.mode": "of",
        "transcripts.lifecycle": { expireAfterDays: 10, noncurrentExpireAfterDays: 1 },
      },
      ["transcripts.objectLock.mode"],
    ],
    [
      "partitions, where the first account went",
      {
        "accounts.log-archive.homeRegion": "x",
        "accounts.shop": undefined,
        "accounts.lab.homeRegion": "cn-north-1",
        "accounts.lab.regions": ["cn-north-1"],
        "accounts.den": { id: "444444444444", homeRegion: "eu-central-1", regions: ["eu-central-1"] },
        "transcripts.readers": [],
      },
      ['accounts["log-archive"].homeRegion'],
    ],
    [
      "what a limit would be without the organization",
      { "organization.id": "x", ...manyAccounts },
      ["organization.id"],
    ],
  ])("has nothing made up: %s", (_, changes, expected) => {
    expect(paths(changes)).toEqual(expected);
  });

  it("is read to its end where it contains itself", () => {
    const map = mapWith({ ...UNKNOWN_WAVE, colour: {} }) as { colour: { self?: unknown } };
    map.colour.self = map;
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["colour", "accounts.lab.wave"]);
  });

  it("is left as it was", () => {
    const map = mapWith({ "accounts.lab.id": 12, ...UNKNOWN_WAVE });
    const before = JSON.stringify(map);
    problemsOf(map);
    expect(JSON.stringify(map)).toBe(before);
  });
});

describe("a good map", () => {
  const COMMERCIAL = ALL_REGIONS.filter((region) => !/^cn-|-gov-/.test(region));
  const inRegions = (count: number) =>
    mapWith({ "accounts.lab.regions": [...new Set(["eu-central-1", ...COMMERCIAL])].slice(0, count) });

  it.each<[string, Changes]>([
    ["unchanged", {}],
    ...[1, 21, 1039, 1100, 1139, 1200, 1239, 1300, 1339, 1400, 1440, null].map(
      (maximum): [string, Changes] => [
        `with a maximum of ${maximum}`,
        {
          "preferences.idleTimeoutMinutes": 1,
          "preferences.maximumDurationMinutes": maximum === 1 ? 2 : maximum,
        },
      ],
    ),
    ["with an idle timeout of 60", { "preferences.idleTimeoutMinutes": 60 }],
    [
      "with expiry on the day the lock ends",
      { "transcripts.lifecycle": { expireAfterDays: 365, noncurrentExpireAfterDays: 1 } },
    ],
    [
      "with expiry and no lock",
      {
        "transcripts.lifecycle": { expireAfterDays: 1, noncurrentExpireAfterDays: 1 },
        "transcripts.objectLock.mode": "off",
      },
    ],
    [
      "with overwritten transcripts that expire alone",
      { "transcripts.lifecycle.noncurrentExpireAfterDays": 1 },
    ],
    ["with a deployment role in a path", { "deployment.role": "platform/audit/deploy" }],
    [
      "with a queue and a function of the account, and an address for all",
      {
        "notifications.activity.subscribers": [{ protocol: "email", endpoint: "a@example.com" }],
        "accounts.lab.notifications": {
          activity: { subscribers: [queue("333333333333", "eu-west-1")] },
          security: {
            subscribers: [
              { protocol: "lambda", endpoint: "arn:aws:lambda:eu-central-1:333333333333:function:tell" },
            ],
          },
        },
      },
    ],
    [
      "with another account's queue on a channel that is off",
      {
        "notifications.activity": { enabled: false, subscribers: [queue("222222222222")] },
      },
    ],
    [
      "with boundaries of AWS and of an account",
      {
        "access.permissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess",
        "accounts.lab.access.permissionsBoundaryArn": "arn:aws:iam::333333333333:policy/boundary",
      },
    ],
    [
      "with a boundary of the only account with regions",
      {
        "accounts.lab": undefined,
        "access.permissionsBoundaryArn": "arn:aws:iam::222222222222:policy/boundary",
      },
    ],
    ["with 45 tags", { tags: someTags("a", 45) }],
    [
      "with a tag's value of blanks and letters of any script",
      { tags: { team: "Prüfung 監査 a+b@c:/=._-" } },
    ],
    ["with a tag without value", { tags: { team: "" } }],
    [
      "with a shell profile that has braces",
      { "preferences.shellProfile.linux": "f() { echo ${HOME}; }\nf" },
    ],
    [
      "with settings of the log group for all, and none in one region",
      {
        "logs.retentionDays": 30,
        "accounts.shop.logs.class": "STANDARD",
        "accounts.shop.regions.us-east-1": {
          logs: { group: "none", streaming: false },
          preferences: { enforce: { cloudWatch: false } },
        },
      },
    ],
    [
      "with readers for all, and an existing bucket in one account",
      { ...OWN_BUCKETS, "accounts.lab.transcripts.bucket": { existing: "ours" } },
    ],
    ["with an empty list of readers in vain", { ...OWN_BUCKETS, ...NO_BUCKET, "transcripts.readers": [] }],
    [
      "with a lock that the account's trail follows, in an account without bucket",
      {
        ...OWN_BUCKETS,
        "accounts.lab.trail": "create",
        "accounts.lab.transcripts": {
          bucket: { existing: "ours" },
          objectLock: { days: 10 },
          lifecycle: { noncurrentExpireAfterDays: 30 },
          accessLogsExpireAfterDays: 30,
        },
      },
    ],
    [
      "with a lock that the account's trail follows, in a member of the archive",
      { "accounts.lab.trail": "create", "accounts.lab.transcripts": { objectLock: { days: 10 } } },
    ],
    [
      "with an archive account that wants no access",
      {
        "accounts.log-archive.access": { attachToRoles: [], instanceProfile: false, operatorPolicy: false },
        "access.attachToRoles": ["app"],
      },
    ],
    [
      "with a trail in the archive account under a key of its home region",
      {
        "accounts.shop.regions": ["eu-central-1"],
        "accounts.log-archive.trail": "create",
        "accounts.log-archive.encryption": { mode: "existing", keyArn: key("eu-central-1") },
      },
    ],
    [
      "with a bucket's name of 63 characters",
      { "accounts.lab.transcripts.bucket": { existing: "a".repeat(63) } },
    ],
    [
      "with a key in each region's settings",
      {
        "accounts.shop.regions": Object.fromEntries(
          ["eu-central-1", "us-east-1"].map((region) => [
            region,
            { encryption: { mode: "existing", keyArn: key(region) } },
          ]),
        ),
      },
    ],
    [
      "with a role's ARN for the only account",
      {
        ...OWN_BUCKETS,
        "accounts.lab": undefined,
        "deployment.role": "arn:aws:iam::222222222222:role/deploy",
      },
    ],
    ["without logs", NO_LOGS],
    ["without transcripts", { ...OWN_BUCKETS, ...NO_BUCKET }],
    [
      "with a name of 14 characters in the region with the longest name",
      {
        "organization.name": "a".repeat(14),
        "accounts.lab.regions": ["eu-central-1", "ap-southeast-1"],
      },
    ],
    ["with 1,000 accounts and the organization's id", manyAccounts],
    [
      "in China",
      {
        ...OWN_BUCKETS,
        "transcripts.readers": [],
        "accounts.shop": undefined,
        "accounts.lab": {
          id: "333333333333",
          homeRegion: "cn-north-1",
          regions: ["cn-north-1", "cn-northwest-1"],
        },
      },
    ],
  ])("passes: %s", (_, changes) => {
    expect(problemsOf(mapWith(changes))).toEqual([]);
  });

  it("passes with an account in the 17 regions that AWS enables by default", () => {
    expect(problemsOf(inRegions(17))).toEqual([]);
  });

  it("is told what to do where an account has more regions than its policies hold", () => {
    expect(problemsOf(inRegions(COMMERCIAL.length))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: "accounts.lab.regions",
          allowed: expect.stringContaining("the instance policy: it would have") as string,
        }),
      ]),
    );
  });

  it("is not measured by policies that it does without", () => {
    const map = mapWith({ "access.reviewerPolicy": false, "accounts.lab.regions": COMMERCIAL });
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["accounts.lab.regions"]);
  });
});
