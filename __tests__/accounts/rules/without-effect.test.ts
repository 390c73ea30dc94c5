import { OWN_BUCKETS, NO_LOGS, NO_BUCKET, READER, key } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

refuses("of transcripts", [
  ...Object.entries({
    objectLock: { days: 10 },
    lifecycle: { glacierAfterDays: 30 },
    accessLogs: "none",
    accessLogsExpireAfterDays: 30,
    readers: [READER],
  }).flatMap(([setting, value]): Case[] => [
    [
      `${setting} of an existing bucket`,
      { "accounts.sandbox.transcripts": { bucket: { existing: "ours" }, [setting]: value } },
      `accounts.sandbox.transcripts.${setting}`,
      'nothing unless transcripts.bucket is "create"',
      "remove it",
    ],
    [
      `${setting} of no bucket, in one region`,
      {
        "accounts.payments.transcripts.bucket": "none",
        "accounts.payments.preferences.enforce.s3": false,
        "accounts.payments.regions.us-east-1": { transcripts: { [setting]: value } },
      },
      `accounts.payments.regions["us-east-1"].transcripts.${setting}`,
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
    { "accounts.sandbox.logs": { group: { existing: "ours" }, [setting]: value } },
    `accounts.sandbox.logs.${setting}`,
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
]);

refuses("of encryption", [
  ...(["s3-managed", "existing"] as const).flatMap((mode) =>
    ["deletionWindowDays", "rotationPeriodDays"].map((setting): Case => [
      `${setting} of a key that is ${mode}`,
      {
        "accounts.sandbox.encryption": {
          mode,
          [setting]: 30 * (setting === "rotationPeriodDays" ? 10 : 1),
          ...(mode === "existing" && { keyArn: key("eu-central-1") }),
        },
        "accounts.sandbox.preferences": { encryptSessionData: false, enforce: { cloudWatch: false } },
      },
      `accounts.sandbox.encryption.${setting}`,
      'nothing unless encryption.mode is "customer-managed"',
      "remove it, or change encryption.mode",
    ]),
  ),
]);

accepts([
  [
    "with settings of the log group for all, and none in one region",
    {
      "logs.retentionDays": 30,
      "accounts.payments.logs.class": "STANDARD",
      "accounts.payments.regions.us-east-1": {
        logs: { group: "none", streaming: false },
        preferences: { enforce: { cloudWatch: false } },
      },
    },
  ],
  [
    "with readers for all, and an existing bucket in one account",
    { ...OWN_BUCKETS, "accounts.sandbox.transcripts.bucket": { existing: "ours" } },
  ],
  [
    "with an empty list of readers, which has no effect",
    { ...OWN_BUCKETS, ...NO_BUCKET, "transcripts.readers": [] },
  ],
  [
    "with a lock that the account's trail follows, in an account without bucket",
    {
      ...OWN_BUCKETS,
      "accounts.sandbox.trail": "create",
      "accounts.sandbox.transcripts": {
        bucket: { existing: "ours" },
        objectLock: { days: 10 },
        lifecycle: { abortMultipartAfterDays: 30 },
        accessLogsExpireAfterDays: 30,
      },
    },
  ],
  [
    "with a lock that the account's trail follows, in a member of the archive",
    { "accounts.sandbox.trail": "create", "accounts.sandbox.transcripts": { objectLock: { days: 10 } } },
  ],
]);
