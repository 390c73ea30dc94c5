/**
 * How people write values of one setting: each function returns the value in the spelling of the setting, or `undefined`
 * for a text that is nothing of the kind. The caller asks the schema whether the result is valid.
 */

/** A value in another spelling, and what is different, for the remedy: `without hyphens`. */
export interface Spelling {
  readonly value: unknown;
  readonly how?: string;
}

/** A name in lower case, with hyphens between its words. */
export const dashed = (text: string): Spelling => ({
  value: text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, ""),
});

/** An account id in groups of four digits. */
export function accountIdOf(text: string): Spelling | undefined {
  if (!/^\s*\d{4}([ -])\d{4}\1\d{4}\s*$/.test(text)) return undefined;
  return { value: text.replace(/[ -]/g, ""), how: text.includes("-") ? "without hyphens" : "without spaces" };
}

/**
 * The ARN of a queue, by its URL.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
 */
export function queueArn(text: string): Spelling | undefined {
  const url = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com\/(\d{12})\/([\w-]+)$/;
  const [, region, account, name] = url.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { value: `arn:aws:sqs:${region}:${account}:${name}`, how: "the ARN of this URL" };
}

/** The network of an address with host bits, or the network of one address. */
export function network(text: string): Spelling | undefined {
  const [, address = "", length = "32"] = /^((?:\d{1,3}\.){3}\d{1,3})(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || Number(length) > 32) return undefined;
  const size = 2 ** (32 - Number(length));
  const bits = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const start = bits - (bits % size);
  const base = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".");
  return {
    value: `${base}/${length}`,
    how: text.includes("/") ? "the network's own address" : "a network of one address",
  };
}

/** A day with dots, which has only one reading: the day of the month comes first. */
export function day(text: string): Spelling | undefined {
  const [, dayOfMonth, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  return { value: `${year}-${month!.padStart(2, "0")}-${dayOfMonth!.padStart(2, "0")}` };
}

/** A schedule of State Manager, from `14 days`, `every day`, `rate(1 days)` or a cron expression of Unix. */
export const schedule = (text: string): Spelling | undefined => rate(text) ?? cron(text);

function rate(text: string): Spelling | undefined {
  const [, count = "1", unit] =
    /^(?:rate\()?(?:every )?(\d+)? ?(minute|hour|day)s?\)?$/i.exec(text.trim()) ?? [];
  if (unit === undefined) return undefined;
  return { value: `rate(${count} ${unit.toLowerCase()}${Number(count) === 1 ? "" : "s"})` };
}

/** The days of the week in a cron expression of Unix, which counts them from 0. AWS counts them from 1. */
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** A cron expression of Unix has five fields, and no ? for one of the days. */
function cron(text: string): Spelling | undefined {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (fields.length !== 5) return undefined;
  const weekday = WEEKDAYS[Number(dayOfWeek)] ?? dayOfWeek;
  const days = dayOfMonth === "*" ? `? ${month} ${weekday}` : `${dayOfMonth} ${month} ?`;
  return { value: `cron(${minute} ${hour} ${days} *)`, how: "in the form of AWS" };
}

/** An id of AWS Organizations without its beginning. */
export const organizationId = (text: string): Spelling | undefined =>
  /^\d*$/.test(text) ? undefined : { value: `o-${text.toLowerCase()}` };

/** The id of a channel of Microsoft Teams, decoded. */
export const encodedChannel = (text: string): Spelling => ({
  value: text.replaceAll(":", "%3A").replaceAll("@", "%40"),
  how: "URL-encoded",
});

/** The ARN of a role with the same name in every account, by the role's name. */
export const roleEverywhere = (name: string): Spelling => ({
  value: `arn:aws:iam::*:role/${name}`,
  how: "a role of that name in every account",
});

/** The ARN of a role without the colon that stands for its missing region. */
export const withBothColons = (arn: string): Spelling => ({
  value: arn.replace(/^(arn:[\w-]+:iam):(?!:)/, "$1::"),
  how: "with both colons after iam, which has no region",
});
