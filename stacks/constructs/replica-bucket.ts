import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { declareOrForget } from "../kit/declare-or-forget";
import { names, type Place } from "../names";
import type { Policy } from "../policies/policy";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";

/** Where a replica is, and what it is a replica of. */
export interface ReplicaBucketProps {
  /** Account and region of the replica. */
  readonly place: Place;
  /** Account and region of the source bucket, after which the replica is named. */
  readonly source: Place;
  /** The setting `transcripts` of the source. The replica keeps its objects as the source does. */
  readonly settings: Settings["transcripts"];
  /** Bucket policy of the replica. */
  readonly policy: Policy;
  /** ARN of the KMS key that encrypts the replica; null for SSE-S3 (AES256). */
  readonly keyArn: string | null;
  /** Whether Terraform refuses to destroy the bucket. If it does not, it deletes the objects with the bucket. */
  readonly protect: boolean;
}

/**
 * The bucket for the second copy of transcripts. It has a bucket for access logs of its own, because S3 delivers access
 * logs within one account and region only, and those of the source may be others.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @example
 * new ReplicaBucket(this, "Replica", {
 *   place: archiveOwner, source, settings: replica.source.settings.transcripts, policy, keyArn: key.arn,
 *   protect: true,
 * });
 */
export class ReplicaBucket extends Construct {
  /** The bucket itself: its name, and what must exist before S3 replicates to it. */
  readonly bucket: RecordBucket;

  constructor(scope: Construct, id: string, props: ReplicaBucketProps) {
    super(scope, id);
    const { place, source, settings, policy, keyArn, protect } = props;
    const name = names.replicaBucket(source);
    const accessLogs = declareOrForget(
      this,
      "AccessLogs",
      { wanted: settings.accessLogs.kind !== "none", protect },
      (scope, id) =>
        new AccessLogBucket(scope, id, {
          place,
          name: names.replicaAccessLogBucket(source),
          source: name,
          settings,
          protect,
        }),
    );
    this.bucket = new RecordBucket(this, "Default", {
      name,
      keyArn,
      bucketKey: true,
      policy,
      // S3 replicates from a bucket with Object Lock only to another bucket with Object Lock.
      // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
      lockable: true,
      objectLock: settings.objectLock,
      lifecycle: settings.lifecycle,
      accessLogs: accessLogs && { bucket: accessLogs.name, ready: accessLogs.ready },
      protect,
      accepted: {
        CKV_AWS_18: settings.accessLogs.kind === "none" && "The map says transcripts.accessLogs: none.",
        CKV_AWS_143: settings.objectLock.mode === "off" && "The map says transcripts.objectLock.mode: off.",
        CKV_AWS_144: "It is the second copy itself; the original lies in another region or account.",
        CKV_AWS_145: keyArn === null && "The map says encryption.mode: s3-managed.",
      },
    });
  }
}
