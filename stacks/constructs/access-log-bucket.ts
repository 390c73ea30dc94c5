import type { Construct } from "constructs";
import type { Place } from "../names";
import { accessLogBucketPolicy } from "../policies/log-bucket-policy";
import { RecordBucket } from "./record-bucket";

/** The bucket whose accesses are logged, the bucket for the logs, and how long the logs are kept. */
export interface AccessLogBucketProps {
  /** Account and region of both buckets. */
  readonly place: Place;
  /** Name of the bucket for access logs. */
  readonly name: string;
  /** Name of the bucket whose accesses are logged. */
  readonly source: string;
  /** Days after which access logs expire. */
  readonly expireAfterDays: number;
  /** Whether Terraform refuses to destroy the bucket, and the bucket policy refuses to delete access logs. */
  readonly protect: boolean;
}

/**
 * A bucket for the server access logs of another bucket. It has no Object Lock and no KMS key, because S3 delivers
 * access logs neither to a bucket with a default retention nor to one whose default encryption is SSE-KMS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @example
 * new AccessLogBucket(this, "AccessLogs", {
 *   place, name: names.accessLogBucket(place), source: names.transcriptBucket(place), expireAfterDays: 365,
 *   protect: true,
 * });
 */
export class AccessLogBucket extends RecordBucket {
  constructor(
    scope: Construct,
    id: string,
    { place, name, source, expireAfterDays, protect }: AccessLogBucketProps,
  ) {
    super(scope, id, {
      name,
      keyArn: null,
      bucketKey: false,
      policy: accessLogBucketPolicy(place, { bucket: name, source, protect }),
      lockable: false,
      objectLock: { mode: "off", days: 1 },
      lifecycle: {
        glacierInstantRetrievalAfterDays: null,
        glacierAfterDays: null,
        deepArchiveAfterDays: null,
        expireAfterDays,
        noncurrentExpireAfterDays: expireAfterDays,
        abortMultipartAfterDays: 7,
      },
      accessLogs: null,
      protect,
      accepted: {
        CKV_AWS_18: "Access logs of access logs would log their own delivery without end.",
        CKV_AWS_143:
          "S3 delivers access logs to no bucket with a default retention; the policy refuses deletion.",
        CKV_AWS_144: "Losing a region loses who read there, and no record of a session.",
        CKV_AWS_145: "S3 delivers access logs to no bucket that a KMS key encrypts.",
      },
    });
  }
}
