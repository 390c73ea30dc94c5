import { visible } from "../../review/render/visible";
import type { SessionRow } from "../model";
import { MEANINGS } from "../verdicts";

type Column = readonly [
  name: string,
  value: (row: SessionRow) => string | number | boolean | null | undefined,
];

/** The columns, in order. New ones are added at the end, because programs may read columns by their position. */
const COLUMNS: readonly Column[] = [
  ["verdict", ({ verdict }) => verdict.kind],
  ["verdict_title", ({ verdict }) => MEANINGS[verdict.kind].title],
  ["verdict_words", ({ verdict }) => verdict.words.join(" ")],
  ["start", ({ start }) => start],
  ["end", ({ end }) => end],
  ["duration_seconds", ({ durationSeconds }) => durationSeconds],
  ["account", ({ account }) => account],
  ["account_id", ({ accountId }) => accountId],
  ["region", ({ region }) => region],
  ["session_id", ({ id }) => id],
  ["status", ({ status }) => status],
  ["person", ({ person }) => person?.name],
  ["role", ({ person }) => person?.role],
  ["session_name", ({ person }) => person?.sessionName],
  ["source_identity", ({ person }) => person?.sourceIdentity],
  ["identity_center_user", ({ person }) => person?.identityCenterUser],
  ["owner", ({ owner }) => owner],
  ["instance", ({ instance }) => instance],
  ["instance_name", ({ instanceName }) => instanceName],
  ["platform", ({ platform }) => platform],
  ["document", ({ document }) => document],
  ["document_parameters", ({ documentParameters }) => parametersText(documentParameters)],
  ["access_type", ({ accessType }) => accessType],
  ["reason", ({ reason }) => reason],
  ["source_ip", ({ trail }) => trail?.sourceIp],
  ["user_agent", ({ trail }) => trail?.userAgent],
  ["mfa", ({ trail }) => trail?.mfa],
  ["cloudtrail_event", ({ trail }) => trail?.eventId],
  ["seen_by_history", ({ witnesses }) => witnesses.history],
  ["seen_by_cloudtrail", ({ witnesses }) => witnesses.trail],
  ["transcript_state", ({ witnesses }) => witnesses.transcript],
  ["log_stream_state", ({ witnesses }) => witnesses.logStream],
  ["transcript_bucket", ({ transcript }) => transcript?.bucket],
  ["transcript_key", ({ transcript }) => transcript?.key],
  ["transcript_version", ({ transcript }) => transcript?.versionId],
  ["transcript_bytes", ({ transcript }) => transcript?.size],
  ["transcript_time", ({ transcript }) => transcript?.time],
  ["transcript_checksum", ({ transcript }) => transcript?.checksum],
  ["lock_mode", ({ transcript }) => transcript?.lockMode],
  ["retain_until", ({ transcript }) => transcript?.retainUntil],
  ["replication_status", ({ transcript }) => transcript?.replicationStatus],
  ["log_group", ({ logStream }) => logStream?.group],
  ["log_first_event", ({ logStream }) => logStream?.firstEvent],
  ["log_last_event", ({ logStream }) => logStream?.lastEvent],
];

/** Where a tunnel leads, like `host=db.internal portNumber=5432`. */
export const parametersText = (parameters: SessionRow["documentParameters"]): string =>
  Object.entries(parameters ?? {})
    .map(([name, values]) => `${name}=${values.join(",")}`)
    .join(" ");

/**
 * Beginnings of what a spreadsheet takes for a formula, the full-width forms included. A tab and a carriage return are
 * beginnings as well, and no text has one any more when it is tested.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/**
 * A cell that no spreadsheet runs: every character can be seen, an apostrophe stands before what looks like a formula, and
 * quotes are around it, so that no separator of any locale starts another cell.
 * @example cell("=1+1") // "\"'=1+1\""
 */
export function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = visible(String(value));
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** The first line of a CSV file. Lines end as RFC 4180 wants. @see https://www.rfc-editor.org/rfc/rfc4180 */
export const csvHeader = (): string => `${COLUMNS.map(([name]) => name).join(",")}\r\n`;

/** A row as a line of a CSV file. */
export const csvLine = (row: SessionRow): string =>
  `${COLUMNS.map(([, value]) => cell(value(row))).join(",")}\r\n`;
