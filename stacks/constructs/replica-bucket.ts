import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { declareOrForget } from "../kit/declare-or-forget";
import { names, type Place } from "../names";
import type { Policy } from "../policies/policy";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";

export interface ReplicaBucketProps {
  /** Of the owner of the replica. */
  readonly place: Place;
  readonly source: Place;
  /** Of the source: the replica is kept as it is. */
  readonly settings: Settings["transcripts"];
  readonly policy: Policy;
  readonly keyArn: string | null;
  readonly protect: boolean;
}

/** The bucket of a second copy, with its access logs: the source's may lie in another account or region. */
export class ReplicaBucket extends Construct {
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
          expireAfterDays: settings.accessLogsExpireAfterDays,
          protect,
        }),
    );
    this.bucket = new RecordBucket(this, "Default", {
      name,
      keyArn,
      bucketKey: true,
      policy,
      // S3 replicates from a bucket that can lock objects only to one that can.
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
