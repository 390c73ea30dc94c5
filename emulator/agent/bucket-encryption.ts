import { partitionOf } from "../clients/partitions";
import { GetBucketEncryptionCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import type { SessionRun } from "./session-run";

/** The default encryption of a bucket, as it was set. */
export interface BucketEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string | undefined;
  /** The id, ARN or alias of the key, as it was set. */
  readonly keyId: string | undefined;
  /** Whether S3 Bucket Keys are on. */
  readonly bucketKey: boolean;
}

/** What the agent reads with `GetBucketEncryption`. @throws Error when the call is denied or the bucket does not exist */
export async function bucketEncryption(run: SessionRun): Promise<BucketEncryption> {
  const bucket = run.setting.inputs.s3BucketName;
  await run.agentRequires(
    "s3:GetEncryptionConfiguration",
    `arn:${partitionOf(run.setting.session.region)}:s3:::${bucket}`,
    {
      accountId: run.bucketOwner,
    },
  );
  return storedEncryption(run);
}

/** The default encryption of the bucket as S3 applies it, independent of any permission. */
export async function storedEncryption(run: SessionRun): Promise<BucketEncryption> {
  const { s3 } = run.setting.agent;
  const Bucket = run.setting.inputs.s3BucketName;
  await s3.send(new HeadBucketCommand({ Bucket }));
  const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  const rule = answer.ServerSideEncryptionConfiguration?.Rules?.[0];
  return {
    algorithm: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    keyId: rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
    bucketKey: rule?.BucketKeyEnabled === true,
  };
}
