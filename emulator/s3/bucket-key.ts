import { GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import type { Clients } from "../clients/clients";
import { absentIf } from "../iam/deployed-policies";

/**
 * Whether objects of a bucket are encrypted with its S3 Bucket Key: the encryption context is then the ARN of the bucket,
 * and otherwise that of the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export async function hasBucketKey({ s3 }: Clients, Bucket: string): Promise<boolean> {
  const stored = await absentIf("ServerSideEncryptionConfigurationNotFoundError", () =>
    s3.send(new GetBucketEncryptionCommand({ Bucket })),
  );
  return stored?.ServerSideEncryptionConfiguration?.Rules?.[0]?.BucketKeyEnabled === true;
}
