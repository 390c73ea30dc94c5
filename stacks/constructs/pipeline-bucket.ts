import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

/** How the bucket of a pipeline encrypts and keeps its objects. */
export interface PipelineBucketProps {
  readonly name: string;
  /** ARN of the key of the default encryption. */
  readonly keyArn: string;
  /** Bucket policy. */
  readonly policy: Policy;
  /** Prefixes of the keys of objects that expire. */
  readonly expiring: readonly string[];
  /** Days after which they expire. */
  readonly days: number;
}

/** How many days an older version of an object is kept. A version of a plan folder holds states, as the object does. */
const OLDER_VERSION_DAYS = 1;

/**
 * The bucket of a pipeline: private, versioned, encrypted with a customer managed key, and without what has expired.
 * @example
 * new PipelineBucket(this, "Bucket", {
 *   name: pipeline.bucket, keyArn: key.arn, policy: pipelineBucketPolicy(pipeline), expiring: ["plans/"], days: 14,
 * });
 */
export class PipelineBucket extends Construct {
  constructor(scope: Construct, id: string, { name, keyArn, policy, expiring, days }: PipelineBucketProps) {
    super(scope, id);
    const resource = new S3Bucket(this, "Default", { bucket: name, lifecycle: { preventDestroy: true } });
    acceptFindings(resource, {
      CKV2_AWS_62: "Step Functions reads a list when an execution starts, and not when somebody writes one.",
      CKV_AWS_18: "The journals in the bucket say who has deployed what.",
      CKV_AWS_143: "Plan folders must expire, and nobody but workers writes journals.",
      CKV_AWS_144:
        "Plan folders expire within days. A lost journal costs a plan, and no record of a session.",
    });
    const bucket = resource.id;
    const block = new S3BucketPublicAccessBlock(this, "PublicAccessBlock", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "Ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const versioning = new S3BucketVersioningA(this, "Versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "Encryption", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          // A plan folder of 2,000 stacks has ten thousand objects: without it, KMS gets a call for each of them.
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket,
      rule: [
        ...expiring.map((prefix) => ({
          id: `expire-${prefix.replace("/", "")}`,
          status: "Enabled",
          filter: [{ prefix }],
          expiration: [{ days }],
          noncurrentVersionExpiration: [{ noncurrentDays: OLDER_VERSION_DAYS }],
        })),
        {
          id: "abort-uploads",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, "Policy", { bucket, policy: toJson(policy), dependsOn: [block] });
  }
}
