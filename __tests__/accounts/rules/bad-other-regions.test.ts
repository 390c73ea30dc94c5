import { checkMap } from "../../../stacks/read-organization";
import { mapWith, READER, type Changes } from "./good-map";
import { accepts, refuses, refusesAlone } from "./refusals";

const there = (region: string, account?: string) => ({
  transcripts: { replication: { region, ...(account !== undefined && { account }) } },
});
const ARCHIVE = "accounts.log-archive.otherRegions";
const archive = (region: string) => `accounts["log-archive"].otherRegions["${region}"]`;
const key = (region: string, account = "111111111111") =>
  `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const existing = (region: string, account?: string) => ({
  encryption: { mode: "existing", keyArn: key(region, account) },
});

// The good map has archives in eu-central-1 and us-east-1, in an account without regions.
const CROSSED: Changes = {
  [ARCHIVE]: { "eu-central-1": there("us-east-1"), "us-east-1": there("eu-central-1") },
};
const BACKUP: Changes = {
  "accounts.backup": { id: "555555555555", homeRegion: "eu-west-1", regions: [] },
  "transcripts.replication": { account: "backup", region: "eu-west-1" },
};

refuses("with settings for other regions", [
  [
    "a word",
    { [ARCHIVE]: "us-east-1" },
    'accounts["log-archive"].otherRegions',
    "an object whose keys are regions",
    "write otherRegions: {",
  ],
  [
    "a region that is none",
    { [ARCHIVE]: { europe: {} } },
    'accounts["log-archive"].otherRegions.europe',
    "an AWS region",
    "region's code",
  ],
  [
    "settings of servers",
    { [ARCHIVE]: { "us-east-1": { logs: { retentionDays: 30 } } } },
    `${archive("us-east-1")}.logs`,
    "known are encryption, transcripts, notifications, protect, tags",
    "move it up",
  ],
  [
    "settings of the activity channel",
    { [ARCHIVE]: { "us-east-1": { notifications: { activity: { enabled: false } } } } },
    `${archive("us-east-1")}.notifications.activity`,
    "known are security",
    "move it up: notifications.activity is set for the organization, an account or a region with servers",
  ],
  [
    "a region with servers",
    {
      "accounts.log-archive.regions": ["eu-central-1"],
      [ARCHIVE]: { "eu-central-1": { tags: { a: "b" } } },
    },
    archive("eu-central-1"),
    "a region without servers",
    'move these settings to accounts["log-archive"].regions["eu-central-1"]',
  ],
  [
    "a region without an archive",
    { [ARCHIVE]: { "eu-west-1": { tags: { a: "b" } } } },
    archive("eu-west-1"),
    "has an archive or a replica: eu-central-1, us-east-1",
    'add the region to accounts["log-archive"].regions',
  ],
  [
    "an account with neither an archive nor a replica",
    { "accounts.sandbox.otherRegions": { "us-east-1": {} } },
    'accounts.sandbox.otherRegions["us-east-1"]',
    "neither an archive nor a replica",
    "remove it",
  ],
  [
    "a copy in the archive's own region",
    { [ARCHIVE]: { "us-east-1": there("us-east-1") } },
    `${archive("us-east-1")}.transcripts.replication`,
    "which is account log-archive in us-east-1",
    "such as region eu-central-1, or null, here",
  ],
  [
    "another region's key",
    { [ARCHIVE]: { "us-east-1": existing("eu-central-1") } },
    `${archive("us-east-1")}.encryption.keyArn`,
    "a key in us-east-1",
    "under otherRegions",
  ],
  [
    "a reader of the archive twice",
    { [ARCHIVE]: { "us-east-1": { transcripts: { readers: [READER, READER] } } } },
    `${archive("us-east-1")}.transcripts.readers[1]`,
    "each role once",
    "remove the repetition",
  ],
  [
    "a setting of a bucket of access logs that is not created",
    {
      [ARCHIVE]: {
        "us-east-1": { transcripts: { accessLogs: "none", accessLogsExpireAfterDays: 30 } },
      },
    },
    `${archive("us-east-1")}.transcripts.accessLogsExpireAfterDays`,
    'nothing unless transcripts.accessLogs is "create"',
    "remove it",
  ],
  [
    "an archive's bucket that exists",
    { [ARCHIVE]: { "us-east-1": { transcripts: { bucket: { existing: "theirs" } } } } },
    `${archive("us-east-1")}.transcripts.bucket`,
    '"create" for the archive account',
    "leave the archive account's transcripts.bucket out",
  ],
]);

refusesAlone("with replication to one region", [
  [
    "that is the region of one of the archives: the way out is named, and the map below follows it",
    { "transcripts.replication": { region: "us-east-1" } },
    "transcripts.replication",
    "which is account log-archive in us-east-1",
    `such as region eu-central-1, or null, in ${archive("us-east-1")}.transcripts.replication`,
  ],
  [
    "that a member uses from now on",
    {
      "transcripts.replication": { region: "eu-west-1" },
      "accounts.sandbox.regions": ["eu-central-1", "eu-west-1"],
    },
    "transcripts.replication",
    "which is account log-archive in eu-west-1",
    `or null, in ${archive("eu-west-1")}.transcripts.replication`,
  ],
]);

refusesAlone("with settings for a region that has replicas alone", [
  [
    "readers",
    { ...BACKUP, "accounts.backup.otherRegions": { "eu-west-1": { transcripts: { readers: [] } } } },
    'accounts.backup.otherRegions["eu-west-1"].transcripts.readers',
    "the only buckets of this account here are replicas",
    "set it for the account of the bucket",
  ],
  [
    "actions",
    {
      ...BACKUP,
      "accounts.backup.otherRegions": {
        "eu-west-1": {
          notifications: { security: { actions: [{ type: "lambda", function: "on-finding" }] } },
        },
      },
    },
    'accounts.backup.otherRegions["eu-west-1"].notifications.security.actions',
    "only topics and chat",
    "subscribe to the topic",
  ],
  [
    "of another partition",
    {
      ...BACKUP,
      "accounts.backup.otherRegions": { "us-gov-west-1": {} },
    },
    'accounts.backup.otherRegions["us-gov-west-1"]',
    "a region of partition aws",
    "an organization is in one partition",
  ],
]);

accepts([
  ["archives that are copied to each other's region", CROSSED],
  [
    "a copy of all archives but one",
    {
      "transcripts.replication": { region: "us-east-1" },
      [ARCHIVE]: { "us-east-1": { transcripts: { replication: null } } },
    },
  ],
  ["a copy of one archive alone", { [ARCHIVE]: { "eu-central-1": there("us-east-1") } }],
  [
    "existing keys of archives that are copied to each other's region",
    {
      [ARCHIVE]: {
        "eu-central-1": { ...there("us-east-1"), ...existing("eu-central-1") },
        "us-east-1": { ...there("eu-central-1"), ...existing("us-east-1") },
      },
    },
  ],
  [
    "the existing key of a replica, in an account without regions",
    {
      ...BACKUP,
      "accounts.backup.otherRegions": { "eu-west-1": existing("eu-west-1", "555555555555") },
    },
  ],
  [
    "an archive in a region without servers, of an account with servers elsewhere",
    {
      "accounts.log-archive.regions": ["eu-central-1"],
      [ARCHIVE]: { "us-east-1": there("eu-central-1") },
    },
  ],
]);

describe("settings for other regions", () => {
  const of = (changes: Changes) => checkMap(mapWith(changes), "map");

  it("make no target", () => {
    const { targets } = of(CROSSED);
    expect(targets).toEqual(of({}).targets);
  });

  it("apply to the archive in that region alone", () => {
    const { archives } = of({ [ARCHIVE]: { "us-east-1": { transcripts: { prefix: "here" } } } });
    expect(archives.map(({ region, settings }) => [region, settings.transcripts.prefix])).toEqual([
      ["eu-central-1", "sessions"],
      ["us-east-1", "here"],
    ]);
  });

  it("apply to a replica in that region: its key is the owner's of that region", () => {
    const { replicas } = of({
      [ARCHIVE]: {
        "eu-central-1": { ...there("us-east-1"), ...existing("eu-central-1") },
        "us-east-1": { ...there("eu-central-1"), ...existing("us-east-1") },
      },
    });
    expect(
      replicas.map(({ source, region, settings }) => [source.region, region, settings.encryption]),
    ).toMatchObject([
      ["eu-central-1", "us-east-1", { keyArn: key("us-east-1") }],
      ["us-east-1", "eu-central-1", { keyArn: key("eu-central-1") }],
    ]);
  });
});
