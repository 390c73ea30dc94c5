import { arns, s3Service, type Place } from "../names";
import type { TranscriptDestination } from "./destinations";
import { unique, type Statement } from "./policy";

/** A bucket and what it is encrypted with, as an identity policy has to know it. */
export type KeyedBucket = Pick<TranscriptDestination, "bucket" | "key"> & { readonly place: Place };

/**
 * Grants use of the keys of some buckets, through S3 and for these buckets only: the encryption context says
 * so, since the id of a key that is created is not known. Regions are `*`, because the context names the one
 * bucket, which lies in one region, and 6,144 characters must do for all of them.
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
    // Buckets that are created have a bucket key, for which the context is the bucket; others may not.
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
          "kms:ViaService": unique(keyed.map(({ place }) => s3Service({ ...place, region: "*" }))),
          "kms:EncryptionContext:aws:s3:arn": unique(contexts),
        },
      },
    },
  ];
}
