/**
 * Schedules of State Manager associations. They take less than EventBridge and maintenance windows do: no month, and
 * nothing more often than each half hour. What is refused here AWS would refuse in the middle of a deployment, or take
 * and never run.
 */

const MINUTES_IN: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };
const LEAST_MINUTES = 30;
/** A rate must be less than 31 days. */
const TOO_MANY_MINUTES = 31 * 24 * 60;

const DAY_NAME = "(?:SUN|MON|TUE|WED|THU|FRI|SAT|[1-7])";
const DAY_OF_WEEK = new RegExp(
  `^(?:\\*|${DAY_NAME}(?:-${DAY_NAME})?(?:,${DAY_NAME}(?:-${DAY_NAME})?)*|${DAY_NAME}(?:#[1-5]|L))$`,
);
const DAY_OF_MONTH = /^(?:\*|L|[1-9]|[12]\d|3[01])$/;
const MINUTE = /^[1-5]?\d$/;
const HOUR = /^(?:1?\d|2[0-3])$/;
const EACH_HALF_HOUR = /^(?:0|\*)\/30$/;
const EACH_HOURS = /^(?:\*|(?:0|\*)\/(?:1|2|4|8|12))$/;

/** Whether State Manager takes an expression and runs it again and again: `at(...)` runs once and is none. */
export function isAssociationSchedule(expression: string): boolean {
  const [, kind, inner] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return isRate(inner!);
  return kind === "cron" && isCron(inner!);
}

/** Whether a schedule is a rate, which says how often and not when. */
export const isRateExpression = (expression: string): boolean => expression.startsWith("rate(");

function isRate(inner: string): boolean {
  const [, count, unit, plural] = /^([1-9]\d{0,4}) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  if (count === undefined || (Number(count) === 1) !== (plural === "")) return false;
  const minutes = Number(count) * MINUTES_IN[unit!]!;
  return minutes >= LEAST_MINUTES && minutes < TOO_MANY_MINUTES;
}

/** Six fields, or seven with the seconds, which must be 0. */
function isCron(inner: string): boolean {
  const fields = inner.split(" ");
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields.length === 7 ? fields.slice(1) : fields;
  if (fields.length < 6 || fields.length > 7 || (fields.length === 7 && fields[0] !== "0")) return false;
  if (month !== "*" || year !== "*") return false;
  const [day, pattern] = dayOfWeek === "?" ? [dayOfMonth!, DAY_OF_MONTH] : [dayOfWeek!, DAY_OF_WEEK];
  const oneOfThem = (dayOfMonth === "?") !== (dayOfWeek === "?");
  if (!oneOfThem || !pattern.test(day)) return false;
  const often = EACH_HALF_HOUR.test(minute!) ? hour === "*" : MINUTE.test(minute!) && EACH_HOURS.test(hour!);
  return often ? day === "*" : MINUTE.test(minute!) && HOUR.test(hour!);
}
