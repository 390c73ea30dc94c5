/**
 * Names of the guard's log events. Deployed metric filters count `TranscriptMissing`, `CheckUpToDate`, `EventRefused`
 * and `SessionRefused`, so these names must stay.
 */
export type LogEvent =
  | "SessionEnded"
  | "SessionAllowed"
  | "NoSession"
  | "EventRefused"
  | "SessionRefused"
  | "TranscriptMissing"
  | "TooShortToTell"
  | "SessionNotAllowed"
  | "CheckBegins"
  | "CheckDone"
  | "CheckUpToDate"
  | "ProgressRefused"
  | "ProgressNotNoted"
  | "ReportItemRefused";

/**
 * Writes one event to the guard's log group. Lambda's JSON log format puts the object under the key `message`.
 * @param fields ids, names and counts; never the content of a session
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function log(event: LogEvent, fields: Readonly<Record<string, unknown>> = {}): void {
  console.info({ event, ...fields });
}
