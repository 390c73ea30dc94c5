import { createHash } from "node:crypto";
import { UserError } from "../processes/user-error";

/** One of several parts of a plan: part `index` of `of`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The most parts that a plan can have: the numbers in `i/n` have four digits. */
export const MOST_SHARDS = 9999;

/** @throws UserError if the text has not the form `i/n` with 1 ≤ i ≤ n */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index !== undefined && shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new UserError({
    what: `--shard ${JSON.stringify(text)} is not a part of a whole.`,
    allowed: "i/n, where n is the number of parts and i is from 1 to n",
    remedy: "Write, for example, --shard 2/8.",
  });
}

/**
 * Divides ids into parts. Without durations, the hash of an id decides, so that a stack stays in its part when others are
 * added. With durations, the longest stack is given first, each to the part with the least work so far, so that all parts
 * take about as long.
 * @param ids of all stacks of the plan, the same for every part
 * @param of number of parts
 * @param seconds how long the stacks took in an earlier plan, by id
 */
export function partsOf(
  ids: readonly string[],
  of: number,
  seconds: ReadonlyMap<string, number> = new Map(),
): string[][] {
  const partOf = new Map<string, number>();
  if (seconds.size === 0) {
    for (const id of ids) partOf.set(id, createHash("sha256").update(id).digest().readUInt32BE() % of);
  } else {
    const cost = costOf(seconds);
    const work = Array.from({ length: of }, () => 0);
    for (const id of longestFirst(ids, cost)) {
      const part = work.indexOf(Math.min(...work));
      work[part]! += cost(id);
      partOf.set(id, part);
    }
  }
  return Array.from({ length: of }, (_, part) => ids.filter((id) => partOf.get(id) === part));
}

/** The ids that belong to one part. The parameters are those of {@link partsOf}. */
export const idsOfShard = (
  ids: readonly string[],
  { index, of }: Shard,
  seconds?: ReadonlyMap<string, number>,
): string[] => partsOf(ids, of, seconds)[index - 1]!;

/**
 * How many seconds a stack is expected to take: as many as before, or the mean of the others.
 * @param otherwise seconds, if no duration is known
 */
export function costOf(seconds: ReadonlyMap<string, number>, otherwise = 0): (id: string) => number {
  const known = [...seconds.values()];
  const usual = known.length === 0 ? otherwise : known.reduce((sum, one) => sum + one, 0) / known.length;
  return (id) => seconds.get(id) ?? usual;
}

/** Ids by cost, the most expensive first; equal ones by id, so that the order is the same everywhere. */
export const longestFirst = (ids: readonly string[], cost: (id: string) => number): string[] =>
  [...ids].sort((a, b) => cost(b) - cost(a) || (a < b ? -1 : 1));
