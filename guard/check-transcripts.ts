import type { TranscriptCheck } from "./configuration";
import { expectedRecords, mayNeverHaveOpened, type EndedSession } from "./expected-records";
import { tellOnce, type Run } from "./guard";
import { log } from "./log";
import { missingReport } from "./messages";
import type { Progress } from "./report-book";
import type { Records } from "./records";

/** A run that looks for transcripts. */
export interface CheckRun extends Run {
  readonly check: TranscriptCheck;
  readonly records: Records;
  readonly now: Date;
  /** Whether there is time to begin something that takes seconds. */
  readonly hasTime: () => boolean;
}

/** There was no time for even one stretch. The next run begins where this one did. */
export class OutOfTime extends Error {}

const MINUTE_MS = 60_000;

/** After days without a run, this much is checked at a time: what is done stays done. */
const STRETCH_MS = 6 * 60 * MINUTE_MS;

/**
 * Looked at again, because a session may be listed as ended only after its end: when an instance dies, for instance,
 * and the session idles out. What was told is not told again.
 */
const OVERLAP_MS = 60 * MINUTE_MS;

/** Sessions are listed by their start. The longest begin this much before their end, and a day is AWS's longest. */
const LONGEST_MS = 25 * 60 * MINUTE_MS;

/** Sessions that are looked at side by side: two calls each, far below what AWS lets through. */
const AT_ONCE = 8;

/**
 * Looks at every session that has ended since the last run, and tells of each that left less than it should have.
 * How far it has come is noted only when all that was missing is out.
 * @throws {@link OutOfTime}, or what AWS answered; the sessions concerned are looked at again
 */
export async function checkTranscripts(run: CheckRun): Promise<void> {
  const { now, check, book } = run;
  const destinations = JSON.stringify([check.bucket?.name, check.bucket?.prefix, check.logGroup?.name]);
  const before = await book.progress();
  if (before === null || before.destinations !== destinations) {
    // Sessions that run now were started under what held before: where their records go is not known here.
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

/** @throws once all sessions have been looked at, when something could not be found out or told about any of them */
async function checkStretch(run: CheckRun, { checkedUntil, since }: Progress, until: Date): Promise<void> {
  const from = new Date(checkedUntil.getTime() - OVERLAP_MS);
  const after = run.check.maximumDurationMinutes === null ? null : new Date(from.getTime() - LONGEST_MS);
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

async function checkSession(
  run: CheckRun,
  session: EndedSession,
  since: Date,
): Promise<"complete" | "told" | "told before"> {
  const { configuration, check, now } = run;
  const expected = expectedRecords(session, { ...configuration, transcripts: check }, { since, now });
  const missing = await run.records.missing(session.sessionId, expected);
  if (missing.length === 0) return "complete";
  const { sessionId } = session;
  if (mayNeverHaveOpened(session, expected, missing)) {
    log("TooShortToTell", { sessionId });
    return "complete";
  }
  if (!(await tellOnce(run, missingReport(session, missing, configuration)))) return "told before";
  log("TranscriptMissing", { sessionId, missing });
  return "told";
}
