import { GetBucketLocationCommand } from "@aws-sdk/client-s3";
import type { Clients } from "../clients/clients";

/**
 * The region of a bucket. S3 names none for a bucket in us-east-1.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export async function bucketRegion({ s3 }: Clients, Bucket: string): Promise<string> {
  const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
  return LocationConstraint || "us-east-1";
}
