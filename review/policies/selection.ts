import { every, some, type Answer } from "./answer";

/**
 * The values that one part of a statement names, such as its actions; or, for `NotAction` and its like, every value but
 * these.
 */
export interface Selection<T> {
  readonly allBut: boolean;
  readonly values: readonly T[];
}

/** How the values of one part of a statement compare. */
export interface Comparison<T> {
  /** Whether the second value matches whatever the first one matches. */
  readonly within: (narrow: T, wide: T) => Answer;
  /** Whether nothing matches both values. True only if proven. */
  readonly disjoint: (one: T, other: T) => boolean;
  /** Two values with the same key match the same. */
  readonly key: (value: T) => string;
  /** Whether a value matches everything. */
  readonly isEverything: (value: T) => boolean;
  /**
   * Whether a value may match nothing and yet match nothing by its absence either: a variable that the request lacks
   * makes the whole statement not apply, with `NotResource` as with `Resource`.
   */
  readonly isErratic: (value: T) => boolean;
}

const keys = new WeakMap<Selection<unknown>, ReadonlySet<string>>();

/** Whether a selection names a value, in whatever spelling. Selections may be long, so their keys are kept. */
export function names<T>(selection: Selection<T>, value: T, key: (value: T) => string): boolean {
  const known = keys.get(selection) ?? new Set(selection.values.map(key));
  keys.set(selection, known);
  return known.has(key(value));
}

/** Whether the second selection has everything that the first one has. */
export function selectionWithin<T>(narrow: Selection<T>, wide: Selection<T>, by: Comparison<T>): Answer {
  const among = (value: T, selection: Selection<T>): Answer =>
    names(selection, value, by.key) ? "yes" : some(selection.values, (other) => by.within(value, other));
  if (narrow.allBut && wide.allBut) {
    return every(wide.values, (value) => {
      if (!by.isErratic(value)) return among(value, narrow);
      return names(narrow, value, by.key) ? "yes" : "unknown";
    });
  }
  if (narrow.allBut) {
    if (wide.values.some(by.isEverything) || narrow.values.some(by.isEverything)) return "yes";
    return [...narrow.values, ...wide.values].some(by.isErratic) ? "unknown" : "no";
  }
  return every(narrow.values, (value) =>
    wide.allBut ? every(wide.values, (other) => outside(value, other, by)) : among(value, wide),
  );
}

function outside<T>(value: T, excluded: T, by: Comparison<T>): Answer {
  if (by.disjoint(value, excluded)) return by.isErratic(excluded) ? "unknown" : "yes";
  return by.isErratic(value) && by.key(value) !== by.key(excluded) ? "unknown" : "no";
}

/**
 * What the first selection has and the second has not, or more than that. null: nobody can write it shorter than the first
 * selection.
 */
export function selectionWithout<T>(
  from: Selection<T>,
  without: Selection<T>,
  by: Comparison<T>,
): readonly Selection<T>[] | null {
  if ([...from.values, ...without.values].some(by.isErratic)) return null;
  if (from.allBut && without.allBut) {
    // Everything but A, without everything but B, is what B has and A has not.
    return singles(
      without.values.filter((value) => some(from.values, (other) => by.within(value, other)) !== "yes"),
    );
  }
  if (from.allBut) return [{ allBut: true, values: [...from.values, ...without.values] }];
  if (without.allBut) return singles(from.values.flatMap((value) => common(value, without.values, by)));
  return null;
}

/** What a value has in common with each of several others, or more than that. */
const common = <T>(value: T, others: readonly T[], by: Comparison<T>): T[] =>
  others
    .filter((other) => !by.disjoint(value, other))
    .map((other) => (by.within(other, value) === "yes" ? other : value));

const singles = <T>(values: readonly T[]): Selection<T>[] =>
  values.map((value) => ({ allBut: false, values: [value] }));
