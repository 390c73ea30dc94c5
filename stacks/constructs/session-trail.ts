import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import { names, type Place } from "../names";
import { trailBucketPolicy } from "../policies/log-bucket-policy";
import { trailKeyPolicy } from "../policies/key-policy";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";
import { declareKey } from "./encryption-key";

/** Where a trail is, and how its key and its bucket are set up. */
export interface SessionTrailProps {
  /** The account, and its home region, in which the trail, its key and its bucket are. */
  readonly place: Place;
  /** Settings of the account in its home region. The trail's bucket has the retention of transcripts. */
  readonly settings: Pick<Settings, "encryption" | "transcripts" | "protect">;
}

/**
 * A CloudTrail trail of the management events of all regions, for an account that no other trail records. Without a
 * trail, EventBridge rules receive no session calls.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @example
 * new SessionTrail(this, "Trail", { place: homeOf(organization, account), settings: account.settings });
 */
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
      settings: transcripts,
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
      accepted: {
        CKV_AWS_143:
          transcripts.objectLock.mode === "off" && "The map says transcripts.objectLock.mode: off.",
        CKV_AWS_144: "CloudTrail keeps the last 90 days of management events in every region by itself.",
        CKV_AWS_145: keyArn === null && "The map says encryption.mode: s3-managed.",
      },
    });
    const cloudTrail = new Cloudtrail(this, "Default", {
      name: names.trail(place),
      s3BucketName: bucket.name,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      ...(keyArn !== null && { kmsKeyId: keyArn }),
      dependsOn: [...bucket.ready],
    });
    acceptFindings(cloudTrail, {
      CKV_AWS_35: keyArn === null && "The map says encryption.mode: s3-managed.",
      CKV_AWS_252: "A message for each delivered file, every few minutes, would tell nobody anything.",
      CKV2_AWS_10: "EventBridge gets the same events, and its rules are what watches them here.",
    });
  }
}
