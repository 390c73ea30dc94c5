import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** Progress of the check for missing records. */
export interface Progress {
  /** Every session that ended before this time has been checked, and each missing record has been reported. */
  readonly checkedUntil: Date;
  /** Time from which sessions are recorded in `destinations`. */
  readonly since: Date;
  /** Names of the bucket, key prefix and log group, as a JSON array. A change of this text means new destinations. */
  readonly destinations: string;
}

/** An item of the guard's table, as DynamoDB returns it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** Progress that the guard can continue from, and what is wrong with the item that it was read from. */
export interface ReadProgress {
  readonly progress: Progress;
  /** Sentences without a full stop, which quote no text of the item; empty for a sound item. */
  readonly faults: readonly string[];
}

/** A time that another run has just noted may be ahead of this run's clock. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * Age of the oldest session that AWS lists: 30 days.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 */
const LISTED_MS = 30 * 24 * 60 * 60 * 1000;

/** The item of a progress, without its key. Dates have milliseconds in UTC, as `Date.toISOString` writes them. */
export const progressItem = ({ checkedUntil, since, destinations }: Progress): Item => ({
  checkedUntil: { S: checkedUntil.toISOString() },
  since: { S: since.toISOString() },
  destinations: { S: destinations },
});

/**
 * Reads a progress. The guard does not believe a time that lies in the future or is none, because it would then check
 * no session in any later run. In its place it takes the earliest time that can matter: `checkedUntil` goes back to
 * `since`, and both go back to the oldest session that AWS lists. Sessions may then be checked a second time, and
 * sessions that were recorded in former destinations may be reported: that is better than a check that finds nothing.
 * @param destinations the present destinations, for an item that names none
 */
export function readProgress(
  item: Item,
  { now, destinations }: { readonly now: Date; readonly destinations: string },
): ReadProgress {
  const oldest = new Date(now.getTime() - LISTED_MS);
  const times = { checkedUntil: readTime(item, "checkedUntil", now), since: readTime(item, "since", now) };
  const since = times.since instanceof Date ? times.since : oldest;
  const checkedUntil = times.checkedUntil instanceof Date ? times.checkedUntil : since;
  const names = item["destinations"]?.S;
  return {
    progress: {
      checkedUntil: checkedUntil < oldest ? oldest : checkedUntil,
      since,
      destinations: names ?? destinations,
    },
    faults: [
      ...[times.checkedUntil, times.since].filter((time) => typeof time === "string"),
      ...(names === undefined ? ["destinations is not text"] : []),
    ],
  };
}

/** The time in an attribute, or what is wrong with it. */
function readTime(item: Item, name: "checkedUntil" | "since", now: Date): Date | string {
  const text = item[name]?.S;
  if (text === undefined) return `${name} is ${item[name] === undefined ? "missing" : "not text"}`;
  const time = new Date(text);
  // Only this notation sorts by time as text, which the condition of `ReportBook.advance` needs.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text) return `${name} is not a time in UTC`;
  if (time.getTime() > now.getTime() + CLOCK_SKEW_MS) return `${name} is ${text}, which is in the future`;
  return time;
}
