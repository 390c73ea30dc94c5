/**
 * The answer to "is every request of this set in that set?". Only `yes` and `no` are proven. `unknown` stands for what
 * nobody can tell from the text of a policy, such as the value of a policy variable.
 */
export type Answer = "yes" | "no" | "unknown";

/** Whether all of several things hold. */
export const allOf = (answers: Iterable<Answer>): Answer => {
  let result: Answer = "yes";
  for (const answer of answers) {
    if (answer === "no") return "no";
    if (answer === "unknown") result = "unknown";
  }
  return result;
};

/** Whether at least one of several things holds. */
export const anyOf = (answers: Iterable<Answer>): Answer => {
  let result: Answer = "no";
  for (const answer of answers) {
    if (answer === "yes") return "yes";
    if (answer === "unknown") result = "unknown";
  }
  return result;
};

/** The answer for each item, computed when it is needed. */
export function* answers<T>(items: readonly T[], answer: (item: T) => Answer): Iterable<Answer> {
  for (const item of items) yield answer(item);
}
