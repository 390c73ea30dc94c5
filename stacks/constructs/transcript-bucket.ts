import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { declareOrForget } from "../kit/declare-or-forget";
import { names, type Place } from "../names";
import { transcriptBucketPolicy } from "../policies/bucket-policy";
import type { Members } from "../policies/principals";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";

/** Where a bucket of transcripts is, how the map sets it up, and who uses it. */
export interface TranscriptBucketProps {
  /** Account and region of the bucket. */
  readonly place: Place;
  /** The setting `transcripts` of the target or the archive that owns the bucket. */
  readonly settings: Settings["transcripts"];
  /** Accounts that write to a central bucket; null for a bucket that serves its own account alone. */
  readonly members: Members | null;
  /**
   * Name of the role in which guards of other accounts list transcripts.
   * @default null no guard of another account lists this bucket
   */
  readonly guardRole?: string | null;
  /** ARN of the KMS key that encrypts the bucket; null for SSE-S3 (AES256). */
  readonly keyArn: string | null;
  /** Whether Terraform refuses to destroy the bucket, and the bucket policy refuses to delete transcripts. */
  readonly protect: boolean;
}

/**
 * The bucket that session transcripts are written to. A second bucket is created for its server access logs, unless the
 * map names an existing bucket for them or switches them off.
 * @example
 * new TranscriptBucket(this, "Transcripts", {
 *   place, settings: settings.transcripts, members: null, keyArn: key.arn, protect: settings.protect,
 * });
 */
export class TranscriptBucket extends Construct {
  /** The bucket itself: its name, and what must exist before anybody writes to it. */
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
        lifecycle: settings.lifecycle,
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

  /** The bucket for server access logs; null: the map has `transcripts.accessLogs: "none"`. */
  private accessLogs(place: Place, settings: Settings["transcripts"], source: string, protect: boolean) {
    const { accessLogs } = settings;
    const wanted = accessLogs.kind === "created";
    const created = declareOrForget(this, "AccessLogs", { wanted, protect }, (scope, id) => {
      const name = names.accessLogBucket(place);
      return new AccessLogBucket(scope, id, { place, name, source, settings, protect });
    });
    if (created) return { bucket: created.name, ready: created.ready };
    return accessLogs.kind === "existing" ? { bucket: accessLogs.name, ready: [] } : null;
  }
}
