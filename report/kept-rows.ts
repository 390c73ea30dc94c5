import type { Report, SessionRow } from "./model";
import { severityOf } from "./verdicts";

type Order = (one: SessionRow, other: SessionRow) => number;

/** The worst first, and the newest first among equals. */
export const byVerdict: Order = (one, other) =>
  severityOf(one.verdict.kind) - severityOf(other.verdict.kind) || byTime(one, other);

/** The newest first. Rows of the same time are in the order of their ids, so that equal reports are equal bytes. */
export const byTime: Order = (one, other) =>
  compare(other.start, one.start) || compare(one.id, other.id) || compare(place(one), place(other));

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
const place = ({ accountId, region }: SessionRow) => `${accountId} ${region}`;

/** Keeps the first rows of an order, of any number of rows. */
class First {
  private rows: SessionRow[] = [];
  private last: SessionRow | null = null;

  constructor(
    private readonly limit: number,
    private readonly order: Order,
  ) {}

  add(row: SessionRow): void {
    if (this.last !== null && this.order(row, this.last) >= 0) return;
    this.rows.push(row);
    if (this.rows.length >= 2 * this.limit) this.prune();
  }

  result(): readonly SessionRow[] {
    this.prune();
    return this.rows;
  }

  private prune(): void {
    this.rows = this.rows.sort(this.order).slice(0, this.limit);
    this.last = this.rows.length < this.limit ? null : this.rows.at(-1)!;
  }
}

/**
 * Keeps the worst and the newest rows of any number of rows, in limited memory.
 * @example
 * const kept = new KeptRows(5_000);
 * for await (const row of rows) kept.add(row);
 * kept.result(); // { rows, omitted }
 */
export class KeptRows {
  private readonly worst: First;
  private readonly newest: First;
  private count = 0;

  /** @param limit number of the worst rows, and again of the newest rows, that are kept */
  constructor(limit: number) {
    this.worst = new First(limit, byVerdict);
    this.newest = new First(limit, byTime);
  }

  add(row: SessionRow): void {
    this.count++;
    this.worst.add(row);
    this.newest.add(row);
  }

  /** The rows, each once and the worst first, and the number of rows that are left out. */
  result(): { readonly rows: readonly SessionRow[]; readonly omitted: number } {
    const rows = [...new Set([...this.worst.result(), ...this.newest.result()])].sort(byVerdict);
    return { rows, omitted: this.count - rows.length };
  }
}

/** A report with fewer of its rows, for a reader who looks at less than a page has. @param limit as of {@link KeptRows} */
export function withFewerRows(report: Report, limit: number): Report {
  const kept = new KeptRows(limit);
  for (const row of report.rows) kept.add(row);
  const { rows, omitted } = kept.result();
  return { ...report, rows, omitted: report.omitted + omitted };
}
