import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { described } from "./values";

/** Keys of a filter policy as {@link keysOf} counts them, and combinations of its values, that SNS accepts. */
const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;

/** What SNS would refuse in a filter policy, as a remedy; undefined: it accepts the policy. */
type Refused = string | undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 1e9;
const isOne = (value: unknown): boolean => isText(value) || isNumber(value);
const isListOf = (fits: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(fits);

/**
 * A text without two asterisks in a row, in which a backslash stands before an asterisk or another backslash alone.
 *
 * @see https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/input/WildcardParser.java
 */
const isWildcard = (value: unknown): boolean => isText(value) && /^(?:[^\\*]|\\[\\*]|\*(?!\*))*$/.test(value);

/**
 * An address with the length of its prefix.
 *
 * @see https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/CIDR.java
 */
function isCidr(value: unknown): boolean {
  if (!isText(value)) return false;
  const [, address = "", length = ""] = /^([\da-fA-F:.]+)\/(\d{1,3})$/.exec(value) ?? [];
  return (isIPv4(address) && Number(length) <= 32) || (isIPv6(address) && Number(length) <= 128);
}

/** Operators that `anything-but` may contain, with what they compare. */
const NEGATED: Readonly<Record<string, (value: unknown) => boolean>> = {
  prefix: isText,
  suffix: isText,
  "equals-ignore-case": isText,
  wildcard: isWildcard,
};

/**
 * One or more texts, or one or more numbers. A list of both is refused.
 *
 * @see https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/JsonRuleCompiler.java
 */
const isAnythingBut = (value: unknown): boolean => {
  if (!isObject(value)) return isOne(value) || isListOf(isText)(value) || isListOf(isNumber)(value);
  const [[operator = "", compared] = [], ...others] = Object.entries(value);
  const fits = Object.hasOwn(NEGATED, operator) ? NEGATED[operator]! : () => false;
  return others.length === 0 && (fits(compared) || isListOf(fits)(compared));
};

/** One comparison, or a lower and an upper limit. @example isRange([">", 0, "<=", 10]) // true */
function isRange(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [operator, number, upper, top, ...more] = value as unknown[];
  if (!isText(operator) || !isNumber(number) || more.length > 0) return false;
  if (value.length === 2) return ["=", "<", "<=", ">", ">="].includes(operator);
  return [">", ">="].includes(operator) && (upper === "<" || upper === "<=") && isNumber(top) && top > number;
}

/** The operators of SNS, with what they compare. */
const OPERATORS: Readonly<Record<string, { fits: (value: unknown) => boolean; like: string }>> = {
  prefix: { fits: isText, like: '{ prefix: "Start" }' },
  suffix: { fits: isText, like: '{ suffix: "Session" }' },
  "anything-but": {
    fits: isAnythingBut,
    like: '{ "anything-but": ["StartSession"] }, with texts alone or numbers alone',
  },
  "equals-ignore-case": { fits: isText, like: '{ "equals-ignore-case": "startsession" }' },
  wildcard: {
    fits: isWildcard,
    like: '{ wildcard: "*Session" }, without **, and with a \\ only before * or another \\',
  },
  cidr: { fits: isCidr, like: '{ cidr: "10.0.0.0/24" }, an address and the length of its prefix' },
  exists: { fits: (value) => typeof value === "boolean", like: "{ exists: true }" },
  numeric: { fits: isRange, like: '{ numeric: [">", 0, "<=", 10] }' },
};

/** What is wrong with one of the values of a key. */
function valueRefused(key: string, value: unknown): Refused {
  if (value === null || isText(value) || typeof value === "boolean") return undefined;
  if (typeof value === "number")
    return isNumber(value) ? undefined : `give ${key} a number from -1000000000 to 1000000000`;
  if (!isObject(value)) return `list the values of ${key} in one list, without a list inside of it`;
  const operators = Object.keys(value);
  if (operators.length !== 1) return `give each operator of ${key} an object of its own`;
  const [operator = ""] = operators;
  if (!Object.hasOwn(OPERATORS, operator))
    return `replace ${JSON.stringify(operator)} in ${key} by an operator of SNS: ${Object.keys(OPERATORS).join(", ")}`;
  const { fits, like } = OPERATORS[operator]!;
  return fits(value[operator])
    ? undefined
    : `change ${JSON.stringify(operator)} in ${key} to the form of ${like}`;
}

/** What is wrong with a key of a filter policy. */
function keyRefused(key: string, value: unknown): Refused {
  if (key === "$or")
    return Array.isArray(value) && value.length > 1 && value.every(isObject)
      ? firstOf(value.map(levelRefused))
      : "list two or more objects in $or";
  if (isObject(value)) return levelRefused(value);
  if (!Array.isArray(value)) return `put the value of ${key} into a list: [${JSON.stringify(value)}]`;
  return value.length === 0
    ? `list at least one value of ${key}, or remove the key`
    : firstOf(value.map((one) => valueRefused(key, one)));
}

const firstOf = (found: readonly Refused[]): Refused => found.find((one) => one !== undefined);

const levelRefused = (level: Record<string, unknown>): Refused =>
  Object.keys(level).length === 0
    ? "remove the empty object, which names no field"
    : firstOf(Object.entries(level).map(([key, value]) => keyRefused(key, value)));

/** How many combinations of values a policy has: SNS multiplies the lengths of its lists, and those of nested keys by their depth. */
const combinations = (level: Record<string, unknown>, depth = 1): number =>
  Object.entries(level).reduce((product, [key, value]) => {
    if (isObject(value)) return product * combinations(value, depth + 1);
    const list = value as readonly unknown[];
    return key === "$or"
      ? product * list.reduce<number>((sum, one) => sum + combinations(one as typeof level, depth), 0)
      : product * list.length * depth;
  }, 1);

/**
 * The keys of a policy that SNS counts: those on the first level. `$or` names no field, so the keys of its objects take its
 * place, each once. Keys below another one do not count. AWS's page says so, and has an example with six keys that have
 * values, of which three are below another one; an earlier version of the page counted these three as well.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
const keysOf = (level: Record<string, unknown>): ReadonlySet<string> =>
  new Set(
    Object.entries(level).flatMap(([key, value]) =>
      key === "$or" ? (value as (typeof level)[]).flatMap((one) => [...keysOf(one)]) : [key],
    ),
  );

/**
 * What SNS would refuse in a filter policy for the body of messages, which may be nested.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html
 */
function refusedBySns(policy: Record<string, unknown>): Refused {
  const refused = levelRefused(policy);
  if (refused !== undefined) return refused;
  const keys = keysOf(policy);
  if (keys.size > MOST_KEYS)
    return `filter by at most ${MOST_KEYS} fields: the policy names ${keys.size}, ${[...keys].join(", ")}`;
  const count = combinations(policy);
  return count > MOST_COMBINATIONS
    ? `list fewer values: they have ${count} combinations, and SNS accepts ${MOST_COMBINATIONS}`
    : undefined;
}

/** The setting `filterPolicy` of a subscriber. SNS refuses a wrong policy in the middle of the apply. */
export const filterPolicy = described(
  z.record(z.string(), z.unknown()).refine((policy) => refusedBySns(policy) === undefined),
  {
    description:
      "SNS filter policy for the message body. The alarms of a channel go to the same topic; they have no field action, so a filter on action keeps them out.",
    allowed: `a filter policy as SNS writes it, such as { action: ["StartSession"] }: at most ${MOST_KEYS} fields of the message, each with a list of values or operators, and at most ${MOST_COMBINATIONS} combinations of them`,
    remedy: "write an object whose keys are fields of the message; leave it out to get every message",
    advise: (found) => (isObject(found) ? refusedBySns(found) : undefined),
  },
)
  .nullable()
  .default(null);
