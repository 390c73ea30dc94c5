import type { Shown } from "./model";
import type { Json, Marks } from "./plan-json";
import type { Secrets } from "./secrets";
import { documentIn, equal, hasMarks, isList, isNothing, isObject, marksOf, type Step } from "./values";

/** One side of a change: a value with its marks. */
export interface Side {
  readonly value: Json | undefined;
  readonly sensitive: Marks | undefined;
  /** Only a value after a change can be unknown. */
  readonly unknown: Marks | undefined;
}

/** One difference between two values, at the deepest path where they differ. */
export interface Difference {
  readonly path: readonly Step[];
  readonly before: Shown;
  readonly after: Shown;
}

const ABSENT: Shown = { is: "absent" };
const HIDDEN: Shown = { is: "sensitive" };
const UNTOLD: Shown = { is: "unknown" };

/**
 * The differences between an object before and after a change. Objects are compared key by key. Lists of plain values
 * are one difference; elements of other lists are paired. A value that is sensitive on one side is hidden on both.
 */
export function differences(before: Side, after: Side, secrets: Secrets): Difference[] {
  const found: Difference[] = [];
  walk([], before, after, { secrets, found });
  return found;
}

interface Walk {
  readonly secrets: Secrets;
  readonly found: Difference[];
}

function walk(path: readonly Step[], before: Side, after: Side, state: Walk): void {
  const put = (b: Shown, a: Shown) => void state.found.push({ path, before: b, after: a });
  const isUnknown = after.unknown === true;
  if (before.sensitive === true || after.sensitive === true) {
    if (!isUnknown && equal(before.value, after.value)) return;
    const hidden = (side: Side) => (isNothing(side.value) ? ABSENT : HIDDEN);
    return put(hidden(before), isUnknown ? UNTOLD : hidden(after));
  }
  if (isUnknown) return put(shown(before, state.secrets), UNTOLD);
  const nothing = isNothing(before.value) && isNothing(after.value) && !hasMarks(after.unknown);
  if (nothing) return;
  if (canBe(isObject, before, after)) return objects(path, before, after, state);
  if (canBe(isList, before, after)) return lists(path, before, after, state);
  if (equal(before.value, after.value)) return;
  const [a, b] = [documentIn(before.value), documentIn(after.value)];
  if (a !== undefined && b !== undefined && equal(a, b)) return;
  const sides = [shown(before, state.secrets), shown(after, state.secrets)] as const;
  const hides = sides.some(({ is }) => is === "sensitive");
  const hide = (side: Shown): Shown => (hides && side.is === "known" ? HIDDEN : side);
  put(hide(sides[0]), hide(sides[1]));
}

/** Whether both sides are of a form, or one of them is and the other says nothing. */
const canBe = (is: (value: unknown) => boolean, before: Side, after: Side) =>
  (is(before.value) || isNothing(before.value)) &&
  (is(after.value) || isNothing(after.value)) &&
  (is(before.value) || is(after.value) || is(after.unknown));

const member = (side: Side, key: Step): Side => ({
  value:
    isObject(side.value) || isList(side.value)
      ? (side.value as { readonly [key: Step]: Json })[key]
      : undefined,
  sensitive: marksOf(side.sensitive, key),
  unknown: marksOf(side.unknown, key),
});

function objects(path: readonly Step[], before: Side, after: Side, state: Walk): void {
  const [old, now, open] = [before.value, after.value, after.unknown].map((part) =>
    isObject(part) ? part : {},
  ) as [Members, Members, Members];
  for (const key of new Set([...Object.keys(old), ...Object.keys(now), ...Object.keys(open)])) {
    // Most of an object stays as it is.
    if (old[key] === now[key] && !open[key]) continue;
    walk([...path, key], member(before, key), member(after, key), state);
  }
}

type Members = { readonly [key: string]: Json };

const elementsOf = ({ value }: Side): readonly Json[] => (isList(value) ? (value as readonly Json[]) : []);
const isPlain = (value: Json) => typeof value !== "object" || value === null;

function lists(path: readonly Step[], before: Side, after: Side, state: Walk): void {
  const [a, b] = [elementsOf(before), elementsOf(after)];
  if (!hasMarks(after.unknown) && equal(before.value, after.value)) return;
  const marked = [before.sensitive, after.sensitive, after.unknown].some(hasMarks);
  if (!marked && a.every(isPlain) && b.every(isPlain)) {
    state.found.push({
      path,
      before: shown(before, state.secrets),
      after: shown(after, state.secrets),
    });
    return;
  }
  for (const [from, to] of pairs(a, b, (index) => hasMarks(marksOf(after.unknown, index)))) {
    const left = from === null ? NONE : member(before, from);
    const right = to === null ? NONE : member(after, to);
    walk([...path, to ?? from!], left, right, state);
  }
}

const NONE: Side = { value: undefined, sensitive: false, unknown: false };

/** Keys by which the elements of lists in AWS's resources are distinguished. */
const IDENTITIES = ["id", "name", "key", "sid", "target_id"] as const;

/**
 * The elements of two lists that belong together, by their positions: equal ones, then those with the same identity,
 * then the rest in their order. null: the element has no partner.
 */
function pairs(
  before: readonly Json[],
  after: readonly Json[],
  isOpen: (index: number) => boolean,
): [number | null, number | null][] {
  const rest = new Set(before.keys());
  const paired = new Map<number, number>();
  const pair = (to: number, from: number | undefined) => {
    if (from === undefined) return;
    paired.set(to, from);
    rest.delete(from);
  };
  const open = () => [...after.keys()].filter((index) => !paired.has(index));
  for (const to of open()) {
    if (!isOpen(to))
      pair(
        to,
        [...rest].find((from) => equal(before[from], after[to])),
      );
  }
  for (const to of open()) {
    const identity = identityOf(after[to]);
    if (identity !== undefined)
      pair(
        to,
        [...rest].find((from) => identityOf(before[from]) === identity),
      );
  }
  for (const to of open()) pair(to, [...rest][0]);
  const matched = [...after.keys()].map((to): [number | null, number | null] => [paired.get(to) ?? null, to]);
  return [...matched, ...[...rest].map((from): [number | null, number | null] => [from, null])];
}

function identityOf(element: Json | undefined): string | undefined {
  if (!isObject(element)) return undefined;
  const key = IDENTITIES.find((name) => typeof element[name] === "string" && element[name] !== "");
  return key === undefined ? undefined : `${key}=${String(element[key])}`;
}

/** A value as it may be shown. A value with a sensitive part is hidden as a whole. */
function shown({ value, sensitive }: Side, secrets: Secrets): Shown {
  if (value === undefined || value === null) return ABSENT;
  if (hasMarks(sensitive) || covers(value, secrets)) return HIDDEN;
  return { is: "known", value };
}

const covers = (value: Json, secrets: Secrets): boolean => {
  if (typeof value === "string") return secrets.cover(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((part) => covers(part as Json, secrets));
};
