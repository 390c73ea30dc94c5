import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import { names, type Place } from "../names";
import { movesToArchives } from "../policies/cold-storage";
import { recordingBucketPolicy, recordingTemplate } from "../policies/recording-policy";
import { AccessLogBucket } from "./access-log-bucket";
import { RecordBucket } from "./record-bucket";

/** Where recordings go, how the map keeps them, and who reads them. */
export interface RemoteDesktopRecordingProps {
  /** Account and region of the connections, of the bucket and of the key. */
  readonly place: Place;
  /** The setting `transcripts` of the target: the bucket follows its lock, its lifecycle and its access logs. */
  readonly settings: Settings["transcripts"];
  /** ARNs of the roles that read recordings, where `*` may stand. */
  readonly readers: readonly string[];
  /** ARN of the key that encrypts a recording in the bucket, and before it is there. */
  readonly keyArn: string;
  /** Resources that must exist before Systems Manager uses the key. */
  readonly ready: readonly ITerraformDependable[];
  /** Whether Terraform refuses to destroy the bucket and the preferences, and the bucket policy to delete recordings. */
  readonly protect: boolean;
}

/**
 * The recording of connections by Remote Desktop through Fleet Manager: a bucket of its own, and the preferences of the
 * account and region that name it. The recordings do not go to the bucket of transcripts, because the preferences have no
 * prefix: Systems Manager could then write anywhere among the transcripts, and in an archive nobody could tell whose
 * recording it is.
 *
 * The AWS provider has no resource for the preferences, so a CloudFormation stack holds them. Its drift is CloudFormation's
 * own: Terraform compares the template and not the preferences.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/46165
 * @example
 * new RemoteDesktopRecording(this, "RemoteDesktop", {
 *   place, settings: settings.transcripts, readers: recordings.readers, keyArn, ready, protect: settings.protect,
 * });
 */
export class RemoteDesktopRecording extends Construct {
  constructor(scope: Construct, id: string, props: RemoteDesktopRecordingProps) {
    super(scope, id);
    const { place, settings, readers, keyArn, ready, protect } = props;
    const name = names.recordingBucket(place);
    const bucket = new RecordBucket(this, "Bucket", {
      name,
      keyArn,
      bucketKey: true,
      policy: recordingBucketPolicy(place, {
        bucket: name,
        readers,
        protect,
        archived: movesToArchives(settings.lifecycle),
      }),
      lockable: true,
      objectLock: settings.objectLock,
      lifecycle: settings.lifecycle,
      accessLogs: this.accessLogs(props, name),
      protect,
      accepted: {
        CKV_AWS_18: settings.accessLogs.kind === "none" && "The map says transcripts.accessLogs: none.",
        CKV_AWS_143: settings.objectLock.mode === "off" && "The map says transcripts.objectLock.mode: off.",
        CKV_AWS_144: "transcripts.replication copies transcripts alone.",
      },
    });
    const stack = new CloudformationStack(this, "Preferences", {
      name: names.remoteDesktop(place),
      templateBody: toJson(recordingTemplate(place, { bucket: name, keyArn })),
      // Without these preferences, no connection in the account and region is recorded.
      lifecycle: { preventDestroy: protect },
      dependsOn: [...ready, ...bucket.ready],
    });
    acceptFindings(stack, {
      CKV_AWS_124: "Notifications come from CloudTrail, and not from the events of a CloudFormation stack.",
    });
  }

  private accessLogs({ place, settings, protect }: RemoteDesktopRecordingProps, source: string) {
    const { accessLogs } = settings;
    switch (accessLogs.kind) {
      case "created": {
        const name = names.recordingAccessLogBucket(place);
        const created = new AccessLogBucket(this, "AccessLogs", { place, name, source, settings, protect });
        return { bucket: created.name, ready: created.ready };
      }
      case "existing":
        return { bucket: accessLogs.name, ready: [] };
      case "none":
        return null;
    }
  }
}
