import { z } from "zod";
import { accountId, bucketName, keyArn, keyPrefix, region, roleArn } from "./names";
import { choice, createdOrExisting, described, orNull, section, wholeNumber } from "./values";

/** What a map may say about a second copy of transcripts. */
export const replication = described(
  z.strictObject({
    account: described(z.string(), {
      description: "Name of the account that owns the replica. null: the account that owns the bucket.",
      allowed: "the name of an account in this map",
      remedy:
        "describe the account that keeps the second copy under accounts, with regions: [] if it has no sessions",
    })
      .nullable()
      .default(null),
    region: region("Region of the replica."),
  }),
  {
    description:
      "S3 replication: a second copy of every new transcript, in another region or account. The replica has a bucket and a key of its own. Its prefix, lock, lifecycle and readers are those of the source; its encryption and notifications follow the settings of the account that owns it. An inner level replaces the whole object.",
    allowed: "an object { account: <name of an account in this map>, region: <an AWS region> }",
    remedy: 'write { account: "<name>", region: "<region>" }, or null for no replica',
  },
).nullable();

const afterDays = (what: string, note = "") =>
  orNull(
    wholeNumber(
      1,
      36500,
      "days",
      `Days until ${what}. null: never.${note && ` ${note}`}`,
      "write a number of days from 1 to 36500, or null for never",
    ),
  );

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
const SMALL =
  "S3 moves no object under 128 KB, and most transcripts are smaller, unless minimumTransitionBytes is set.";

/** Settings of the storage classes to which objects move. @param what the objects, as in `transcripts` */
const transitions = (what: string, note: string) => ({
  glacierInstantRetrievalAfterDays: afterDays(`${what} move to Glacier Instant Retrieval`, note),
  glacierAfterDays: afterDays(`${what} move to Glacier Flexible Retrieval`, note),
  deepArchiveAfterDays: afterDays(`${what} move to Glacier Deep Archive`, note),
});

const minimumTransitionBytes = orNull(
  wholeNumber(
    1,
    1_000_000_000,
    "bytes",
    "Size of the smallest object that moves to colder storage. null: 128 KB (131072), S3's own limit. Colder storage of a small object can cost more than the move saves: see docs/cost.md.",
  ),
);

const TRAIL_TOO =
  'The bucket of a created trail (trail: "create") follows the settings of the account\'s home region.';

/** What a map may say about transcripts. */
export const transcripts = section(
  {
    bucket: createdOrExisting(
      "transcript bucket",
      "Where transcripts go. create: a bucket in each account and region, or the bucket of the archive account in the region. none: no transcripts in S3. { existing }: your own bucket.",
      z.strictObject({
        existing: bucketName("Name of an existing bucket."),
        keyArn: keyArn("ARN of the KMS key in the default encryption of the bucket. null: AES256.")
          .nullable()
          .default(null),
        account: accountId(
          "Id of the account that owns the bucket. Instances give transcripts to a bucket of that account only. Each plan examines a bucket in the target's own account and region: its encryption, its retention and its policy. The owner of a bucket in another account must add the statements in the outputs required_bucket_statements and required_bucket_key_statements. null: unknown, which each plan mentions. A stranger who takes over the name of the bucket would then be given transcripts.",
        )
          .nullable()
          .default(null),
      }),
      ["create", "none"],
    ),
    prefix: keyPrefix(
      "Key prefix. The key of a transcript begins with <prefix>/<account>/<region>/.",
      "drop leading and trailing slashes; the account and region are appended for you",
    ),
    objectLock: section(
      {
        mode: choice(
          ["governance", "compliance", "off"],
          `Object Lock mode of new transcripts. ${TRAIL_TOO}`,
        ),
        days: wholeNumber(1, 36500, "days", "Days in which a transcript cannot be deleted or overwritten."),
      },
      `S3 Object Lock: write once, read many. ${TRAIL_TOO}`,
    ),
    lifecycle: section(
      {
        ...transitions("transcripts", SMALL),
        minimumTransitionBytes,
        expireAfterDays: afterDays(
          "transcripts expire, which must not be before their lock ends",
          "The bucket is versioned: an expired transcript becomes a noncurrent version, so set noncurrentExpireAfterDays as well.",
        ),
        noncurrentGlacierInstantRetrievalAfterDays: afterDays(
          "overwritten, deleted or expired versions move to Glacier Instant Retrieval",
          SMALL,
        ),
        noncurrentGlacierAfterDays: afterDays(
          "overwritten, deleted or expired versions move to Glacier Flexible Retrieval",
          SMALL,
        ),
        noncurrentDeepArchiveAfterDays: afterDays(
          "overwritten, deleted or expired versions move to Glacier Deep Archive",
          SMALL,
        ),
        noncurrentExpireAfterDays: afterDays(
          "overwritten, deleted or expired versions are deleted for good",
          "At least expireAfterDays, unless the lock lasts as long, so that nobody makes a transcript expire early by overwriting it. An expired transcript is kept for these days as well.",
        ),
        abortMultipartAfterDays: wholeNumber(1, 365, "days", "Days until S3 discards an unfinished upload."),
      },
      `Storage classes and expiry, in this order: each must be later than the one before, for transcripts and for noncurrent versions. ${TRAIL_TOO}`,
    ),
    accessLogs: createdOrExisting(
      "bucket for server access logs",
      "Where S3 logs each access to the transcripts. create: a second bucket beside the bucket of transcripts. none: nowhere. { existing }: your own bucket.",
      z.strictObject({
        existing: bucketName(
          "Name of a bucket for server access logs, in the same account and region. Each plan examines it: S3 delivers nothing, without an error, to a bucket with a default retention of Object Lock or with a KMS key. Its policy needs the statement in the output required_access_log_statements.",
        ),
      }),
      ["create", "none"],
    ),
    accessLogsExpireAfterDays: afterDays(
      "the access logs in a created bucket expire, the access logs of a created trail's bucket included",
    ),
    accessLogsLifecycle: section(
      {
        ...transitions(
          "access logs",
          "S3 moves no object under 128 KB, and most access logs are smaller, unless minimumTransitionBytes is set.",
        ),
        minimumTransitionBytes,
      },
      "Storage classes of the access logs in a created bucket, in this order: each must be later than the one before, and accessLogsExpireAfterDays later than all of them. The access logs of a created trail's bucket follow it as well.",
    ),
    readers: described(z.array(roleArn("A role that may read transcripts.", true)).max(100), {
      description:
        "The only roles that may read and decrypt transcripts. Everybody else is refused, administrators included. In the archive's bucket, roles of the archive account read the transcripts of every account, and roles of another account those of their own account only.",
      allowed: "a list of at most 100 IAM role ARNs",
      remedy: "list the ARNs of the reviewers' roles",
    }),
    organizationReaders: described(
      z.array(roleArn("A role that may read the transcripts of every account.", true)).max(20),
      {
        description:
          "Roles that may read and decrypt the transcripts of every account, although they are not roles of the archive account. They need not be among readers.",
        allowed: "a list of at most 20 IAM role ARNs",
        remedy: "list the ARNs of the roles that review sessions of the whole organization",
      },
    ),
    replication,
  },
  "Transcripts in S3.",
  {
    retentiondays:
      "set lifecycle.expireAfterDays and lifecycle.noncurrentExpireAfterDays, or objectLock.days",
    retention: "set lifecycle.expireAfterDays and lifecycle.noncurrentExpireAfterDays, or objectLock.days",
  },
);
