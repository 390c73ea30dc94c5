import type { Change, Counts, Review, SummaryRow } from "./model";

/** Numbers of nothing. */
export const NO_COUNTS: Counts = {
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  import: 0,
  move: 0,
  forget: 0,
};

/**
 * How many objects of a stack change. As in Terraform's own summary, an object that is imported or moved and changes as
 * well counts twice. Reads, deferred changes and outputs do not count.
 */
export function countsOf(changes: readonly Change[]): Counts {
  const counts: { -readonly [Kind in keyof Counts]: number } = { ...NO_COUNTS };
  for (const { kind, attributes, importId, previousAddress } of changes) {
    if (kind === "read" || kind === "deferred") continue;
    const isChanged = attributes.length > 0;
    if (kind === "import" || importId !== undefined) counts.import += 1;
    if (kind === "move" || previousAddress !== undefined) counts.move += 1;
    if (kind === "import") counts.update += isChanged ? 1 : 0;
    else if (kind !== "move") counts[kind] += 1;
  }
  return counts;
}

/** The sum of numbers. */
export const sumOf = (all: readonly Counts[]): Counts =>
  all.reduce(
    (sum, counts) =>
      Object.fromEntries(
        (Object.keys(sum) as (keyof Counts)[]).map((kind) => [kind, sum[kind] + counts[kind]]),
      ) as unknown as Counts,
    NO_COUNTS,
  );

/** One row for each wave and account, in the order in which the stacks name them. */
export function summaryOf(stacks: Review["stacks"]): SummaryRow[] {
  const groups = new Map<string, Review["stacks"][number][]>();
  for (const stack of stacks) {
    const key = JSON.stringify([stack.wave, stack.account, stack.accountId]);
    const group = groups.get(key);
    if (group) group.push(stack);
    else groups.set(key, [stack]);
  }
  return [...groups.values()].map((group) => {
    const { wave, account, accountId } = group[0]!;
    return {
      wave,
      account,
      accountId,
      stacks: group.length,
      changedStacks: group.filter(({ result }) => result === "changes").length,
      failedStacks: group.filter(({ result }) => result === "failed").length,
      ...sumOf(group.map(({ counts }) => counts)),
    };
  });
}
