import {
  wholeNumber,
  section,
  createdOrExisting,
  bucketName,
  keyArn,
  accountId,
  keyPrefix,
  choice,
  described,
  roleArn,
  orNull,
  region,
} from "./values";
import { z } from "zod";

/** What a map may say about a second copy of transcripts. */
export const replication = described(
  z.strictObject({
    account: described(z.string(), {
      description: "Name of the account that owns the replica. null: the account of the bucket itself.",
      allowed: "the name of an account in this map",
      remedy:
        "describe the account that keeps the second copy under accounts, without regions if it has none",
    })
      .nullable()
      .default(null),
    region: region("Region of the replica."),
  }),
  {
    description:
      "A second copy of every new transcript, in another region or account (S3 replication). It has a bucket and a key of its own, and follows the prefix, lock, lifecycle and readers of its source; the settings of the account that owns it say how it encrypts and who is told about changes to it. Said as a whole.",
    allowed: "an object { account: <name of an account in this map>, region: <an AWS region> }",
    remedy: 'write { account: "<name>", region: "<region>" }, or null for no replica',
  },
).nullable();

const afterDays = (what: string, note = "") =>
  orNull(wholeNumber(1, 36500, "days", `Days until ${what}. null: never.${note && ` ${note}`}`));

const SMALL =
  "S3 moves no object under 128 KB unless it is told otherwise, and most transcripts are smaller: those stay where they are.";

const TRAIL_TOO =
  'The bucket of a trail that is made (trail: "create") follows what holds in the account\'s home region.';

export const transcripts = section(
  {
    bucket: createdOrExisting(
      "transcript bucket",
      "Where transcripts go. create: a bucket per target, or the archive account's. none: no transcripts in S3.",
      z.strictObject({
        existing: bucketName("Name of a bucket that is there already."),
        keyArn: keyArn("ARN of the KMS key in the bucket's default encryption; null for AES256.")
          .nullable()
          .default(null),
        account: accountId(
          "Id of the account that owns the bucket. One of the target's own account and region is looked at in each plan: how it encrypts, keeps and refuses. What the owner of another one must allow is in the outputs required_bucket_statements and required_bucket_key_statements. null: the map does not say, which each plan mentions.",
        )
          .nullable()
          .default(null),
      }),
      ["create", "none"],
    ),
    prefix: keyPrefix(
      "Key prefix. Transcripts lie under <prefix>/<account>/<region>/.",
      "drop leading and trailing slashes; the account and region are appended for you",
    ),
    objectLock: section(
      {
        mode: choice(
          ["governance", "compliance", "off"],
          `Object Lock mode of new transcripts. ${TRAIL_TOO}`,
        ),
        days: wholeNumber(1, 36500, "days", "How long a transcript cannot be deleted or overwritten."),
      },
      `Write once, read many. ${TRAIL_TOO}`,
    ),
    lifecycle: section(
      {
        glacierInstantRetrievalAfterDays: afterDays("transcripts move to Glacier Instant Retrieval", SMALL),
        glacierAfterDays: afterDays("transcripts move to Glacier Flexible Retrieval", SMALL),
        deepArchiveAfterDays: afterDays("transcripts move to Glacier Deep Archive", SMALL),
        expireAfterDays: afterDays(
          "transcripts expire, which must not be before their lock ends",
          "The bucket is versioned: what expires becomes a noncurrent version, so noncurrentExpireAfterDays is needed as well.",
        ),
        noncurrentExpireAfterDays: afterDays("overwritten, deleted or expired versions are gone"),
        abortMultipartAfterDays: wholeNumber(1, 365, "days", "Days until an unfinished upload is dropped."),
      },
      `Storage classes and expiry, each later than the one before. ${TRAIL_TOO}`,
    ),
    accessLogs: createdOrExisting(
      "bucket for server access logs",
      "Where S3 logs each access to the transcripts. create: a bucket next to theirs. none: nowhere.",
      z.strictObject({
        existing: bucketName(
          "Name of a bucket that takes server access logs. It must lie in the same account and region.",
        ),
      }),
      ["create", "none"],
    ),
    accessLogsExpireAfterDays: wholeNumber(
      1,
      36500,
      "days",
      "Days until a created bucket's access logs expire, those of a created trail's bucket included.",
    ),
    readers: described(z.array(roleArn("A role that may read transcripts.", true)).max(100), {
      description:
        "The only roles that may read and decrypt transcripts. Nobody else may, administrators included.",
      allowed: "a list of at most 100 IAM role ARNs",
      remedy: "list the ARNs of the reviewers' roles",
    }),
    replication,
  },
  "Transcripts in S3.",
);
