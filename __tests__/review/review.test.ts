import type { PlannedStack } from "../../review/model";
import { reviewOf } from "../../review/review";
import { recorded } from "../fixtures/plans/trim";

const ORIGIN = { commit: null, dirty: false, plannedAt: "2026-11-26T12:00:00Z" };
const SCENARIOS = ["kinds", "drift", "new-account", "archive-weakened", "region-taken-out"] as const;

/** Freezes a value and everything in it: code that changes it throws. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

/** Deletes all members of a value, and those of its members, as if its memory were reused. */
function emptied(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    emptied(member);
    delete (value as Record<string, unknown>)[key];
  }
}

/** Yields the stacks one by one, and empties each plan as soon as the next stack is requested. */
function* oneByOne(stacks: readonly PlannedStack[]): Generator<PlannedStack> {
  for (const stack of stacks) {
    const copy = structuredClone(stack);
    yield copy;
    emptied(copy.plan);
  }
}

const sorted = (texts: readonly unknown[]) => texts.map((one) => JSON.stringify(one)).sort();

describe.each(SCENARIOS)("the review of the recorded plans %s", (scenario) => {
  const stacks = recorded(scenario);
  const review = reviewOf(stacks, ORIGIN);

  it("does not change the plans", () => {
    expect(reviewOf(frozen(structuredClone(stacks)), ORIGIN)).toEqual(review);
  });

  it("reads each plan only until it requests the next one", () => {
    expect(reviewOf(oneByOne(stacks), ORIGIN)).toEqual(review);
  });

  it("finds the same in any order of the stacks", () => {
    const backwards = reviewOf([...stacks].reverse(), ORIGIN);
    const titles = ({ findings }: typeof review) => findings.map(({ severity, title }) => [severity, title]);
    expect(sorted(titles(backwards))).toEqual(sorted(titles(review)));
    expect(backwards.totals).toEqual(review.totals);
    expect(sorted(backwards.summary)).toEqual(sorted(review.summary));
    const addresses = ({ groups, drift }: typeof review) =>
      [...groups, ...drift].map(({ change, stacks: where }) => [
        change.kind,
        change.address,
        [...where].sort(),
      ]);
    expect(sorted(addresses(backwards))).toEqual(sorted(addresses(review)));
  });

  it("lists the stacks in the order of the input", () => {
    expect(review.stacks.map(({ id }) => id)).toEqual(stacks.map(({ id }) => id));
  });
});
