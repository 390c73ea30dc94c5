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

/** How a bucket encrypts and keeps its objects, and who may use it. */
export interface RecordBucketProps {
  /** Name of the bucket. */
  readonly name: string;
  /**
   * ARN of the KMS key of the default encryption; null for SSE-S3 (AES256). It must be the ARN of the key and not of
   * an alias, which KMS resolves in the account of the caller.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
   */
  readonly keyArn: string | null;
  /**
   * Whether the bucket has an S3 Bucket Key. S3 then makes far fewer requests to KMS, and the encryption context of
   * these requests is the ARN of the bucket instead of the object's.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
   */
  readonly bucketKey: boolean;
  /** Bucket policy. */
  readonly policy: Policy;
  /**
   * Whether Object Lock is enabled on the bucket. The provider replaces a bucket when this changes, so it should be
   * true for every bucket in which S3 allows it, even if `objectLock.mode` is `off`.
   * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/s3_bucket.html.markdown
   */
  readonly lockable: boolean;
  /** Default retention of new objects: its mode, and its length in days. It has no effect unless `lockable` is true. */
  readonly objectLock: Settings["transcripts"]["objectLock"];
  /** Days after which objects move to colder storage classes and expire; null for what never happens. */
  readonly lifecycle: Settings["transcripts"]["lifecycle"];
  /**
   * The bucket for server access logs: its name, and what must exist before S3 delivers to it; null: S3 logs no
   * accesses.
   */
  readonly accessLogs: { readonly bucket: string; readonly ready: readonly ITerraformDependable[] } | null;
  /** Whether Terraform refuses to destroy the bucket. If it does not, it deletes the objects with the bucket. */
  readonly protect: boolean;
  /** Findings of static checks that are accepted because of what the bucket is for, with the reasons. */
  readonly accepted: Reasons;
}

/**
 * A private, versioned and encrypted bucket for records that must be kept.
 * @example
 * new RecordBucket(this, "Default", {
 *   name: names.transcriptBucket(place), keyArn: key.arn, bucketKey: true,
 *   policy: transcriptBucketPolicy(place, policyProps), lockable: true,
 *   objectLock: { mode: "governance", days: 365 }, lifecycle: settings.transcripts.lifecycle, accessLogs: null,
 *   protect: true, accepted: {},
 * });
 */
export class RecordBucket extends Construct {
  /** Name of the bucket as a plain string. */
  readonly name: string;
  /**
   * Resources that must exist before anybody writes to the bucket: all that encrypts and protects an object from its
   * upload on. The lifecycle configuration is not among them, because it acts days later.
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
      CKV2_AWS_62:
        "Notifications come from the API calls of sessions and from CloudTrail, and not from new objects.",
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
      rule: lifecycleRules(props.lifecycle),
      dependsOn: [versioning],
    });
    // S3 answers OperationAborted to simultaneous changes of a bucket's policy and its public access block.
    // @see https://github.com/hashicorp/terraform-provider-aws/issues/7628
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

const transition = (storageClass: string, days: number | null) =>
  days === null ? [] : [{ storageClass, days }];

const noncurrentTransition = (storageClass: string, noncurrentDays: number | null) =>
  noncurrentDays === null ? [] : [{ storageClass, noncurrentDays }];

/**
 * The lifecycle rules of a bucket. One rule expires objects and moves them to colder storage classes. If the map sets
 * `minimumTransitionBytes`, a second rule makes the moves, because a filter by size applies to a whole rule.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
function lifecycleRules(lifecycle: RecordBucketProps["lifecycle"]) {
  const transitions = [
    ...transition("GLACIER_IR", lifecycle.glacierInstantRetrievalAfterDays),
    ...transition("GLACIER", lifecycle.glacierAfterDays),
    ...transition("DEEP_ARCHIVE", lifecycle.deepArchiveAfterDays),
  ];
  const noncurrentTransitions = [
    ...noncurrentTransition("GLACIER_IR", lifecycle.noncurrentGlacierInstantRetrievalAfterDays),
    ...noncurrentTransition("GLACIER", lifecycle.noncurrentGlacierAfterDays),
    ...noncurrentTransition("DEEP_ARCHIVE", lifecycle.noncurrentDeepArchiveAfterDays),
  ];
  const moves = {
    ...(transitions.length > 0 && { transition: transitions }),
    ...(noncurrentTransitions.length > 0 && { noncurrentVersionTransition: noncurrentTransitions }),
  };
  const { minimumTransitionBytes: smallest, noncurrentExpireAfterDays: noncurrent } = lifecycle;
  const movesApart = smallest !== null && Object.keys(moves).length > 0;
  const keep = {
    id: "keep-and-expire",
    status: "Enabled",
    // An empty prefix matches every object of the bucket.
    filter: [{ prefix: "" }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: lifecycle.abortMultipartAfterDays }],
    ...(!movesApart && moves),
    ...(lifecycle.expireAfterDays !== null && { expiration: [{ days: lifecycle.expireAfterDays }] }),
    ...(noncurrent !== null && { noncurrentVersionExpiration: [{ noncurrentDays: noncurrent }] }),
  };
  if (!movesApart) return [keep];
  return [
    keep,
    { id: "move", status: "Enabled", filter: [{ objectSizeGreaterThan: smallest - 1 }], ...moves },
  ];
}
