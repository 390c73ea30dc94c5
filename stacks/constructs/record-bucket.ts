import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings, type Reasons } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

export interface RecordBucketProps {
  readonly name: string;
  /** ARN of the key in the default encryption, in full; null: S3's own key (AES256). */
  readonly keyArn: string | null;
  /**
   * Whether S3 keeps a key of its own between requests and KMS, which makes KMS nearly free, and the
   * encryption context the bucket's ARN instead of the object's.
   */
  readonly bucketKey: boolean;
  readonly policy: Policy;
  /**
   * Whether objects can be locked at all, which is decided when a bucket is created: switching it later would
   * replace the bucket. So it is on wherever S3 allows, whatever the mode says.
   */
  readonly lockable: boolean;
  readonly objectLock: Settings["transcripts"]["objectLock"];
  readonly lifecycle: Settings["transcripts"]["lifecycle"];
  /** Where S3 writes who asked for what; null: nowhere. */
  readonly accessLogs: { readonly bucket: string; readonly ready: readonly ITerraformDependable[] } | null;
  /** Whether Terraform refuses to destroy the bucket. If not, it also deletes what is in it. */
  readonly protect: boolean;
  /** Findings of static checks that stand because of what the bucket is for. */
  readonly accepted: Reasons;
}

/** A private, versioned, encrypted bucket for what must be kept. */
export class RecordBucket extends Construct {
  readonly name: string;
  /**
   * What has to be there before anyone may write: the bucket as it keeps and protects what is written. How long
   * it keeps it (Lifecycle) can come after.
   */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RecordBucketProps) {
    super(scope, id);
    const resource = new S3Bucket(this, "Default", {
      bucket: props.name,
      objectLockEnabled: props.lockable,
      forceDestroy: !props.protect,
      lifecycle: { preventDestroy: props.protect },
    });
    acceptFindings(resource, {
      CKV2_AWS_62: "Nobody waits for new objects: sessions are told by their calls, changes by CloudTrail.",
      ...props.accepted,
    });
    const bucket = resource.id;
    this.name = props.name;

    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "PublicAccessBlock", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownership = new S3BucketOwnershipControls(this, "Ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const versioning = new S3BucketVersioningA(this, "Versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "Encryption", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault:
            props.keyArn === null
              ? { sseAlgorithm: "AES256" }
              : { sseAlgorithm: "aws:kms", kmsMasterKeyId: props.keyArn },
          bucketKeyEnabled: props.keyArn !== null && props.bucketKey,
        },
      ],
    });
    const ready: ITerraformDependable[] = [ownership, versioning, encryption];
    if (props.lockable && props.objectLock.mode !== "off") {
      const retention = { mode: props.objectLock.mode.toUpperCase(), days: props.objectLock.days };
      const lock = new S3BucketObjectLockConfigurationA(this, "ObjectLock", {
        bucket,
        rule: { defaultRetention: retention },
        dependsOn: [versioning],
      });
      ready.push(lock);
    }
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket,
      rule: [lifecycleRule(props.lifecycle)],
      dependsOn: [versioning],
    });
    // S3 refuses two changes of a bucket's policy and its public access block at once.
    const policy = new S3BucketPolicy(this, "Policy", {
      bucket,
      policy: toJson(props.policy),
      dependsOn: [publicAccessBlock],
    });
    if (props.accessLogs) {
      new S3BucketLoggingA(this, "AccessLogging", {
        bucket,
        targetBucket: props.accessLogs.bucket,
        targetPrefix: `${props.name}/`,
        dependsOn: [...props.accessLogs.ready],
      });
    }
    this.ready = [...ready, policy];
  }
}

function lifecycleRule(lifecycle: RecordBucketProps["lifecycle"]) {
  const transitions = [
    { storageClass: "GLACIER_IR", days: lifecycle.glacierInstantRetrievalAfterDays },
    { storageClass: "GLACIER", days: lifecycle.glacierAfterDays },
    { storageClass: "DEEP_ARCHIVE", days: lifecycle.deepArchiveAfterDays },
  ].flatMap((transition) => (transition.days === null ? [] : [{ ...transition, days: transition.days }]));
  const noncurrent = lifecycle.noncurrentExpireAfterDays;
  return {
    id: "keep-and-expire",
    status: "Enabled",
    // An empty filter is the whole bucket.
    filter: [{ prefix: "" }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: lifecycle.abortMultipartAfterDays }],
    ...(transitions.length > 0 && { transition: transitions }),
    ...(lifecycle.expireAfterDays !== null && { expiration: [{ days: lifecycle.expireAfterDays }] }),
    ...(noncurrent !== null && { noncurrentVersionExpiration: [{ noncurrentDays: noncurrent }] }),
  };
}
