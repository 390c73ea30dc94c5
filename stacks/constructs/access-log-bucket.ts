import type { Construct } from "constructs";
import type { Place } from "../names";
import { accessLogBucketPolicy } from "../policies/log-bucket-policy";
import { RecordBucket } from "./record-bucket";

export interface AccessLogBucketProps {
  readonly place: Place;
  readonly name: string;
  /** Name of the bucket whose accesses are logged here. */
  readonly source: string;
  readonly expireAfterDays: number;
  readonly protect: boolean;
}

/**
 * A bucket for the server access logs of another. S3 delivers neither to a bucket with a default
 * retention, so it has no Object Lock, nor reliably to one with a KMS key, so it has S3's own.
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
