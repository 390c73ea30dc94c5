import type { SessionRow } from "../model";
import { rowKey } from "../row-key";
import { MEANINGS, type VerdictKind } from "../verdicts";

/**
 * Verdicts of a report that no longer knows, did not look for, or could not read, what another one may have seen. The first
 * says the least: a session that AWS has forgotten is none that could be read. A session is `before-recording` or has
 * `no-destination` in a later report if the map has come to name other places since.
 */
const SAYS_NOTHING: readonly VerdictKind[] = [
  "history-expired",
  "past-retention",
  "before-recording",
  "no-destination",
  "unread",
];

/** How much a verdict says. */
const weightOf = (kind: VerdictKind): number =>
  SAYS_NOTHING.includes(kind) ? SAYS_NOTHING.indexOf(kind) : SAYS_NOTHING.length;

/**
 * Whether a later report's row of a session takes the place of an earlier one. The later report wins, with two exceptions:
 * what it has forgotten does not erase what was seen or could not be read, and an alarm stays, so that a record that
 * appears weeks later does not make a session look recorded.
 */
export function replaces(later: VerdictKind, earlier: VerdictKind): boolean {
  if (weightOf(later) < weightOf(earlier)) return false;
  const isAlarm = (kind: VerdictKind) => MEANINGS[kind].level === "alarm";
  return isAlarm(later) || !isAlarm(earlier);
}

/**
 * After this time, a later report can tell what became of a session: a maximum duration and a grace period are a day each at
 * most. The maximum duration may be none, and then a session may be open for longer, but not without a report that lists it.
 */
const JUDGED_MS = 48 * 60 * 60 * 1000;

/**
 * A row as a merge has it. A session that was open or had just ended when its report was made, and that no later report has,
 * was never judged: that it was open says nothing two days later.
 * @param made time of the report of the row @param newest time of the newest report
 */
export function settled(row: SessionRow, made: string, newest: string): SessionRow {
  const { kind, words } = row.verdict;
  const isOpen = kind === "open" || kind === "grace";
  if (!isOpen || Date.parse(newest) - Date.parse(made) <= JUDGED_MS) return row;
  const never = `This is what the report of ${made} found, and no later report has the session: nobody can tell whether it was recorded.`;
  return { ...row, verdict: { kind: "unread", words: [...words, never] } };
}

/**
 * Decides which of several reports has the row of each session that counts. It keeps a few bytes for each session, and no
 * row: the reports are read twice.
 */
export class Merge {
  private readonly winners = new Map<string, { readonly report: number; readonly kind: VerdictKind }>();

  /** Number of rows that repeat the session of an earlier row: two, if three reports have a session. */
  repeats = 0;

  /** Takes a row of a report. Reports come in their order, the oldest first. @param report its number */
  add(row: SessionRow, report: number): void {
    const key = rowKey(row);
    const before = this.winners.get(key);
    if (before !== undefined) this.repeats++;
    if (before === undefined || replaces(row.verdict.kind, before.kind)) {
      this.winners.set(key, { report, kind: row.verdict.kind });
    }
  }

  /** Whether a row of a report is the one that counts. */
  isWinner(row: SessionRow, report: number): boolean {
    return this.winners.get(rowKey(row))?.report === report;
  }
}
