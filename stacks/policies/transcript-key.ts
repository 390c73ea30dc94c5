import { arns, s3Service, type Place } from "../names";
import type { TranscriptDestination } from "./destinations";
import { accountsOf, isOneOf } from "./principals";
import { unique, type Statement } from "./policy";

/** A bucket and its KMS key, as an identity policy identifies them. */
export type KeyedBucket = Pick<TranscriptDestination, "bucket" | "key"> & { readonly place: Place };

/**
 * Allows use of the keys of some buckets, through S3 and for these buckets only. AWS makes up the id of a key that
 * is created, so the statement matches every key of the owner, and the encryption context limits it to the buckets.
 * The region of keys and of S3 is `*`: each bucket is in one region anyway, and the policy must stay below 6,144
 * characters.
 * @param sid Sid of the statement
 * @param actions actions on the keys, such as `kms:Decrypt`
 * @returns no statement where no bucket has a KMS key
 */
export function useKeysThroughS3(
  sid: string,
  actions: readonly string[],
  buckets: readonly KeyedBucket[],
): Statement[] {
  const keyed = buckets.flatMap(({ place, bucket, key }) => (key === null ? [] : [{ place, bucket, key }]));
  if (keyed.length === 0) return [];
  const contexts = keyed.flatMap(({ place, bucket, key }) => {
    const arn = arns.bucket(place, bucket);
    // With an S3 Bucket Key the context is the ARN of the bucket, otherwise that of the object. Created buckets have
    // one. Of an existing bucket it is not known.
    // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    return "arn" in key ? [arn, `${arn}/*`] : [arn];
  });
  return [
    {
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: unique(
        keyed.map(({ key }) => ("owner" in key ? arns.keys({ ...key.owner, region: "*" }) : key.arn)),
      ),
      Condition: {
        StringLike: {
          "kms:ViaService": unique(keyed.flatMap(({ place }) => s3Service({ ...place, region: "*" }))),
          "kms:EncryptionContext:aws:s3:arn": unique(contexts),
        },
      },
    },
  ];
}

/**
 * Limits a statement to requests that S3 makes for one bucket. Created buckets have an S3 Bucket Key, with which the
 * encryption context is the ARN of the bucket and not of the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export const throughBucket = (place: Place, bucket: string) => ({
  StringEquals: {
    "kms:ViaService": s3Service(place),
    "kms:EncryptionContext:aws:s3:arn": arns.bucket(place, bucket),
  },
});

/** Lets the named readers decrypt through one bucket. @param readers ARNs of roles, where `*` may stand */
export const readersDecryptTranscripts = (
  place: Place,
  bucket: string,
  readers: readonly string[],
): Statement => ({
  Sid: "ReadersDecryptTranscriptsThroughS3",
  Effect: "Allow",
  Principal: accountsOf(readers),
  Action: ["kms:Decrypt"],
  Resource: "*",
  Condition: { ...throughBucket(place, bucket), ...isOneOf(readers) },
});
