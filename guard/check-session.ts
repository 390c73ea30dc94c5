import type { TranscriptCheck } from "./configuration";
import { isAllowed } from "./documents";
import {
  expectedRecords,
  hasNotStarted,
  mayNeverHaveOpened,
  missingRecords,
  type EndedSession,
} from "./expected-records";
import { endedId, tellOnce, type Run } from "./guard";
import { log } from "./log";
import { missingReport, notAllowedReport } from "./messages";
import type { Records } from "./records";

/** A scheduled run of the guard, which looks for the records of sessions that have ended. */
export interface CheckRun extends Run {
  /** Where the records of a session must be. */
  readonly check: TranscriptCheck;
  /** Looks the records up in S3 and CloudWatch Logs. */
  readonly records: Records;
  /** The time at which this run began. */
  readonly now: Date;
}

/**
 * Checks one session that has ended.
 * @param since time from which sessions are recorded in the configured destinations
 * @returns "told" if this call published a report about the session
 * @throws what AWS answered
 */
export async function checkSession(
  run: CheckRun,
  session: EndedSession,
  since: Date,
): Promise<"complete" | "told" | "told before"> {
  const { configuration, check, now } = run;
  const { sessionId, document } = session;
  // The guard may have ended it without being able to report that, or it ended before the guard saw it.
  if (!hasNotStarted(session) && session.endDate >= since && !isAllowed(document, configuration)) {
    if (!(await tellOnce(run, notAllowedReport(session, configuration), endedId(sessionId))))
      return "told before";
    log("SessionNotAllowed", { sessionId, document });
    return "told";
  }
  const expected = expectedRecords(session, { ...configuration, transcripts: check }, { since, now });
  const missing = missingRecords(await run.records.look(sessionId, expected), session, now);
  if (missing.length === 0) return "complete";
  if (mayNeverHaveOpened(session, expected, missing)) {
    log("TooShortToTell", { sessionId });
    return "complete";
  }
  const report = missingReport(session, missing, configuration);
  if (!(await tellOnce(run, report, `${report.action}/${sessionId}`))) return "told before";
  log("TranscriptMissing", { sessionId, missing: missing.map(({ kind, state }) => `${kind} ${state}`) });
  return "told";
}
