import type { Ranking, Tally } from "./model";

type Numbers = Omit<Tally, "key">;

/** Lines that a ranking shows. */
export const SHOWN = 100;

/** Lines that a counter keeps. A caller chooses the name of a role session, so there may be as many as sessions. */
const KEPT = 10_000;

const NOTHING: Numbers = { sessions: 0, alarms: 0, warnings: 0, seconds: 0 };

const sum = (one: Numbers, other: Numbers): Numbers => ({
  sessions: one.sessions + other.sessions,
  alarms: one.alarms + other.alarms,
  warnings: one.warnings + other.warnings,
  seconds: one.seconds + other.seconds,
});

type Mutable = { -readonly [K in keyof Numbers]: Numbers[K] };

/** Lines with alarms come first, then those with most sessions; equal ones in the order of their keys. */
const byWeight = ([oneKey, one]: readonly [string, Numbers], [otherKey, other]: readonly [string, Numbers]) =>
  other.alarms - one.alarms || other.sessions - one.sessions || (oneKey < otherKey ? -1 : 1);

/**
 * Counts by key in limited memory. When there are twice as many keys as it keeps, it adds the half with the smallest numbers
 * to one sum and forgets their keys. A forgotten key that occurs again starts from zero, so its number may be too small.
 * Sums stay exact.
 */
export class Counter {
  private readonly numbers = new Map<string, Mutable>();
  private forgotten = NOTHING;
  private forgottenKeys = 0;

  /** @param kept number of keys that are never forgotten */
  constructor(private readonly kept = KEPT) {}

  /** Adds numbers to a key. */
  add(key: string, { sessions, alarms, warnings, seconds }: Numbers): void {
    const before = this.numbers.get(key);
    if (before === undefined) {
      this.numbers.set(key, { sessions, alarms, warnings, seconds });
      if (this.numbers.size >= 2 * this.kept) this.forget();
      return;
    }
    before.sessions += sessions;
    before.alarms += alarms;
    before.warnings += warnings;
    before.seconds += seconds;
  }

  /** The line of a key, with zeros if nothing was added to it. */
  tally(key: string): Tally {
    return { key, ...(this.numbers.get(key) ?? NOTHING) };
  }

  /** The heaviest lines, and the sum of the others. */
  ranking(): Ranking {
    const sorted = [...this.numbers].sort(byWeight);
    const rest = sorted.slice(SHOWN);
    const left = rest.length + this.forgottenKeys;
    return {
      top: sorted.slice(0, SHOWN).map(([key, numbers]) => ({ key, ...numbers })),
      others: left === 0 ? null : rest.reduce((all, [, numbers]) => sum(all, numbers), this.forgotten),
      left,
    };
  }

  private forget(): void {
    for (const [key, numbers] of [...this.numbers].sort(byWeight).slice(this.kept)) {
      this.forgotten = sum(this.forgotten, numbers);
      this.forgottenKeys++;
      this.numbers.delete(key);
    }
  }
}
