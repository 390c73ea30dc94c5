import { arns, s3Service, type Place } from "../names";
import type { TranscriptDestination } from "./destinations";
import type { Statement } from "./policy";

/** What the owner of a bucket that exists must allow the account that writes there, if it is another's. */
export function requiredOfBucket(
  place: Place,
  { bucket, prefix }: Pick<TranscriptDestination, "bucket" | "prefix">,
): readonly Statement[] {
  const arn = arns.bucket(place, bucket);
  const Principal = { AWS: arns.root(place.account) };
  return [
    {
      Sid: "AccountWritesTranscripts",
      Effect: "Allow",
      Principal,
      // The agent sends an ACL with every upload, for which a bucket of another account asks PutObjectAcl.
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Resource: `${arn}/${prefix}/*`,
    },
    {
      Sid: "AccountChecksEncryption",
      Effect: "Allow",
      Principal,
      Action: ["s3:GetEncryptionConfiguration"],
      Resource: arn,
    },
  ];
}

/** What the policy of that bucket's key must allow the account. A bucket key may be on or off, so both contexts are. */
export function requiredOfBucketKey(place: Place, bucket: string, keyArn: string): readonly Statement[] {
  const arn = arns.bucket(place, bucket);
  const [, , , region = ""] = keyArn.split(":");
  return [
    {
      Sid: "AccountUsesKeyOfBucket",
      Effect: "Allow",
      Principal: { AWS: arns.root(place.account) },
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "*",
      Condition: {
        StringEquals: { "kms:ViaService": s3Service({ ...place, region }) },
        StringLike: { "kms:EncryptionContext:aws:s3:arn": [arn, `${arn}/*`] },
      },
    },
  ];
}
