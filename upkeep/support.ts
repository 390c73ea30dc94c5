import type { End } from "./ends";

/** How many days before a date somebody is told. */
export const NOTICE_DAYS = 120;

const DAY = 24 * 60 * 60 * 1000;

/** Something that ends, as seen on one day. */
export interface Due {
  readonly end: End;
  /** The day on which something has to be done, as YYYY-MM-DD. */
  readonly day: string;
  /** Whether the end lies behind that day, or was never announced, so that the day is one to look again. */
  readonly hasEnded: boolean;
  /** Days until then; 0 or less: the day has come. */
  readonly days: number;
  /** Whether it is time to tell somebody. */
  readonly isDue: boolean;
}

/**
 * What ends, the earliest first.
 * @param today as YYYY-MM-DD
 * @throws Error if an entry has no day at all
 */
export function dueOn(today: string, ends: readonly End[]): Due[] {
  return ends
    .map((end): Due => {
      const day = dayOf(end, today);
      if (day === null) throw new Error(`${end.what}: no day on which somebody looks again`);
      const days = Math.round((Date.parse(day) - Date.parse(today)) / DAY);
      return { end, day, hasEnded: end.ends === null || today > end.ends, days, isDue: days <= NOTICE_DAYS };
    })
    .sort((one, other) => one.days - other.days);
}

/** The day of an end; the day to look again only after the end, or where no end is announced. */
function dayOf({ ends, lookAgain }: End, today: string): string | null {
  return ends !== null && (today <= ends || lookAgain === undefined) ? ends : (lookAgain ?? null);
}

/** Whether a text is a day of the calendar, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}
