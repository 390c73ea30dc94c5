import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { declareOrForget } from "../kit/declare-or-forget";
import { names, type Place } from "../names";
import { transcriptBucketPolicy } from "../policies/bucket-policy";
import type { Members } from "../policies/principals";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";

export interface TranscriptBucketProps {
  readonly place: Place;
  readonly settings: Settings["transcripts"];
  /** Accounts that write here besides the owner; null for a bucket of one target. */
  readonly members: Members | null;
  /**
   * Name of the role with which guards of other accounts look for transcripts.
   * @default null there are none
   */
  readonly guardRole?: string | null;
  readonly keyArn: string | null;
  readonly protect: boolean;
}

/** The bucket that session transcripts are written to, with its access logs. */
export class TranscriptBucket extends Construct {
  readonly bucket: RecordBucket;

  constructor(
    scope: Construct,
    id: string,
    { place, settings, members, guardRole = null, keyArn, protect }: TranscriptBucketProps,
  ) {
    super(scope, id);
    const name = names.transcriptBucket(place);
    this.bucket = new RecordBucket(this, "Default", {
      name,
      keyArn,
      bucketKey: true,
      policy: transcriptBucketPolicy(place, {
        bucket: name,
        prefix: settings.prefix,
        members,
        guardRole,
        readers: settings.readers,
        organizationReaders: settings.organizationReaders,
        replication: settings.replication,
        keyArn,
        protect,
      }),
      lockable: true,
      objectLock: settings.objectLock,
      lifecycle: settings.lifecycle,
      accessLogs: this.accessLogs(place, settings, name, protect),
      protect,
      accepted: {
        CKV_AWS_18: settings.accessLogs.kind === "none" && "The map says transcripts.accessLogs: none.",
        CKV_AWS_143: settings.objectLock.mode === "off" && "The map says transcripts.objectLock.mode: off.",
        CKV_AWS_144:
          settings.replication === null
            ? "The map asks for no replica; the log group of the session's account holds the same text."
            : "The stack of the replica replicates it, since it has the replica's key.",
        CKV_AWS_145: keyArn === null && "The map says encryption.mode: s3-managed.",
      },
    });
  }

  private accessLogs(place: Place, settings: Settings["transcripts"], source: string, protect: boolean) {
    const { accessLogs, accessLogsExpireAfterDays: expireAfterDays } = settings;
    const wanted = accessLogs.kind === "created";
    const created = declareOrForget(this, "AccessLogs", { wanted, protect }, (scope, id) => {
      const name = names.accessLogBucket(place);
      return new AccessLogBucket(scope, id, { place, name, source, expireAfterDays, protect });
    });
    if (created) return { bucket: created.name, ready: created.ready };
    return accessLogs.kind === "existing" ? { bucket: accessLogs.name, ready: [] } : null;
  }
}
