import { OWN_BUCKETS, NO_LOGS, NO_READERS, NO_BUCKET, READER } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

refuses("of transcripts", [
  ...(
    [
      ["with dots", "my.bucket", "without dots"],
      ["in capitals", "My-Bucket", 'write "my-bucket"'],
      ["as an ARN", "arn:aws:s3:::my-bucket", 'write "my-bucket", the name alone'],
      ["of 64 characters", "a".repeat(64), "copy the bucket's name"],
      ["as a number", 7, "copy the bucket's name"],
    ] as const
  ).map(([title, existing, remedy]): Case => [
    `a bucket's name ${title}`,
    { "accounts.sandbox.transcripts.bucket": { existing } },
    "accounts.sandbox.transcripts.bucket.existing",
    "3 to 63 lower-case letters, digits and hyphens, without dots",
    remedy,
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
    "write the ARN of the key behind the alias, because the alias may lead to another key one day; `aws kms describe-key --key-id alias/x` shows it",
  ],
  [
    "a prefix with slashes",
    { "transcripts.prefix": "/sessions/" },
    "transcripts.prefix",
    "no slash",
    'write "sessions"',
  ],
  ...["logs/../x", "a/./b", "a/..", "a/."].map((prefix): Case => [
    `a prefix with the segments of a path, ${prefix}`,
    { "transcripts.prefix": prefix },
    "transcripts.prefix",
    "no segment . or ..",
    "a key is no path",
  ]),
  ...["a*b", "*", "a/?"].map((prefix): Case => [
    `a prefix with a character that stands for others in an ARN, ${prefix}`,
    { "transcripts.prefix": prefix },
    "transcripts.prefix",
    "letters, digits and -_/.!'()",
    "a prefix has letters, digits",
  ]),
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
    "moves of noncurrent versions out of order",
    { "transcripts.lifecycle": { noncurrentGlacierAfterDays: 90, noncurrentDeepArchiveAfterDays: 90 } },
    "transcripts.lifecycle.noncurrentDeepArchiveAfterDays",
    "more than noncurrentGlacierAfterDays, which is 90",
    "noncurrent versions move to colder storage first",
  ],
  [
    "noncurrent versions that move after they are deleted",
    {
      "transcripts.lifecycle": {
        expireAfterDays: 400,
        noncurrentGlacierAfterDays: 400,
        noncurrentExpireAfterDays: 400,
      },
    },
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "more than noncurrentGlacierAfterDays, which is 400",
    "in that order",
  ],
  [
    "access logs that move after they expire",
    { "transcripts.accessLogsLifecycle.glacierAfterDays": 365, "transcripts.accessLogsExpireAfterDays": 365 },
    "transcripts.accessLogsExpireAfterDays",
    "more than glacierAfterDays, which is 365",
    "access logs move to colder storage first",
  ],
  [
    "access logs that move after the days of the default",
    { "accounts.log-archive.transcripts.accessLogsLifecycle": { deepArchiveAfterDays: 400 } },
    'accounts["log-archive"].transcripts.accessLogsExpireAfterDays',
    "more than deepArchiveAfterDays, which is 400",
    "in that order",
  ],
  [
    "a smallest size of zero",
    { "transcripts.lifecycle": { glacierAfterDays: 90, minimumTransitionBytes: 0 } },
    "transcripts.lifecycle.minimumTransitionBytes",
    "a whole number of bytes from 1 to 1000000000, or null",
    "write 1, the least that is allowed",
  ],
  [
    "a smallest size of nothing that moves",
    { "transcripts.lifecycle": { minimumTransitionBytes: 20_000 } },
    "transcripts.lifecycle.minimumTransitionBytes",
    "nothing unless transcripts.lifecycle moves something to colder storage",
    "remove it",
  ],
  [
    "a smallest size of access logs that do not move",
    { "transcripts.accessLogsLifecycle": { minimumTransitionBytes: 20_000 } },
    "transcripts.accessLogsLifecycle.minimumTransitionBytes",
    "nothing unless transcripts.accessLogsLifecycle moves something to colder storage",
    "remove it",
  ],
  [
    "the lifecycle of access logs without a bucket for them",
    { "transcripts.accessLogs": "none", "transcripts.accessLogsLifecycle": { glacierAfterDays: 90 } },
    "transcripts.accessLogsLifecycle",
    'nothing unless transcripts.accessLogs is "create"',
    "remove it",
  ],
  [
    "access logs that are kept forever without a bucket for them",
    { "transcripts.accessLogs": "none", "transcripts.accessLogsExpireAfterDays": null },
    "transcripts.accessLogsExpireAfterDays",
    'nothing unless transcripts.accessLogs is "create"',
    "remove it",
  ],
  [
    "the lifecycle of access logs of a member of the archive",
    { "accounts.sandbox.transcripts.accessLogsLifecycle": { glacierAfterDays: 90 } },
    "accounts.sandbox.transcripts.accessLogsLifecycle",
    "the archive account log-archive",
    'in accounts["log-archive"]',
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
      ["a user", "arn:aws:iam::111111111111:user/ann", "this is a user"],
      ["an account", "arn:aws:iam::111111111111:root", "name a role of the account"],
      ["a role by name", "session-reviewer", "role/session-reviewer"],
      ["an assumed role", "arn:aws:sts::111111111111:assumed-role/session-reviewer/ann", "not of a session"],
    ] as const
  ).map(([title, reader, remedy]): Case => [
    `${title} as a reader`,
    { "transcripts.readers": [READER, reader] },
    "transcripts.readers[1]",
    "the ARN of an IAM role",
    remedy,
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
    'write ["arn:aws:iam::111111111111:role/session-reviewer2"], as a list',
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
    'write ["arn:aws:iam::111111111111:role/session-reviewer"], as a list',
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
  [
    "with objects of any size that move",
    { "transcripts.lifecycle": { deepArchiveAfterDays: 90, minimumTransitionBytes: 1 } },
  ],
  [
    "with noncurrent versions of any size that move, and nothing else",
    { "transcripts.lifecycle": { noncurrentGlacierAfterDays: 1, minimumTransitionBytes: 1 } },
  ],
  [
    "with access logs that move and stay forever",
    {
      "transcripts.accessLogsExpireAfterDays": null,
      "transcripts.accessLogsLifecycle": { glacierAfterDays: 36500, minimumTransitionBytes: 1 },
    },
  ],
  [
    "with the lifecycle of a created trail's access logs, in a member of the archive",
    {
      "accounts.sandbox.trail": "create",
      "accounts.sandbox.transcripts.accessLogsLifecycle": { glacierAfterDays: 90 },
    },
  ],
  ["with dots in the segments of a prefix", { "transcripts.prefix": "a.b/c../.d/..." }],
  ["without transcripts", { ...OWN_BUCKETS, ...NO_BUCKET }],
]);
