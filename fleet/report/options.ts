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
 * The period of a report. It ends now and begins 30 days earlier, unless the options say otherwise.
 * @throws UserError if an option cannot be parsed, if --since and --days are both given, or if the period does not begin
 * before it ends
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
      remedy: `Let --since be earlier than --until${until === undefined ? ", which is now by default" : ""}.`,
    });
  }
  return { since: begin, until: end };
}

function daysOf(text: string | undefined): number {
  if (text === undefined) return HISTORY_DAYS;
  if (/^[1-9]\d?$/.test(text) && Number(text) <= TRAIL_DAYS) return Number(text);
  throw new UserError({
    what: `--days ${JSON.stringify(text)} is not a number of days.`,
    allowed: `1 to ${TRAIL_DAYS}, which are the days of CloudTrail's event history; the session history has ${HISTORY_DAYS}`,
    remedy: `Name a number in these bounds, or leave --days out for ${HISTORY_DAYS} days.`,
  });
}

const DATE = "a date, like 2026-11-01, or a time in UTC, like 2026-11-01T08:30Z";

/** A date or a time in UTC that an option names. @throws UserError if it is none, or if the month has no such day */
export function timeOf(option: string, text: string): Date {
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T(?:[01]\d|2[0-3]):\d{2}(?::\d{2})?Z)?$/.test(text);
  const time = new Date(text);
  const what = `${option} ${JSON.stringify(text)}`;
  if (!isTime || Number.isNaN(time.getTime()))
    throw new UserError({ what: `${what} is not a date.`, allowed: DATE });
  // JavaScript takes the 30th of February as the 2nd of March.
  if (time.toISOString().startsWith(text.slice(0, 10))) return time;
  // The day before the first one of the month into which the date has run over.
  const last = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 0)).toISOString().slice(0, 10);
  throw new UserError({
    what: `${what} is a day that does not exist.`,
    allowed: DATE,
    remedy: `The last day of this month is ${last}: name that day, or an earlier one.`,
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
    allowed:
      'days and hours, like "Mon-Fri 08-18"; the range runs forward from Mon to Sun and from 0 to 24, so Sat-Mon and 22-06 are not allowed',
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
