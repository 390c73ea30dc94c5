import { partitionOf } from "../clients/partitions";
import { GetBucketEncryptionCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import type { SessionRun } from "./session-run";

/** A bucket's default encryption, exactly as stored. */
export interface BucketEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string | undefined;
  /** Id, ARN or alias: whatever was configured. */
  readonly keyId: string | undefined;
  readonly bucketKey: boolean;
}

/** What the agent reads with `GetBucketEncryption`. @throws when it may not, or the bucket does not exist */
export async function bucketEncryption(run: SessionRun): Promise<BucketEncryption> {
  const bucket = run.setting.inputs.s3BucketName;
  await run.agentRequires(
    "s3:GetEncryptionConfiguration",
    `arn:${partitionOf(run.setting.session.region)}:s3:::${bucket}`,
    {
      accountId: run.setting.bucketOwner,
    },
  );
  return storedEncryption(run);
}

/** The bucket's default encryption as S3 itself applies it, whoever asks. */
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
