import { matchesOperator } from "./event-pattern-operators";

/** An event pattern of EventBridge: nested objects whose leaves are lists of values and operators. */
export type EventPattern = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches an event pattern of EventBridge. Every field of the pattern must match, and one alternative of
 * each `$or`. A list in the event matches when one of its elements matches.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @throws Error for a pattern that EventBridge refuses, such as a value outside a list. Otherwise a test could pass with a
 * rule that AWS would not create.
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  validate(pattern);
  return matchesObject(pattern, event);
}

function matchesObject(pattern: EventPattern, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((element) => matchesObject(pattern, element));
  const fields = isObject(event) ? event : {};
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === "$or" && Array.isArray(wanted)) {
      return wanted.some((alternative) => matchesObject(alternative as EventPattern, event));
    }
    return Array.isArray(wanted)
      ? matchesField(wanted, name in fields ? fields[name] : undefined)
      : matchesObject(wanted as EventPattern, fields[name]);
  });
}

/** Whether one of the wanted values or operators matches a field, which may be absent, a value or a list of values. */
function matchesField(wanted: readonly unknown[], value: unknown): boolean {
  // `exists` works on leaf nodes only, not on objects. An empty list has no leaf.
  // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
  const leaves = (Array.isArray(value) ? value : [value]).filter(
    (leaf) => leaf !== undefined && !isObject(leaf),
  );
  return wanted.some((test) => {
    if (isObject(test) && "exists" in test) return test["exists"] === leaves.length > 0;
    return leaves.some((leaf) => (isObject(test) ? matchesOperator(test, leaf) : test === leaf));
  });
}

/** @throws Error for a pattern that EventBridge refuses, with the place of the mistake */
export function validate(pattern: unknown, path = "$"): void {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new Error(`Invalid event pattern at ${path}: an object with fields is needed`);
  }
  for (const [name, wanted] of Object.entries(pattern)) {
    const at = `${path}.${name}`;
    if (name === "$or" && Array.isArray(wanted)) {
      if (wanted.length < 2) throw new Error(`Invalid event pattern at ${at}: fewer than two alternatives`);
      wanted.forEach((alternative, index) => validate(alternative, `${at}[${index}]`));
    } else if (Array.isArray(wanted)) {
      if (wanted.length === 0)
        throw new Error(`Invalid event pattern at ${at}: an empty list matches nothing`);
      const nested = wanted.find(Array.isArray);
      if (nested !== undefined) throw new Error(`Invalid event pattern at ${at}: a list inside the list`);
      wanted.filter(isObject).forEach((test) => checkOperator(test, at));
    } else if (isObject(wanted)) {
      validate(wanted, at);
    } else {
      throw new Error(`Invalid event pattern at ${at}: ${JSON.stringify(wanted)} must be in a list`);
    }
  }
}

function checkOperator(test: Record<string, unknown>, at: string): void {
  if (Object.keys(test).length !== 1)
    throw new Error(`Invalid event pattern at ${at}: one operator per object`);
  if ("exists" in test) {
    if (typeof test["exists"] !== "boolean")
      throw new Error(`Invalid event pattern at ${at}: exists is true or false`);
    return;
  }
  try {
    matchesOperator(test, "");
  } catch (error) {
    throw new Error(`Invalid event pattern at ${at}: ${(error as Error).message}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
