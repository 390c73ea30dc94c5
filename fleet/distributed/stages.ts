import type { PlannedStack } from "../plan-folder";

type Ordered = Pick<PlannedStack, "id" | "dependsOn">;

/**
 * Divides stacks into stages: a stack comes in a later stage than every stack that it depends on. What is not among the
 * stacks does not count.
 * @param stacks in the order of deployment
 * @example stagesOf([{ id: "a", dependsOn: [] }, { id: "b", dependsOn: ["a"] }]) // [[a], [b]]
 */
export function stagesOf<S extends Ordered>(stacks: readonly S[]): S[][] {
  const stageOf = new Map<string, number>();
  const stages: S[][] = [];
  for (const stack of stacks) {
    const before = stack.dependsOn.flatMap((id) => stageOf.get(id) ?? []);
    const stage = before.length === 0 ? 0 : Math.max(...before) + 1;
    stageOf.set(stack.id, stage);
    (stages[stage] ??= []).push(stack);
  }
  return stages;
}

/**
 * How many items must have succeeded after each stage for the run to go on.
 * @param sizes number of items of each stage
 * @param tolerated how many items may fail in all
 */
export function neededAfter(sizes: readonly number[], tolerated: number): number[] {
  let total = 0;
  return sizes.map((size) => Math.max(0, (total += size) - tolerated));
}
