import { ACTIONS } from "./actions";
import { RESOURCES } from "./arns";
import { principalText } from "./principals";
import type { Selection } from "./selection";
import type { Statement } from "./statements";

/** A statement before and after. null: there is none on that side. */
export interface Pair {
  readonly before: Statement | null;
  readonly after: Statement | null;
}

/** Statements that have less than this in common are a removed and an added one. Between 0 and 1. */
const NEAREST_LIMIT = 0.4;

/** Statements with two different Sids must have more in common. */
const OTHER_SID = 0.6;

/**
 * Finds the statement after the change for each statement before it: by Sid, then the same one under another Sid, then the
 * nearest. Pairs only arrange what a review shows: which requests are gained or lost does not depend on them.
 */
export function pairStatements(before: readonly Statement[], after: readonly Statement[]): readonly Pair[] {
  const partners = new Map<Statement, Statement>();
  const left = { before: new Set(before), after: new Set(after) };
  const join = (one: Statement, other: Statement) => {
    partners.set(other, one);
    left.before.delete(one);
    left.after.delete(other);
  };
  const joinIf = (fits: (one: Statement, other: Statement) => boolean) => {
    for (const one of left.before) {
      const other = [...left.after].find((candidate) => fits(one, candidate));
      if (other !== undefined) join(one, other);
    }
  };
  joinIf((one, other) => one.id === other.id && one.sid === other.sid);
  joinIf((one, other) => one.sid !== null && one.sid === other.sid);
  joinIf((one, other) => one.id === other.id);
  for (const [one, other] of nearest([...left.before], [...left.after])) {
    if (left.before.has(one) && left.after.has(other)) join(one, other);
  }
  return [
    ...before.filter((one) => left.before.has(one)).map((one) => ({ before: one, after: null })),
    ...after.map((other) => ({ before: partners.get(other) ?? null, after: other })),
  ];
}

/** Pairs of statements that have enough in common, the nearest first. */
function nearest(
  before: readonly Statement[],
  after: readonly Statement[],
): readonly (readonly [Statement, Statement])[] {
  return before
    .flatMap((one) => after.map((other) => ({ one, other, score: likeness(one, other) })))
    .filter(({ score }) => score >= NEAREST_LIMIT)
    .sort((a, b) => b.score - a.score)
    .map(({ one, other }) => [one, other] as const);
}

/** How much two statements have in common, between 0 and 1. */
function likeness(one: Statement, other: Statement): number {
  const parts = [
    one.effect === other.effect ? 1 : 0,
    common(one.principals, other.principals, principalText),
    common(one.actions, other.actions, ACTIONS.key),
    common(one.actions, other.actions, ACTIONS.key),
    common(one.resources, other.resources, RESOURCES.key),
  ];
  const likeness = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  return one.sid !== null && other.sid !== null ? likeness * OTHER_SID : likeness;
}

/** The share of values that two selections have in common, between 0 and 1. */
function common<T>(one: Selection<T> | null, other: Selection<T> | null, key: (value: T) => string): number {
  if (one === null || other === null) return one === other ? 1 : 0;
  if (one.allBut !== other.allBut) return 0;
  const [left, right] = [new Set(one.values.map(key)), new Set(other.values.map(key))];
  const all = new Set([...left, ...right]);
  return all.size === 0 ? 1 : [...left].filter((value) => right.has(value)).length / all.size;
}
