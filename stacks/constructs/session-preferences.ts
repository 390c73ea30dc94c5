import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson, revisionOf } from "../kit/json";
import { PREFERENCES_DOCUMENT } from "../names";
import type { Destinations } from "../policies/destinations";

/** What the preferences of one account and region are made of. */
export interface SessionPreferencesProps {
  /** Name of the organization in the map. The description of the document contains it. */
  readonly organization: string;
  /** Settings of the target. */
  readonly settings: Settings;
  /** The bucket, the log group and the key that the document names. */
  readonly destinations: Destinations;
  /** Resources that must exist before sessions record to them: the key, the bucket, the log group, the endpoints. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * The document `SSM-SessionManagerRunShell`, which holds the Session Manager preferences of an account in a region.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-preferences-cli.html
 * @example
 * new SessionPreferences(this, "Preferences", {
 *   organization: "acme",
 *   settings: target.settings,
 *   destinations: destinationsOf(organization, target),
 *   ready: [...logGroup.ready, ...transcripts.bucket.ready],
 * });
 */
export class SessionPreferences extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { organization, settings, destinations, ready }: SessionPreferencesProps,
  ) {
    super(scope, id);
    const document = new SsmDocument(this, "Default", {
      name: PREFERENCES_DOCUMENT,
      documentType: "Session",
      documentFormat: "JSON",
      content: toJson(preferencesDocument(organization, settings, destinations)),
      // Without this document, no session in the account and region is recorded.
      lifecycle: { preventDestroy: settings.protect },
      dependsOn: [...ready],
    });
    acceptFindings(document, {
      CKV_AWS_112:
        destinations.sessionKey === null &&
        "The map says preferences.encryptSessionData: false; TLS remains.",
    });
    if (settings.preferences.adopt) document.importFrom(PREFERENCES_DOCUMENT);
  }
}

/**
 * The content of the document. Switches are JSON booleans and timeouts are JSON strings, as in AWS's own example.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
 */
function preferencesDocument(organization: string, settings: Settings, destinations: Destinations) {
  const { preferences, logs } = settings;
  const { transcripts, logGroup, sessionKey } = destinations;
  const inputs = {
    s3BucketName: transcripts?.bucket ?? "",
    s3KeyPrefix: transcripts?.prefix ?? "",
    s3EncryptionEnabled: preferences.enforce.s3,
    cloudWatchLogGroupName: logGroup ?? "",
    cloudWatchEncryptionEnabled: preferences.enforce.cloudWatch,
    cloudWatchStreamingEnabled: logs.streaming,
    kmsKeyId: sessionKey === null ? "" : "alias" in sessionKey ? sessionKey.alias : sessionKey.arn,
    runAsEnabled: preferences.runAs.enabled,
    runAsDefaultUser: preferences.runAs.defaultUser ?? "",
    idleSessionTimeout: String(preferences.idleTimeoutMinutes),
    maxSessionDuration:
      preferences.maximumDurationMinutes === null ? "" : String(preferences.maximumDurationMinutes),
    shellProfile: { windows: preferences.shellProfile.windows, linux: preferences.shellProfile.linux },
  };
  return {
    schemaVersion: "1.0",
    description: `Session Manager preferences of ${organization}, kept by session-audit (revision ${revisionOf(inputs)})`,
    sessionType: "Standard_Stream",
    inputs,
  };
}
