import { NETWORKS, readNetwork } from "./addresses";
import type { Answer } from "./answer";
import { arnPattern, CONDITION_ARNS } from "./arns";
import type { Base, Family } from "./operators";
import { areDisjoint, folded, isWithin, matchesAll, pattern, type Pattern } from "./pattern";
import { RANGES, rangeOf, readDate, readNumber } from "./ranges";
import { selectionWithin, type Comparison, type Selection } from "./selection";

/** The values for which a condition holds. */
export interface AcceptedValues {
  readonly family: Family;
  readonly selection: Selection<unknown>;
  readonly comparison: Comparison<unknown>;
}

/** Whether the second accepts every value that the first accepts. Values of two families do not compare. */
export const acceptedWithin = (narrow: AcceptedValues, wide: AcceptedValues): Answer =>
  narrow.family === wide.family
    ? selectionWithin(narrow.selection, wide.selection, narrow.comparison)
    : "unknown";

interface TextValue {
  readonly pattern: Pattern;
  readonly ignoreCase: boolean;
}

const TEXTS: Comparison<TextValue> = {
  within: (narrow, wide) => {
    if (matchesAll(wide.pattern)) return "yes";
    const { tokens } = narrow.pattern;
    if (wide.ignoreCase) return isWithin(folded(tokens), folded(wide.pattern.tokens));
    if (!narrow.ignoreCase) return isWithin(tokens, wide.pattern.tokens);
    return narrow.pattern.hasVariable || wide.pattern.hasVariable || wide.pattern.hasWildcard
      ? "unknown"
      : "no";
  },
  disjoint: (one, other) => areDisjoint(one.pattern.loose, other.pattern.loose),
  key: (value) => `${value.ignoreCase ? "ignoring case " : ""}${value.pattern.key}`,
  isEverything: (value) => matchesAll(value.pattern),
  isErratic: (value) => value.pattern.hasVariable,
};

/** Values that are the same or have nothing in common. */
const EXACT: Comparison<string> = {
  within: (narrow, wide) => (narrow === wide ? "yes" : "no"),
  disjoint: (one, other) => one !== other,
  key: (value) => value,
  isEverything: () => false,
  isErratic: () => false,
};

/**
 * The values that an operator accepts. null: nobody can tell, because a value is not of the operator's family, such as a
 * variable in place of a number.
 * @param variables whether `${…}` is a variable in this policy
 */
export function acceptedValues(
  base: Base,
  texts: readonly string[],
  variables: boolean,
): AcceptedValues | null {
  const { family, negated, order = "=", ignoreCase = false, wildcards = false } = base;
  const accepted = <T>(
    comparison: Comparison<T>,
    read: (text: string) => T | null,
  ): AcceptedValues | null => {
    const values = texts.map(read);
    if (values.includes(null)) return null;
    return { family, selection: { allBut: negated, values }, comparison: comparison as Comparison<unknown> };
  };
  switch (family) {
    case "text":
      return accepted(TEXTS, (text) => ({ pattern: pattern(text, { variables, wildcards }), ignoreCase }));
    case "arn":
      return accepted(CONDITION_ARNS, (text) => arnPattern(text, variables));
    case "number":
      return accepted(RANGES, (text) => rangeOf(readNumber(text), order));
    case "date":
      return accepted(RANGES, (text) => rangeOf(readDate(text), order));
    case "boolean":
      return accepted(EXACT, (text) => /^(true|false)$/i.exec(text)?.[0].toLowerCase() ?? null);
    case "binary":
      return accepted(EXACT, (text) => text);
    case "address":
      return accepted(NETWORKS, readNetwork);
  }
}
