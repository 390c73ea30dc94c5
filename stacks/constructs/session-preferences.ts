import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson, revisionOf } from "../kit/json";
import { PREFERENCES_DOCUMENT } from "../names";
import type { Destinations } from "../policies/destinations";

export interface SessionPreferencesProps {
  readonly organization: string;
  readonly settings: Settings;
  readonly destinations: Destinations;
  /** What must be in place before sessions are told to record there. */
  readonly ready: readonly ITerraformDependable[];
}

/** The document that Session Manager reads its preferences from, in this account and region. */
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
      // Destroying it would leave the account with no recording at all.
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
 * The document's content. Booleans are booleans and timeouts strings, as AWS writes them: the agent fails
 * to parse "true" for streaming, and the console greys out on a number.
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
