/**
 * The answer to "is every request of this set in that set?". Only `yes` and `no` are proven. `unknown` stands for what
 * nobody can tell from the text of a policy, such as the value of a policy variable.
 */
export type Answer = "yes" | "no" | "unknown";

/** Whether something holds for every item. Asks no further than the first `no`. */
export function every<T>(items: readonly T[], ask: (item: T) => Answer): Answer {
  let result: Answer = "yes";
  for (const item of items) {
    const answer = ask(item);
    if (answer === "no") return "no";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

/** Whether something holds for at least one item. Asks no further than the first `yes`. */
export function some<T>(items: readonly T[], ask: (item: T) => Answer): Answer {
  let result: Answer = "no";
  for (const item of items) {
    const answer = ask(item);
    if (answer === "yes") return "yes";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

/** Whether all of several things hold. */
export const allOf = (...answers: readonly Answer[]): Answer => every(answers, (answer) => answer);
