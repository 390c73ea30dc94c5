import type { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
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
  /** The setting `transcripts`: when access logs move to colder storage, and when they expire. */
  readonly settings: Pick<Settings["transcripts"], "accessLogsExpireAfterDays" | "accessLogsLifecycle">;
  /** Whether Terraform refuses to destroy the bucket, and the bucket policy refuses to delete access logs. */
  readonly protect: boolean;
}

/**
 * A bucket for the server access logs of another bucket. It has no Object Lock and no KMS key, because S3 delivers
 * access logs neither to a bucket with a default retention nor to one whose default encryption is SSE-KMS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @example
 * new AccessLogBucket(this, "AccessLogs", {
 *   place, name: names.accessLogBucket(place), source: names.transcriptBucket(place),
 *   settings: settings.transcripts, protect: true,
 * });
 */
export class AccessLogBucket extends RecordBucket {
  constructor(
    scope: Construct,
    id: string,
    { place, name, source, settings, protect }: AccessLogBucketProps,
  ) {
    super(scope, id, {
      name,
      keyArn: null,
      bucketKey: false,
      policy: accessLogBucketPolicy(place, { bucket: name, source, protect }),
      lockable: false,
      objectLock: { mode: "off", days: 1 },
      lifecycle: {
        ...settings.accessLogsLifecycle,
        expireAfterDays: settings.accessLogsExpireAfterDays,
        // Nobody overwrites an access log. A noncurrent version is one that has expired or was deleted.
        noncurrentGlacierInstantRetrievalAfterDays: null,
        noncurrentGlacierAfterDays: null,
        noncurrentDeepArchiveAfterDays: null,
        noncurrentExpireAfterDays: settings.accessLogsExpireAfterDays,
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
