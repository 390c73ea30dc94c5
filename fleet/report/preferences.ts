import { GetDocumentCommand, paginateListDocumentVersions, type SSMClient } from "@aws-sdk/client-ssm";
import type { RecordingRules } from "../../guard/expected-records";

/** Since when the preferences name the places of the records; null: no version of the document names them. */
export interface PreferencesSince {
  readonly transcript: Date | null;
  readonly logStream: Date | null;
}

const NEVER: PreferencesSince = { transcript: null, logStream: null };

/**
 * When the preferences document began to name the bucket and the log group of the map: the creation of its first version
 * that names them. Later versions without them do not matter. A person who switches recording off for an hour therefore
 * cannot make the sessions of that hour look as if they were older than recording.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListDocumentVersions.html
 * @throws the error of AWS, unless it says that the document does not exist
 */
export async function preferencesSince(ssm: SSMClient, rules: RecordingRules): Promise<PreferencesSince> {
  const { bucket, logGroup } = rules.transcripts;
  let { transcript, logStream } = NEVER;
  for (const { version, created } of await versionsOf(ssm, rules.preferences)) {
    const { Content } = await ssm.send(
      new GetDocumentCommand({ Name: rules.preferences, DocumentVersion: version }),
    );
    const inputs = inputsOf(Content);
    const namesBucket = inputs["s3BucketName"] === bucket?.name && inputs["s3KeyPrefix"] === bucket?.prefix;
    if (bucket !== null && namesBucket) transcript ??= created;
    if (logGroup !== null && inputs["cloudWatchLogGroupName"] === logGroup.name) logStream ??= created;
    if ((bucket === null || transcript !== null) && (logGroup === null || logStream !== null)) break;
  }
  return { transcript, logStream };
}

/** The versions of a document, the oldest first. */
async function versionsOf(ssm: SSMClient, Name: string) {
  const versions: { readonly version: string; readonly created: Date }[] = [];
  try {
    for await (const { DocumentVersions = [] } of paginateListDocumentVersions({ client: ssm }, { Name })) {
      for (const { DocumentVersion, CreatedDate } of DocumentVersions) {
        if (DocumentVersion && CreatedDate) versions.push({ version: DocumentVersion, created: CreatedDate });
      }
    }
  } catch (error) {
    if ((error as Error).name !== "InvalidDocument") throw error;
  }
  return versions.sort((one, other) => Number(one.version) - Number(other.version));
}

function inputsOf(content: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(content ?? "{}") as { inputs?: Record<string, unknown> } | null)?.inputs ?? {};
  } catch {
    return {};
  }
}
