import type { Change, Shown } from "./model";

/** What is reviewed: plans, or what somebody has changed outside Terraform. */
export type Subject = "plan" | "drift";

/** What no plan shows. */
const NEVER_IN_PLANS: readonly string[] = [
  "Stacks that are not in the plan folder, and what has left the map, are not reviewed.",
  "What no stack manages is not reviewed: existing buckets, keys, log groups and topics, and policies that others attach.",
  "Policies are compared one by one. Another policy may refuse what a changed policy permits, or permit what it refuses.",
  "The code of functions is in no plan. A plan shows its hash.",
];

/** What Terraform does not compare with AWS, because no stack manages it or because the provider does not read it. */
const NEVER_IN_DRIFT: readonly string[] = [
  "Stacks that were not selected, stacks that were never deployed, and what has left the map, are not compared.",
  "What somebody has added beside the stacks is not seen: policies of existing roles, targets of rules, subscriptions of topics, permissions of functions, grants of keys, and subscription filters of log groups.",
  "Data is not seen: transcripts and their locks, log events, messages in queues, items of tables, and versions of documents that are not the latest.",
  "Whether somebody has confirmed a subscription or opened a chat channel is not seen.",
  "What no stack manages is not compared: existing buckets, keys, log groups and topics, settings of the account, and policies of the organization that others attach.",
  "Policies are compared one by one. Another policy may refuse what a changed policy permits, or permit what it refuses.",
];

const NEVER: Readonly<Record<Subject, readonly string[]>> = {
  plan: NEVER_IN_PLANS,
  drift: NEVER_IN_DRIFT,
};

/** Counts what a review cannot show. */
export interface Hidden {
  add(changes: readonly Change[]): void;
  /** A stack without a plan. */
  addFailed(): void;
  /** One sentence for each kind of thing that the review does not see. */
  sentences(): string[];
}

/** Nothing is hidden yet. */
export function newHidden(subject: Subject): Hidden {
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
      ...NEVER[subject],
    ],
  };
}

const stacks = (count: number) => (count === 1 ? "1 stack has" : `${count} stacks have`);
const values = (count: number) => (count === 1 ? "1 value is" : `${count} values are`);
