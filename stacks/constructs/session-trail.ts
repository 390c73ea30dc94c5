import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/settings";
import { declareKey } from "../declare-key";
import { names, type Place } from "../names";
import { trailBucketPolicy } from "../policies/bucket-policy";
import { trailKeyPolicy } from "../policies/key-policy";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";

export interface SessionTrailProps {
  readonly place: Place;
  /** Of the home region, where the trail's key and bucket lie. */
  readonly settings: Pick<Settings, "encryption" | "transcripts" | "protect">;
}

/** A trail of management events in all regions, for accounts that no other trail records. */
export class SessionTrail extends Construct {
  constructor(scope: Construct, id: string, { place, settings }: SessionTrailProps) {
    super(scope, id);
    const { encryption, transcripts, protect } = settings;
    const name = names.trailBucket(place);

    const { keyArn } = declareKey(this, encryption, {
      description: `CloudTrail trail ${names.trail(place)}`,
      alias: names.trailKeyAlias(place),
      policy: trailKeyPolicy(place),
      protect,
    });
    const accessLogs = new AccessLogBucket(this, "AccessLogs", {
      place,
      name: names.trailAccessLogBucket(place),
      source: name,
      expireAfterDays: transcripts.accessLogsExpireAfterDays,
      protect,
    });
    const bucket = new RecordBucket(this, "Bucket", {
      name,
      keyArn,
      bucketKey: false,
      policy: trailBucketPolicy(place, { protect }),
      lockable: true,
      objectLock: transcripts.objectLock,
      lifecycle: transcripts.lifecycle,
      accessLogs: { bucket: accessLogs.name, ready: accessLogs.ready },
      protect,
    });
    new Cloudtrail(this, "Default", {
      name: names.trail(place),
      s3BucketName: bucket.name,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      ...(keyArn !== null && { kmsKeyId: keyArn }),
      dependsOn: [...bucket.ready],
    });
  }
}
