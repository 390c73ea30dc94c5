import { arns, s3Service, type Place } from "../names";
import type { TranscriptDestination } from "./destinations";
import type { Statement } from "./policy";

/**
 * The statements that the owner of an existing bucket in another account must add to the bucket policy, so that
 * instances of this account can write transcripts and check the bucket's encryption.
 * @param place account and region that write
 * @param bucket name of the bucket and key prefix of the transcripts
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 * @example requiredOfBucket(place, { bucket: "central-logs", prefix: "sessions/222222222222/eu-central-1" })
 */
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
      // SSM Agent sends an ACL with every upload, for which a bucket of another account requires s3:PutObjectAcl.
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

/**
 * The statement that the owner of that bucket's key must add to the key policy. It allows both encryption contexts
 * that S3 uses: the bucket's ARN if the bucket has an S3 Bucket Key, the object's ARN if not.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
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
