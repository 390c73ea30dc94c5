/** Minutes of the units in which people count. A year has 365 days, as in the periods of AWS. */
const MINUTES: Readonly<Record<string, number>> = {
  s: 1 / 60,
  m: 1,
  min: 1,
  h: 60,
  hr: 60,
  d: 1440,
  w: 7 * 1440,
  second: 1 / 60,
  minute: 1,
  hour: 60,
  day: 1440,
  week: 7 * 1440,
  month: 30 * 1440,
  y: 365 * 1440,
  year: 365 * 1440,
};

/**
 * A time such as `7 years` or `90d` in another unit.
 * @param unit `days` or `minutes`; for another unit, only a text of digits is converted
 */
export function amountIn(unit: string | undefined, text: string): number | undefined {
  const [, count, found] = /^(\d+(?:\.\d+)?)\s*([a-z]*?)s?$/i.exec(text.trim()) ?? [];
  if (count === undefined) return undefined;
  if (found === "") return Number(count);
  const minutes = MINUTES[found!.toLowerCase()];
  if (minutes === undefined || (unit !== "days" && unit !== "minutes")) return undefined;
  return (Number(count) * minutes) / (unit === "days" ? 1440 : 1);
}
