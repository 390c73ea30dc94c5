import { localTimes } from "./local-time";
import type { Aggregates, SessionRow, WorkingHours } from "./model";
import { Counter } from "./ranking";
import { MEANINGS, VERDICTS, WITHOUT_SESSION, type VerdictKind } from "./verdicts";

/** What the numbers depend on. */
export interface AggregateProps {
  readonly period: { readonly since: Date; readonly until: Date };
  /** IANA name of a time zone. */
  readonly timeZone: string;
  readonly workingHours: WorkingHours;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const DURATIONS: readonly { readonly label: string; readonly below: number | null }[] = [
  { label: "under 1 min", below: MINUTE },
  { label: "1 to 5 min", below: 5 * MINUTE },
  { label: "5 to 15 min", below: 15 * MINUTE },
  { label: "15 to 60 min", below: HOUR },
  { label: "1 to 4 h", below: 4 * HOUR },
  { label: "4 to 12 h", below: 12 * HOUR },
  { label: "12 h and more", below: null },
];

/**
 * Counts rows as they pass. Its memory depends on the number of days, and on a limited number of people, targets and
 * instances, and not on the number of rows.
 * @example
 * const numbers = new Aggregation({ period, timeZone: "Europe/Berlin", workingHours });
 * for await (const row of rows) numbers.add(row);
 * numbers.result();
 */
export class Aggregation {
  private readonly byVerdict = Object.fromEntries(VERDICTS.map((kind) => [kind, 0])) as Record<
    VerdictKind,
    number
  >;
  private readonly heatMap = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  private readonly durations = DURATIONS.map(() => 0);
  private readonly days = new Counter(Infinity);
  private readonly people = new Counter();
  private readonly targets = new Counter();
  private readonly instances = new Counter();
  private readonly local: ReturnType<typeof localTimes>;
  private rows = 0;
  private outOfHours = 0;

  constructor(private readonly props: AggregateProps) {
    this.local = localTimes(props.timeZone);
  }

  /** Counts a row. Records without a session count as rows and have no person, hour or duration. */
  add(row: SessionRow): void {
    this.rows++;
    const { kind } = row.verdict;
    this.byVerdict[kind]++;
    const { level } = MEANINGS[kind];
    const unit = {
      sessions: 1,
      alarms: level === "alarm" ? 1 : 0,
      warnings: level === "warning" || level === "gap" ? 1 : 0,
      seconds: row.durationSeconds ?? 0,
    };
    const start = new Date(row.start);
    const { day, weekday, hour } = this.local(start);
    if (start >= this.props.period.since && start < this.props.period.until) this.days.add(day, unit);
    const place = `${row.account} ${row.region}`;
    this.targets.add(place, unit);
    if (row.instance !== null) this.instances.add(`${row.instance} ${place}`, unit);
    if (WITHOUT_SESSION.includes(kind)) return;
    if (row.person !== null) this.people.add(row.person.name, unit);
    this.heatMap[weekday - 1]![hour]!++;
    if (!isWorkingTime(this.props.workingHours, weekday, hour)) this.outOfHours++;
    if (row.durationSeconds !== null) this.durations[durationIndex(row.durationSeconds)]!++;
  }

  /** The numbers of all rows so far. */
  result(): Aggregates {
    return {
      rows: this.rows,
      byVerdict: { ...this.byVerdict },
      outOfHours: this.outOfHours,
      perDay: this.daysOfPeriod().map((day) => this.days.tally(day)),
      heatMap: this.heatMap.map((hours) => [...hours]),
      durations: DURATIONS.map((range, index) => ({ ...range, count: this.durations[index]! })),
      people: this.people.ranking(),
      targets: this.targets.ranking(),
      instances: this.instances.ranking(),
    };
  }

  /** Every date of the period. Half a day at a time, because a day in which clocks change has 23 or 25 hours. */
  private daysOfPeriod(): readonly string[] {
    const { since, until } = this.props.period;
    const days = new Set<string>();
    for (let time = since.getTime(); time < until.getTime(); time += 12 * HOUR * 1000) {
      days.add(this.local(new Date(time)).day);
    }
    if (until > since) days.add(this.local(new Date(until.getTime() - 1)).day);
    return [...days];
  }
}

/** Whether people work at an hour of a weekday. Monday is 1. */
export const isWorkingTime = ({ weekdays, from, to }: WorkingHours, weekday: number, hour: number): boolean =>
  weekdays.includes(weekday) && hour >= from && hour < to;

const durationIndex = (seconds: number): number =>
  DURATIONS.findIndex(({ below }) => below === null || seconds < below);
