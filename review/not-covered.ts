import type { Change, Shown } from "./model";

/** What no plan shows. */
const NEVER: readonly string[] = [
  "Stacks that are not in the plan folder, and what has left the map, are not reviewed.",
  "What no stack manages is not reviewed: existing buckets, keys, log groups and topics, and policies that others attach.",
  "Policies are compared one by one. Another policy may refuse what a changed policy permits, or permit what it refuses.",
  "The code of functions is in no plan. A plan shows its hash.",
];

/** Counts what a review cannot show. */
export interface Hidden {
  add(changes: readonly Change[]): void;
  /** A stack without a plan. */
  addFailed(): void;
  /** One sentence for each kind of thing that the review does not see. */
  sentences(): string[];
}

/** Nothing is hidden yet. */
export function newHidden(): Hidden {
  let [failed, unknown, sensitive] = [0, 0, 0];
  const count = (changes: readonly Change[], is: Shown["is"]) =>
    changes.reduce(
      (sum, { attributes }) =>
        sum + attributes.filter(({ before, after }) => before.is === is || after.is === is).length,
      0,
    );
  return {
    add(changes) {
      unknown += count(changes, "unknown");
      sensitive += count(changes, "sensitive");
    },
    addFailed: () => void (failed += 1),
    sentences: () => [
      ...(failed > 0 ? [`${stacks(failed)} no plan, so nobody knows what changes there.`] : []),
      ...(unknown > 0 ? [`${values(unknown)} known only after the apply.`] : []),
      ...(sensitive > 0 ? [`${values(sensitive)} sensitive and not shown.`] : []),
      ...NEVER,
    ],
  };
}

const stacks = (count: number) => (count === 1 ? "1 stack has" : `${count} stacks have`);
const values = (count: number) => (count === 1 ? "1 value is" : `${count} values are`);
