/** What the guard writes into its log group. Metric filters look for the event by name. */
export type LogEvent =
  | "SessionEnded"
  | "SessionAllowed"
  | "NoSession"
  | "TranscriptMissing"
  | "TooShortToTell"
  | "CheckBegins"
  | "CheckDone";

/** One line, which the runtime writes as JSON: the fields below `message`. Ids and names, nothing of a session's content. */
export function log(event: LogEvent, fields: Readonly<Record<string, unknown>> = {}): void {
  console.info({ event, ...fields });
}
