import { isTimeZone } from "../../report/local-time";
import type { WorkingHours } from "../../report/model";
import { UserError } from "../../processes/user-error";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Days of a report, and of the session history. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html */
export const HISTORY_DAYS = 30;

/** Days of CloudTrail's event history. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
const TRAIL_DAYS = 90;

/** What a command line says about the period. */
export interface PeriodOptions {
  readonly since?: string;
  readonly until?: string;
  readonly days?: string;
}

/**
 * The period of a report: whole or partial days in UTC.
 * @throws UserError if the options name no period, or contradict each other
 */
export function periodOf({ since, until, days }: PeriodOptions, now: Date): { since: Date; until: Date } {
  if (since !== undefined && days !== undefined) {
    throw new UserError({
      what: "--since and --days both say when the period begins.",
      remedy: "Leave one of them out.",
    });
  }
  const end = until === undefined ? now : timeOf("--until", until);
  const begin =
    since === undefined ? new Date(end.getTime() - daysOf(days) * DAY_MS) : timeOf("--since", since);
  if (begin >= end) {
    throw new UserError({
      what: `the period begins at ${begin.toISOString()} and ends at ${end.toISOString()}.`,
      remedy: "Let --since be earlier than --until.",
    });
  }
  return { since: begin, until: end };
}

function daysOf(text: string | undefined): number {
  if (text === undefined) return HISTORY_DAYS;
  if (/^[1-9]\d?$/.test(text) && Number(text) <= TRAIL_DAYS) return Number(text);
  throw new UserError({
    what: `--days ${JSON.stringify(text)} is not a number of days.`,
    allowed: `1 to ${TRAIL_DAYS}`,
    remedy: `The session history of AWS has ${HISTORY_DAYS} days, and CloudTrail's event history ${TRAIL_DAYS}.`,
  });
}

/** A date or a time in UTC that an option names. @throws UserError if it is none */
export function timeOf(option: string, text: string): Date {
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/.test(text);
  const time = new Date(text);
  if (isTime && !Number.isNaN(time.getTime())) return time;
  throw new UserError({
    what: `${option} ${JSON.stringify(text)} is not a date.`,
    allowed: "a date, like 2026-11-01, or a time in UTC, like 2026-11-01T08:30Z",
  });
}

/** The time zone of a report. @throws UserError if there is none of this name */
export function timeZoneOf(text: string): string {
  if (isTimeZone(text)) return text;
  throw new UserError({
    what: `--time-zone ${JSON.stringify(text)}: unknown.`,
    allowed: "a name of the IANA time zone database, like Europe/Berlin",
  });
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * The working hours of a report.
 * @throws UserError if the text names none
 * @example workingHoursOf("Mon-Fri 08-18") // { weekdays: [1, 2, 3, 4, 5], from: 8, to: 18 }
 */
export function workingHoursOf(text: string): WorkingHours {
  const [, first, last, from, to] = /^([A-Z][a-z]{2})-([A-Z][a-z]{2}) (\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const [one, other] = [WEEKDAYS.indexOf(first ?? ""), WEEKDAYS.indexOf(last ?? "")];
  const hours = { from: Number(from), to: Number(to) };
  if (one >= 0 && other >= one && hours.from < hours.to && hours.to <= 24) {
    const weekdays = WEEKDAYS.map((_, index) => index + 1).slice(one, other + 1);
    return { weekdays, ...hours };
  }
  throw new UserError({
    what: `--working-hours ${JSON.stringify(text)} does not name hours of a week.`,
    allowed: 'days and hours, like "Mon-Fri 08-18"; the first day and the first hour come first',
  });
}

/** A whole number from an option. @throws UserError if it is none, or out of bounds */
export function wholeNumber(
  option: string,
  text: string,
  { from, to }: { from: number; to: number },
): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new UserError({
    what: `${option} ${JSON.stringify(text)} is not a whole number in these bounds.`,
    allowed: `${from} to ${to}`,
  });
}
