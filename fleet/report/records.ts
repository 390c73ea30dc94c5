import type { Organization, Target } from "../../accounts/model/organization";
import { visible } from "../../pages/visible";
import type { Io } from "../../processes/program";
import { UserError } from "../../processes/user-error";
import type { SessionRow } from "../../report/model";
import { writtenBy, type Written } from "../../report/replay/events";
import { plainText } from "../../report/replay/plain-text";
import type { TargetClients } from "../target-clients";
import { readStream, readTranscript, type Content } from "./content";
import { placesOf } from "./places";

/** What is needed to open the records of sessions. */
export interface RecordProps {
  readonly organization: Organization;
  readonly clients: Pick<TargetClients, "of">;
  readonly io: Io;
  readonly signal?: AbortSignal;
}

/**
 * The transcript of a session as safe text.
 * @throws UserError if there is none, or AWS refuses to open it
 */
export async function transcriptOf(
  row: SessionRow,
  { organization, clients, io, signal }: RecordProps,
): Promise<string> {
  const { transcript } = row;
  if (transcript === null || transcript.versions === 0)
    throw new UserError({
      what: `Session ${visible(row.id)} has no transcript that can be read.`,
      remedy: "The evidence says why: leave --transcript out.",
    });
  const target = targetOf(organization, row);
  const place = placesOf(organization, target).transcripts;
  const { s3, close } = clients.of(place?.account ?? target.account, place?.region ?? row.region);
  try {
    const read = await opened(
      "the transcript",
      "s3:GetObject (s3:GetObjectVersion for a version) and kms:Decrypt",
      () => readTranscript(s3, transcript, { signal }),
    );
    return `${plainText(whole(read, "The transcript", io))}\n`.replace(/\n\n$/, "\n");
  } finally {
    close();
  }
}

/**
 * What a session wrote, from its log stream.
 * @throws UserError if there is none, or AWS refuses to open it
 */
export async function writtenIn(
  row: SessionRow,
  { organization, clients, io, signal }: RecordProps,
): Promise<Written[]> {
  const { logStream } = row;
  if (logStream === null)
    throw new UserError({
      what: `Session ${visible(row.id)} has no log stream, so it has no times to play.`,
      remedy: "Print its transcript with --transcript.",
    });
  const { logs, close } = clients.of(targetOf(organization, row).account, row.region);
  try {
    const read = await opened("the log stream", "logs:GetLogEvents", () =>
      readStream(logs, logStream, { signal }),
    );
    return writtenBy(whole(read, "The log stream", io));
  } finally {
    close();
  }
}

function whole<T>({ content, isCut }: Content<T>, what: string, { stderr }: Io): T {
  if (isCut) stderr.write(`${what} is longer than what is read: its end is missing here.\n`);
  return content;
}

async function opened<T>(what: string, actions: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isAnswer(error)) throw error;
    throw new UserError(
      {
        what: `AWS refuses to open ${what}: ${visible(`${error.name}: ${error.message}`)}`,
        remedy: `Name a role with --role that allows ${actions}.`,
      },
      { cause: error },
    );
  }
}

/** Whether AWS answered with an error, and the call was not stopped or broken. */
const isAnswer = (error: unknown): error is Error & { readonly $metadata: object } =>
  error instanceof Error && "$metadata" in error && error.name !== "AbortError";

/** The target of a row. */
export function targetOf({ targets }: Organization, { accountId, region }: SessionRow): Target {
  const found = targets.find((target) => target.account.id === accountId && target.region === region);
  if (found === undefined)
    throw new Error(`The report has a session of ${accountId} ${region}, which is no target.`);
  return found;
}
