import { OWN_BUCKETS, NO_LOGS, NO_READERS, NO_BUCKET, READER } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

refuses("of transcripts", [
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
    { "accounts.sandbox.transcripts.bucket": { existing } },
    "accounts.sandbox.transcripts.bucket.existing",
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
    { "accounts.sandbox.transcripts.bucket": { existing: "my-bucket", keyArn: "alias/x" } },
    "accounts.sandbox.transcripts.bucket.keyArn",
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
    "a role of another partition has no access",
  ],
  [
    "a reader twice",
    { "transcripts.readers": [READER, `${READER}2`, READER] },
    "transcripts.readers[2]",
    "each role once",
    "remove the repetition",
  ],
  [
    "a reader of the organization of another partition",
    { "transcripts.organizationReaders": ["arn:aws-us-gov:iam::111111111111:role/r"] },
    "transcripts.organizationReaders[0]",
    "a role in partition aws",
    "a role of another partition has no access",
  ],
  [
    "a reader of the organization twice",
    { "transcripts.organizationReaders": [`${READER}2`, `${READER}2`] },
    "transcripts.organizationReaders[1]",
    "each role once",
    "remove the repetition",
  ],
  [
    "a reader in both lists",
    { "transcripts.organizationReaders": [READER] },
    "transcripts.organizationReaders[0]",
    "a role that is not among transcripts.readers",
    "in one of the two lists",
  ],
  [
    "readers of the organization as a string",
    { "transcripts.organizationReaders": `${READER}2` },
    "transcripts.organizationReaders",
    "a list of at most 20",
    "list the",
  ],
  [
    "expiry that leaves every version",
    { "transcripts.lifecycle.expireAfterDays": 400 },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "expiry alone only hides transcripts and frees nothing",
    "set both",
  ],
  [
    "originals of overwritten transcripts that expire early",
    { "transcripts.lifecycle": { expireAfterDays: 2557, noncurrentExpireAfterDays: 30 } },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "at least expireAfterDays, which is 2557",
    "set noncurrentExpireAfterDays: 2557",
  ],
  [
    "originals that expire early by the days of their lock, because both times begin together",
    { "transcripts.lifecycle": { expireAfterDays: 2557, noncurrentExpireAfterDays: 2192 } },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "at least expireAfterDays, which is 2557",
    "lock transcripts for as long",
  ],
  [
    "originals that expire early in a bucket without lock",
    {
      "transcripts.lifecycle": { expireAfterDays: 365, noncurrentExpireAfterDays: 364 },
      "transcripts.objectLock.mode": "off",
    },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "at least expireAfterDays, which is 365",
    "set noncurrentExpireAfterDays: 365",
  ],
  [
    "originals that expire although nothing else does",
    { "transcripts.lifecycle.noncurrentExpireAfterDays": 30 },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "null while expireAfterDays is null",
    "or neither",
  ],
  [
    "readers as a string",
    { "transcripts.readers": READER },
    "transcripts.readers",
    "a list of at most 100",
    "list the",
  ],
]);

refuses("of settings that contradict each other", [
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
]);

accepts([
  ["with a reader of the organization", { "transcripts.organizationReaders": [`${READER}2`] }],
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
    "with overwritten transcripts that expire as late as any other",
    { "transcripts.lifecycle": { expireAfterDays: 2557, noncurrentExpireAfterDays: 2557 } },
  ],
  [
    "with a bucket's name of 63 characters",
    { "accounts.sandbox.transcripts.bucket": { existing: "a".repeat(63) } },
  ],
  ["without transcripts", { ...OWN_BUCKETS, ...NO_BUCKET }],
]);
