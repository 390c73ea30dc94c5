import { GetDocumentCommand } from "@aws-sdk/client-ssm";
import type { Clients } from "../clients/clients";
import { absentIf } from "../iam/deployed-policies";

/** The `inputs` of a Session document, with the agent's defaults for what is left out. */
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

/** What a session without preferences runs with: nothing is logged. */
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

/** A Session document as a session uses it. */
export interface SessionDocument {
  /** Such as `Standard_Stream` or `Port`. */
  readonly sessionType: string;
  readonly inputs: SessionInputs;
}

/**
 * The latest version of a Session document, which is the one that sessions use whatever the default version is;
 * undefined when the account has none of that name.
 * @throws when the agent could not read it: `cloudWatchStreamingEnabled` must be a boolean, not a text
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

/** Agents since 3.0.655.0 take "true" for true in these. */
function looseBoolean(name: string, value: unknown): unknown {
  return typeof NO_LOGGING[name as keyof SessionInputs] === "boolean"
    ? value === true || value === "true"
    : value;
}
