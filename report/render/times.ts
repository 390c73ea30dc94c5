import type { Time } from "../model";

/** Times as people read them, in the time zone of a report. */
export interface Times {
  /** `2026-11-24 11:00:05` */
  local(time: Time): string;
  /** `2026-11-24 11:00:05 Europe/Berlin (10:00:05 UTC)`, or without the parentheses in UTC. */
  exact(time: Time): string;
}

/**
 * Tells times in a time zone.
 * @param timeZone IANA name
 * @throws RangeError if there is no such time zone
 */
export function timesIn(timeZone: string): Times {
  const options = { dateStyle: "short", timeStyle: "medium" } as const;
  // Swedish dates are those of ISO 8601.
  const [zone, utc] = [timeZone, "UTC"].map(
    (name) => new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: name }),
  );
  const local = (time: Time) => zone!.format(new Date(time));
  return {
    local,
    exact(time) {
      const [here, there] = [local(time), utc!.format(new Date(time))];
      if (here === there) return `${here} UTC`;
      const [date, clock] = there.split(" ");
      return `${here} ${timeZone} (${here.startsWith(date!) ? clock : there} UTC)`;
    },
  };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** `42 s`, `12 min`, `3 h 20 min` */
export function durationWords(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < HOUR / MINUTE) return `${minutes} min`;
  return minutes % 60 === 0
    ? `${Math.floor(minutes / 60).toLocaleString("en-US")} h`
    : `${Math.floor(minutes / 60).toLocaleString("en-US")} h ${minutes % 60} min`;
}
