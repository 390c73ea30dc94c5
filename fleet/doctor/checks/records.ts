import {
  mayNeverHaveOpened,
  missingRecords,
  type EndedSession,
  type RecordKind,
  type RecordState,
} from "../../../guard/expected-records";
import { fault, judged, ok, warning, type Finding, type Seen } from "../model";

/** A session whose records were looked up. */
export interface LookedUp {
  readonly session: Pick<EndedSession, "sessionId" | "startDate" | "endDate">;
  readonly expected: readonly RecordKind[];
  readonly found: ReadonlyMap<RecordKind, RecordState>;
}

/** Judges whether the newest sessions have left their records. @param days days of the history that was read */
export function judgeRecords(
  region: string,
  days: number,
  seen: Seen<readonly LookedUp[]>,
  now: Date,
): Finding[] {
  const about = { check: "records", subject: `newest sessions of ${region}` } as const;
  return judged(about, seen, (sessions) => {
    if (sessions.length === 0)
      return [ok(about, `no session of the last ${days} days must have left a record`)];
    const lacking = sessions.flatMap(({ session, expected, found }) => {
      const missing = missingRecords(found, session, now);
      if (missing.length === 0 || mayNeverHaveOpened(session, expected, missing)) return [];
      return [`${session.sessionId}: no ${missing.map(({ kind }) => kind).join(" and no ")}`];
    });
    const count =
      sessions.length === 1 ? "the newest session has" : `the ${sessions.length} newest sessions have`;
    if (lacking.length === 0) return [ok(about, `${count} their records`)];
    const why = "Sessions run, and what should be written of them is not there.";
    const remedy = "session-audit report lists every session without a record, with the likely cause.";
    // A single instance without permissions is no failure of the target; all of the newest sessions are.
    const judge = lacking.length === sessions.length ? fault : warning;
    return [judge(about, lacking.join("; "), why, remedy)];
  });
}
