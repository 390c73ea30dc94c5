import { GetDocumentCommand } from "@aws-sdk/client-ssm";
import type { Clients } from "../clients/clients";
import { absentIf } from "../iam/deployed-policies";

/**
 * The `inputs` of a Session document, with the agent's defaults for fields that are left out.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
 */
export interface SessionInputs {
  readonly s3BucketName: string;
  readonly s3KeyPrefix: string;
  readonly s3EncryptionEnabled: boolean;
  readonly cloudWatchLogGroupName: string;
  readonly cloudWatchEncryptionEnabled: boolean;
  readonly cloudWatchStreamingEnabled: boolean;
  readonly kmsKeyId: string;
  readonly runAsEnabled: boolean;
  readonly runAsDefaultUser: string;
}

/** The inputs of a session without preferences: nothing is recorded. */
export const NO_LOGGING: SessionInputs = {
  s3BucketName: "",
  s3KeyPrefix: "",
  s3EncryptionEnabled: false,
  cloudWatchLogGroupName: "",
  cloudWatchEncryptionEnabled: false,
  cloudWatchStreamingEnabled: false,
  kmsKeyId: "",
  runAsEnabled: false,
  runAsDefaultUser: "",
};

/** The content of a Session document. */
export interface SessionDocument {
  /** Such as `Standard_Stream` or `Port`. */
  readonly sessionType: string;
  readonly inputs: SessionInputs;
}

/**
 * Reads the latest version of a Session document; undefined when the account has no document of that name. Sessions use
 * the latest version and not the default version.
 * @see https://github.com/aws/session-manager-plugin/issues/112
 * @throws Error when the agent cannot parse the document: `cloudWatchStreamingEnabled` must be a boolean and not a string
 */
export async function readPreferences({ ssm }: Clients, Name: string): Promise<SessionDocument | undefined> {
  const get = new GetDocumentCommand({ Name, DocumentVersion: "$LATEST" });
  const document = await absentIf("InvalidDocument", () => ssm.send(get));
  if (document?.Content === undefined) return undefined;
  const { sessionType = "Standard_Stream", inputs = {} } = JSON.parse(document.Content) as {
    sessionType?: string;
    inputs?: Record<string, unknown>;
  };
  const streaming = inputs["cloudWatchStreamingEnabled"];
  if (streaming !== undefined && typeof streaming !== "boolean") {
    throw new Error(
      `json: cannot unmarshal ${typeof streaming} into Go struct field cloudWatchStreamingEnabled of type bool`,
    );
  }
  const given = Object.entries(inputs).map(([name, value]) => [name, looseBoolean(name, value)]);
  return { sessionType, inputs: { ...NO_LOGGING, ...(Object.fromEntries(given) as Partial<SessionInputs>) } };
}

/**
 * Since version 3.0.655.0, agents accept the string "true" in the other boolean fields.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/RELEASENOTES.md
 */
function looseBoolean(name: string, value: unknown): unknown {
  return typeof NO_LOGGING[name as keyof SessionInputs] === "boolean"
    ? value === true || value === "true"
    : value;
}
