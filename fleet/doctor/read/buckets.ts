import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { BucketState } from "../checks/buckets";
import { orNull } from "./seen";

/** A bucket; null: there is no such bucket. */
export const readBucket = (s3: S3Client, Bucket: string): Promise<BucketState | null> =>
  orNull(["NoSuchBucket"], async () => {
    const [encryption, versioning, lock, publicAccess] = await Promise.all([
      orNull(["ServerSideEncryptionConfigurationNotFoundError"], () =>
        s3.send(new GetBucketEncryptionCommand({ Bucket })),
      ),
      s3.send(new GetBucketVersioningCommand({ Bucket })),
      orNull(["ObjectLockConfigurationNotFoundError"], () =>
        s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
      ),
      orNull(["NoSuchPublicAccessBlockConfiguration"], () =>
        s3.send(new GetPublicAccessBlockCommand({ Bucket })),
      ),
    ]);
    const rule =
      encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    const retention = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention;
    const blocked = publicAccess?.PublicAccessBlockConfiguration;
    return {
      algorithm: rule?.SSEAlgorithm ?? null,
      key: rule?.KMSMasterKeyID ?? null,
      versioned: versioning.Status === "Enabled",
      lock: retention ? { mode: retention.Mode ?? "", days: retention.Days ?? 0 } : null,
      blocksPublicAccess:
        blocked?.BlockPublicAcls === true &&
        blocked.BlockPublicPolicy === true &&
        blocked.IgnorePublicAcls === true &&
        blocked.RestrictPublicBuckets === true,
    };
  });

/** The default encryption of a bucket, as the SSM Agent asks for it; null: there is no such bucket. */
export const readEncryption = (
  s3: S3Client,
  Bucket: string,
): Promise<Pick<BucketState, "algorithm" | "key"> | null> =>
  orNull(["NoSuchBucket"], async () => {
    const found = await orNull(["ServerSideEncryptionConfigurationNotFoundError"], () =>
      s3.send(new GetBucketEncryptionCommand({ Bucket })),
    );
    const rule = found?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    return { algorithm: rule?.SSEAlgorithm ?? null, key: rule?.KMSMasterKeyID ?? null };
  });
