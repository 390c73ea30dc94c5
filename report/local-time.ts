/** A time as the clocks of a time zone show it. */
export interface LocalTime {
  /** Date, like `2026-11-26`. */
  readonly day: string;
  /** Monday is 1, Sunday is 7. */
  readonly weekday: number;
  /** 0 to 23. */
  readonly hour: number;
}

/** Offsets of time zones from UTC are multiples of this. @see https://data.iana.org/time-zones/theory.html */
const STEP_MS = 15 * 60 * 1000;

/** Times that are remembered: a month has 2,976 quarters of an hour. */
const REMEMBERED = 100_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A function that tells times in a time zone. It formats each quarter of an hour once, because formatting is slow and
 * a report asks for millions of times.
 * @param timeZone IANA name, like `Europe/Berlin`
 * @throws RangeError if there is no such time zone
 * @example localTimes("Europe/Berlin")(new Date("2026-11-26T23:30:00Z")) // { day: "2026-11-27", weekday: 5, hour: 0 }
 */
export function localTimes(timeZone: string): (time: Date) => LocalTime {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    hour: "2-digit",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const known = new Map<number, LocalTime>();
  return (time) => {
    const step = Math.floor(time.getTime() / STEP_MS);
    const before = known.get(step);
    if (before !== undefined) return before;
    const parts = new Map(format.formatToParts(step * STEP_MS).map(({ type, value }) => [type, value]));
    const day = `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
    // 1970-01-01 was a Thursday.
    const weekday = ((Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS) + 3) % 7) + 1;
    const local = { day, weekday, hour: Number(parts.get("hour")) };
    if (known.size < REMEMBERED) known.set(step, local);
    return local;
  };
}

/** Whether there is a time zone of a name. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}
