import { createHash } from "node:crypto";
import { UserError } from "../processes/user-error";

/** One of several parts of a plan: part `index` of `of`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** @throws UserError if the text has not the form `i/n` with 1 ≤ i ≤ n */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index !== undefined && shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new UserError({
    what: `--shard ${JSON.stringify(text)}: no part of a whole.`,
    allowed: "i/n, where n is the number of parts and i is from 1 to n",
    remedy: "Write, for example, --shard 2/8.",
  });
}

/**
 * The ids that belong to a part. Without durations, the hash of an id decides, so that a stack stays in its part when
 * others are added. With durations, the longest stack is given first, each to the part with the least work so far, so
 * that all parts take about as long.
 * @param ids of all stacks of the plan, the same for every part
 * @param seconds how long the stacks took in an earlier plan, by id
 */
export function idsOfShard(
  ids: readonly string[],
  { index, of }: Shard,
  seconds: ReadonlyMap<string, number> = new Map(),
): string[] {
  const ofHash = (id: string) => createHash("sha256").update(id).digest().readUInt32BE() % of;
  if (seconds.size === 0) return ids.filter((id) => ofHash(id) === index - 1);
  const known = [...seconds.values()];
  const usual = known.reduce((sum, one) => sum + one, 0) / known.length;
  const cost = (id: string) => seconds.get(id) ?? usual;
  const work = Array.from({ length: of }, () => 0);
  const mine = new Set<string>();
  for (const id of longestFirst(ids, cost)) {
    const part = work.indexOf(Math.min(...work));
    work[part]! += cost(id);
    if (part === index - 1) mine.add(id);
  }
  return ids.filter((id) => mine.has(id));
}

/** Ids by cost, the most expensive first; equal ones by id, so that the order is the same everywhere. */
export const longestFirst = (ids: readonly string[], cost: (id: string) => number): string[] =>
  [...ids].sort((a, b) => cost(b) - cost(a) || (a < b ? -1 : 1));
