import type { TranscriptCheck } from "./configuration";
import { expectedRecords, mayNeverHaveOpened, missingRecords, type EndedSession } from "./expected-records";
import { tellOnce, type Run } from "./guard";
import { log } from "./log";
import { missingReport } from "./messages";
import type { Progress } from "./report-book";
import type { Records } from "./records";

/** A scheduled run of the guard, which looks for the records of sessions that have ended. */
export interface CheckRun extends Run {
  /** Where the records of a session must be. */
  readonly check: TranscriptCheck;
  /** Looks the records up in S3 and CloudWatch Logs. */
  readonly records: Records;
  /** The time at which this run began. */
  readonly now: Date;
  /** Whether enough of Lambda's time limit is left to look at another batch of sessions. */
  readonly hasTime: () => boolean;
}

/** The time limit came before one whole stretch was checked. The next run starts again at the same point. */
export class OutOfTime extends Error {}

const MINUTE_MS = 60_000;

/**
 * Length of a stretch. A run that has days to catch up on notes its progress after each stretch, so that a run which
 * hits the time limit loses at most one of them.
 */
const STRETCH_MS = 6 * 60 * MINUTE_MS;

/**
 * Each run looks again at the sessions that ended during the three hours before the last run's progress. One reason is
 * that Session Manager may list a session as ended some time after its end, for example when the instance dies and the
 * session idles out: 60 minutes is the longest idle timeout that AWS accepts. The other is `SETTLED_MS`: an empty log
 * stream counts two hours after the session. The report book keeps a second report from going out.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-timeout.html
 */
const OVERLAP_MS = 3 * 60 * MINUTE_MS;

/**
 * The first run of each day, in UTC, looks again at the sessions that ended during the day before. AWS documents no
 * time within which Session Manager lists a session as ended.
 */
const DAILY_OVERLAP_MS = 26 * 60 * MINUTE_MS;

/**
 * `DescribeSessions` filters by the start of a session, not by its end. A session with a maximum duration starts at
 * most 1,440 minutes before its end, the longest maximum that AWS accepts; the 25th hour is a margin. A session that
 * started when the preferences set no maximum may be longer: the first run of each day lists sessions of any start.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-max-timeout.html
 */
const LONGEST_MS = 25 * 60 * MINUTE_MS;

/** Number of sessions that are checked at the same time. Each takes one call to S3 and one to CloudWatch Logs. */
const AT_ONCE = 8;

/**
 * Checks every session that has ended since the last run, and reports each session of which a record is missing.
 * Progress is noted after each stretch, once every report of the stretch has been published.
 * @throws {@link OutOfTime}, or an error of AWS. The next run checks the same sessions again.
 */
export async function checkTranscripts(run: CheckRun): Promise<void> {
  const { now, check, book } = run;
  const destinations = JSON.stringify([check.bucket?.name, check.bucket?.prefix, check.logGroup?.name]);
  const before = await book.progress();
  if (before === null || before.destinations !== destinations) {
    // A session that is running now uses the preferences as they were when it started. The guard does not know where
    // those sent its records, so it checks only sessions that start from now on.
    log("CheckBegins", { since: now, destinations });
    await book.advance({ checkedUntil: before?.checkedUntil ?? now, since: now, destinations });
    if (before === null) return;
  }
  const since = before === null || before.destinations !== destinations ? now : before.since;
  let progress: Progress = { checkedUntil: before.checkedUntil, since, destinations };
  const last = new Date(now.getTime() - check.gracePeriodMinutes * MINUTE_MS);
  for (let stretches = 0; progress.checkedUntil < last; stretches++) {
    if (stretches > 0 && !run.hasTime()) break;
    const end = Math.min(progress.checkedUntil.getTime() + STRETCH_MS, last.getTime());
    await checkStretch(run, progress, new Date(end));
    progress = { ...progress, checkedUntil: new Date(end) };
    await book.advance(progress);
  }
}

/**
 * Checks the sessions that ended in one stretch of time and in the overlap before it: {@link OVERLAP_MS}, or
 * {@link DAILY_OVERLAP_MS} for the first stretch of a day.
 * @throws AggregateError after all sessions were tried, if one of them could not be checked or reported
 */
async function checkStretch(run: CheckRun, { checkedUntil, since }: Progress, until: Date): Promise<void> {
  const isFirstOfDay = dayOf(checkedUntil) !== dayOf(until);
  const from = new Date(checkedUntil.getTime() - (isFirstOfDay ? DAILY_OVERLAP_MS : OVERLAP_MS));
  const isUnlimited = isFirstOfDay || run.check.maximumDurationMinutes === null;
  const after = isUnlimited ? null : new Date(from.getTime() - LONGEST_MS);
  const counted = { from, until, sessions: 0, missing: 0, told: 0 };
  const failures: unknown[] = [];
  for await (const page of run.sessions.ended({ after, before: until })) {
    const ended = page.filter(({ endDate }) => endDate > from && endDate <= until);
    for (let index = 0; index < ended.length; index += AT_ONCE) {
      if (!run.hasTime())
        throw new OutOfTime(`no time left after ${counted.sessions} sessions until ${until.toISOString()}`);
      const outcomes = await Promise.allSettled(
        ended.slice(index, index + AT_ONCE).map((session) => checkSession(run, session, since)),
      );
      for (const outcome of outcomes) {
        counted.sessions++;
        if (outcome.status === "rejected") failures.push(outcome.reason);
        else if (outcome.value !== "complete") counted.missing++;
        if (outcome.status === "fulfilled" && outcome.value === "told") counted.told++;
      }
    }
  }
  log("CheckDone", { ...counted, failed: failures.length });
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} sessions: ${String(failures[0])}`);
  }
}

/** Checks one session. Returns "told" if this call published the report of a missing record. */
async function checkSession(
  run: CheckRun,
  session: EndedSession,
  since: Date,
): Promise<"complete" | "told" | "told before"> {
  const { configuration, check, now } = run;
  const expected = expectedRecords(session, { ...configuration, transcripts: check }, { since, now });
  const missing = missingRecords(await run.records.look(session.sessionId, expected), session, now);
  if (missing.length === 0) return "complete";
  const { sessionId } = session;
  if (mayNeverHaveOpened(session, expected, missing)) {
    log("TooShortToTell", { sessionId });
    return "complete";
  }
  if (!(await tellOnce(run, missingReport(session, missing, configuration)))) return "told before";
  log("TranscriptMissing", { sessionId, missing: missing.map(({ kind, state }) => `${kind} ${state}`) });
  return "told";
}

/** The day of a date in UTC, such as `2026-11-24`. */
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
