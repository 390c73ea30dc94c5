import { checkSession, type CheckRun } from "./check-session";
import { AT_ONCE, OutOfTime, tellOnce } from "./guard";
import { log } from "./log";
import { checkBeganReport, progressRefusedReport } from "./check-reports";
import type { Report } from "./messages";
import { readProgress, type Progress } from "./progress";

/**
 * The note of the last check was unsound. It is thrown after the check, so that the function's errors raise an alarm.
 * Lambda then runs the function again, which finds the note that the check has replaced.
 */
export class UnsoundProgress extends Error {}

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
 * The first run of each day, in UTC, also looks again at the sessions that ended during the 50 hours before. AWS documents
 * no time within which Session Manager lists a session as ended; this finds those that it lists within a day or so.
 */
const LATE_MS = 50 * 60 * MINUTE_MS;

/**
 * `DescribeSessions` filters by the start of a session, not by its end. A session with a maximum duration starts at
 * most 1,440 minutes before its end, the longest maximum that AWS accepts; the 25th hour is a margin. A session that
 * started when the preferences set no maximum may be longer: the first run of each day lists sessions of any start.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-max-timeout.html
 */
const LONGEST_MS = 25 * 60 * MINUTE_MS;

/**
 * Checks every session that has ended since the last run, and reports each session that lacks a record. It saves its
 * progress after each stretch, once every report of the stretch has been published. It logs `CheckUpToDate` when no
 * session is left to check. An alarm goes off if this log event is missing. A run that begins anew does not log it, so
 * a person who makes each run begin anew cannot silence the guard.
 * @throws {@link OutOfTime}, {@link UnsoundProgress}, or an error of AWS. The next run checks the same sessions again.
 */
export async function checkTranscripts(run: CheckRun): Promise<void> {
  const { now, check, book } = run;
  const destinations = JSON.stringify([check.bucket?.name, check.bucket?.prefix, check.logGroup?.name]);
  const item = await book.progress();
  if (item === undefined) return begin(run, { checkedUntil: now, since: now, destinations }, null);
  const { progress: before, faults } = readProgress(item, { now, destinations });
  if (faults.length > 0) {
    log("ProgressRefused", { faults });
    await tellOfCheck(run, progressRefusedReport(faults, now, run.configuration));
    await book.replace(before);
  }
  const isAnew = before.destinations !== destinations;
  const progress = isAnew ? { ...before, since: now, destinations } : before;
  if (isAnew) await begin(run, progress, before.destinations);
  const isUpToDate = await checkStretches(run, progress);
  if (faults.length > 0) throw new UnsoundProgress(faults.join(", and "));
  if (isUpToDate && !isAnew) log("CheckUpToDate");
}

/**
 * Begins the check at a run without an earlier one, or with new destinations. A session that is running now uses the
 * preferences as they were when it started. The guard does not know where those sent its records, so it expects records
 * only of sessions that start from now on. Each beginning is reported: it would also hide a session that left none.
 */
async function begin(run: CheckRun, progress: Progress, formerDestinations: string | null): Promise<void> {
  log("CheckBegins", { ...progress, formerDestinations });
  await tellOfCheck(run, checkBeganReport(formerDestinations === null, run.now, run.configuration));
  await note(run, progress);
}

/**
 * Checks stretch by stretch, and at least one: a note that another run, or somebody else, has just put at the present
 * time keeps no run from looking at the last hours. Returns whether all sessions are checked whose grace period is over.
 */
async function checkStretches(run: CheckRun, before: Progress): Promise<boolean> {
  let progress = before;
  let isNoted = true;
  const last = new Date(run.now.getTime() - run.check.gracePeriodMinutes * MINUTE_MS);
  for (let stretches = 0; stretches === 0 || progress.checkedUntil < last; stretches++) {
    if (stretches > 0 && !run.hasTime()) return false;
    const checkedUntil = earlier(progress.checkedUntil, last);
    const until = earlier(new Date(checkedUntil.getTime() + STRETCH_MS), last);
    const from = new Date(checkedUntil.getTime() - OVERLAP_MS);
    const isLimited = run.check.maximumDurationMinutes !== null;
    const startedAfter = isLimited ? new Date(from.getTime() - LONGEST_MS) : null;
    await checkStretch(run, progress.since, { from, until, startedAfter });
    const isFirstOfDay = dayOf(checkedUntil) !== dayOf(until);
    const outOfTime = isFirstOfDay ? await checkLate(run, progress.since, checkedUntil, from) : null;
    if (until > progress.checkedUntil) {
      progress = { ...progress, checkedUntil: until };
      isNoted = await note(run, progress);
    }
    if (outOfTime !== null) throw outOfTime;
  }
  return isNoted;
}

/**
 * Checks once more the sessions that ended from {@link LATE_MS} before the last progress until the overlap. Running out
 * of time is returned rather than thrown: the run fails, but its progress stands, so that the next one gets further.
 */
async function checkLate(
  run: CheckRun,
  since: Date,
  checkedUntil: Date,
  until: Date,
): Promise<OutOfTime | null> {
  const from = new Date(checkedUntil.getTime() - LATE_MS);
  try {
    await checkStretch(run, since, { from, until, startedAfter: null });
    return null;
  } catch (error) {
    if (error instanceof OutOfTime) return error;
    throw error;
  }
}

/** Notes progress. It is not noted if another run was faster, or if somebody else has written to the table. */
async function note({ book }: CheckRun, progress: Progress): Promise<boolean> {
  const isNoted = await book.advance(progress);
  if (!isNoted) log("ProgressNotNoted", { ...progress });
  return isNoted;
}

/** Publishes a report about the check. Its id has the time of the run, so a run that begins anew is reported each time. */
const tellOfCheck = (run: CheckRun, report: Report) =>
  tellOnce(run, report, `${report.action}/${report.when}`);

/** The sessions to check: those that ended after `from` and until `until`, and started after `startedAfter` if any. */
interface Stretch {
  readonly from: Date;
  readonly until: Date;
  readonly startedAfter: Date | null;
}

/**
 * Checks the sessions that ended in one stretch of time.
 * @throws AggregateError after all sessions were tried, if one of them could not be checked or reported
 */
async function checkStretch(
  run: CheckRun,
  since: Date,
  { from, until, startedAfter }: Stretch,
): Promise<void> {
  const counted = { from, until, sessions: 0, reportable: 0, told: 0 };
  const failures: unknown[] = [];
  for await (const page of run.sessions.ended({ after: startedAfter, before: until })) {
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
        else if (outcome.value !== "complete") counted.reportable++;
        if (outcome.status === "fulfilled" && outcome.value === "told") counted.told++;
      }
    }
  }
  log("CheckDone", { ...counted, failed: failures.length });
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} sessions: ${String(failures[0])}`);
  }
}

/** The day of a date in UTC, such as `2026-11-24`. */
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
