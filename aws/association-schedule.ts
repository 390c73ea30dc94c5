/**
 * Schedules of State Manager associations. They allow less than the schedules of EventBridge and of maintenance windows:
 * no month, and no run more often than every half hour. Without this check, a wrong schedule would fail in the middle of
 * a deployment, or be accepted and never run.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html
 */

const MINUTES_IN: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };
/** The shortest rate is 30 minutes. */
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
const EVERY_HALF_HOUR = /^(?:0|\*)\/30$/;
const EVERY_FEW_HOURS = /^(?:\*|(?:0|\*)\/(?:1|2|4|8|12))$/;

/**
 * Whether an expression is a schedule that State Manager accepts and runs repeatedly. `at(...)` runs only once, so it
 * is not.
 *
 * @example isAssociationSchedule("cron(0 3 ? * SUN *)") // true
 */
export function isAssociationSchedule(expression: string): boolean {
  const [, kind, fields] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return isRate(fields!);
  return kind === "cron" && isCron(fields!);
}

/** Whether a schedule is a rate, such as `rate(14 days)`, and not a cron expression. */
export const isRateExpression = (expression: string): boolean => expression.startsWith("rate(");

function isRate(text: string): boolean {
  const [, count, unit, plural] = /^([1-9]\d{0,4}) (minute|hour|day)(s?)$/.exec(text) ?? [];
  if (count === undefined || (Number(count) === 1) !== (plural === "")) return false;
  const minutes = Number(count) * MINUTES_IN[unit!]!;
  return minutes >= LEAST_MINUTES && minutes < TOO_MANY_MINUTES;
}

/** A cron expression has six fields, or seven if it begins with the seconds, which must be 0. */
function isCron(text: string): boolean {
  const fields = text.split(" ");
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields.length === 7 ? fields.slice(1) : fields;
  if (fields.length < 6 || fields.length > 7 || (fields.length === 7 && fields[0] !== "0")) return false;
  if (month !== "*" || year !== "*") return false;
  const [day, pattern] = dayOfWeek === "?" ? [dayOfMonth!, DAY_OF_MONTH] : [dayOfWeek!, DAY_OF_WEEK];
  const oneOfThem = (dayOfMonth === "?") !== (dayOfWeek === "?");
  if (!oneOfThem || !pattern.test(day)) return false;
  const often = EVERY_HALF_HOUR.test(minute!)
    ? hour === "*"
    : MINUTE.test(minute!) && EVERY_FEW_HOURS.test(hour!);
  return often ? day === "*" : MINUTE.test(minute!) && HOUR.test(hour!);
}
