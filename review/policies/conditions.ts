import { allOf, every, some, type Answer } from "./answer";
import { acceptedValues, acceptedWithin, type AcceptedValues } from "./condition-values";
import { parseOperator, type Operator } from "./operators";

/** One condition of a statement: an operator, a key and its values. All conditions of a statement must hold. */
export interface Condition {
  /** As written in the policy. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** Two keys with the same id are the same key. */
  readonly keyId: string;
  /** Two conditions with the same id hold for the same requests. */
  readonly id: string;
  /** null: an operator that AWS does not document. */
  readonly parsed: Operator | null;
  /** null: nobody can tell which values are accepted. */
  readonly accepted: AcceptedValues | null;
}

/**
 * The id of a condition key. Keys compare without case, but the name of a tag or of an entry of the encryption context,
 * which is part of some keys, keeps its case here.
 */
const keyIdOf = (key: string): string => key.replace(/^[^:/]+:[^:/]+/, (name) => name.toLowerCase());

/** Reads a condition. */
export function condition(
  operator: string,
  key: string,
  values: readonly string[],
  variables: boolean,
): Condition {
  const parsed = parseOperator(operator);
  const keyId = keyIdOf(key);
  const isBoolean =
    parsed?.is === "null" || (parsed?.is === "comparison" && parsed.base.family === "boolean");
  const canonical = [...new Set(isBoolean ? values.map((value) => value.toLowerCase()) : values)].sort();
  const version = !variables && values.some((value) => value.includes("${")) ? "2008-10-17" : "";
  return {
    operator,
    key,
    values,
    keyId,
    id: JSON.stringify([operator.toLowerCase(), keyId, canonical, version]),
    parsed,
    accepted:
      parsed?.is === "comparison" && values.length > 0
        ? acceptedValues(parsed.base, values, variables)
        : null,
  };
}

/** What conditions say together about the presence of a key. */
interface Presence {
  readonly isPresent: boolean;
  readonly isAbsent: boolean;
}

const nullValue = ({ parsed, values }: Condition): string | null =>
  parsed?.is === "null" && values.length === 1 ? (values[0] as string).toLowerCase() : null;

/**
 * Whether a condition holds if its key is absent. `unknown` for `ForAnyValue` with `IfExists` or with a negated operator:
 * AWS has answered differently from its documentation.
 * @see https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w/foranyvalue-stringequalsifexists-behaving-unexpectedly
 */
function holdsIfAbsent({ parsed }: Condition): Answer {
  if (parsed?.is !== "comparison") return "unknown";
  const { set, ifExists, base } = parsed;
  if (set === "all") return "yes";
  if (set === "any") return ifExists || base.negated ? "unknown" : "no";
  return ifExists || base.negated ? "yes" : "no";
}

function presenceOf(conditions: readonly Condition[], keyId: string): Presence {
  const ofKey = conditions.filter((one) => one.keyId === keyId);
  return {
    isPresent: ofKey.some((one) => nullValue(one) === "false" || holdsIfAbsent(one) === "no"),
    isAbsent: ofKey.some((one) => nullValue(one) === "true"),
  };
}

/**
 * Whether the conditions of one statement hold only if those of another hold too. An added condition makes a statement
 * apply to fewer requests; a removed one, to more.
 */
export function conditionsWithin(narrow: readonly Condition[], wide: readonly Condition[]): Answer {
  return every(wide, (one) => implied(one, narrow));
}

function implied(wanted: Condition, given: readonly Condition[]): Answer {
  if (given.some(({ id }) => id === wanted.id)) return "yes";
  const presence = presenceOf(given, wanted.keyId);
  const value = nullValue(wanted);
  if (value === "false" && presence.isPresent) return "yes";
  if (value === "true" && presence.isAbsent) return "yes";
  if (presence.isAbsent && holdsIfAbsent(wanted) === "yes") return "yes";
  const ofKey = given.filter(({ keyId }) => keyId.toLowerCase() === wanted.keyId.toLowerCase());
  return some(ofKey, (one) => implies(one, wanted, presence));
}

function implies(given: Condition, wanted: Condition, { isPresent }: Presence): Answer {
  if (given.keyId !== wanted.keyId) return "unknown";
  if (given.parsed?.is === "null" && wanted.parsed?.is === "comparison") return "no";
  if (nullValue(wanted) !== null) {
    return nullValue(given) === null && holdsIfAbsent(given) === "unknown" ? "unknown" : "no";
  }
  if (given.accepted === null || wanted.accepted === null) return "unknown";
  if (given.parsed?.is !== "comparison" || wanted.parsed?.is !== "comparison") return "unknown";
  if (given.parsed.set !== wanted.parsed.set) return "unknown";
  const values = acceptedWithin(given.accepted, wanted.accepted);
  // If a key has several values, one may be accepted and another one excluded.
  const isSameSense = given.parsed.base.negated === wanted.parsed.base.negated;
  const sure = values === "yes" && !isSameSense ? "unknown" : values;
  return allOf(sure, absenceWithin(given, wanted, isPresent));
}

/** Whether a condition holds without its key if another one does. */
function absenceWithin(given: Condition, wanted: Condition, isPresent: boolean): Answer {
  const [before, after] = [holdsIfAbsent(given), holdsIfAbsent(wanted)];
  // With a set operator, a key may be present and yet have no values.
  const isOneValue = given.parsed?.is === "comparison" && given.parsed.set === null;
  if ((isPresent && isOneValue) || before === "no" || after === "yes") return "yes";
  if (before === "yes" && after === "no") return "no";
  return isAlikeIfAbsent(given.parsed, wanted.parsed) ? "yes" : "unknown";
}

const isAlikeIfAbsent = (one: Operator | null, other: Operator | null): boolean =>
  one?.is === "comparison" &&
  other?.is === "comparison" &&
  one.ifExists === other.ifExists &&
  one.base.negated === other.base.negated;
