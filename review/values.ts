import type { Json, Marks } from "./plan-json";
import type { Secrets } from "./secrets";

/** Stands for a value that the plan marks as sensitive. */
export const SENSITIVE: unique symbol = Symbol("sensitive");
/** Stands for a value that Terraform knows only after the apply. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value of a plan in which symbols stand for what is sensitive or unknown. Rules read only such values. */
export type Value =
  | null
  | boolean
  | number
  | string
  | typeof SENSITIVE
  | typeof UNKNOWN
  | readonly Value[]
  | { readonly [key: string]: Value };

/** The attributes of an object. */
export type Values = { readonly [attribute: string]: Value };

/** One step of a path within a value. */
export type Step = string | number;

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
export const isObject = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value says nothing: absent, null, or an empty list or object. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "object" && Object.keys(value as object).length === 0);

/** The marks of one member of a value. */
export function marksOf(marks: Marks | undefined, key: Step): Marks {
  if (marks === undefined || typeof marks === "boolean") return marks ?? false;
  return (marks as { readonly [key: Step]: Marks })[key] ?? false;
}

/** Whether any part of a value is marked. */
export const hasMarks = (marks: Marks | undefined): boolean =>
  typeof marks === "object" ? Object.values(marks).some(hasMarks) : marks === true;

/** Whether two values are equal. The order of keys does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((element, index) => equal(element as Json, b[index] as Json));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

/** The object or list in a string of JSON; undefined for every other value. */
export function documentIn(value: unknown): Json | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

/** A value with symbols in place of what is sensitive or unknown. */
export function masked(
  value: Json | undefined,
  sensitive: Marks | undefined,
  unknown: Marks | undefined,
  secrets: Secrets,
): Value {
  if (sensitive === true) return SENSITIVE;
  if (unknown === true) return UNKNOWN;
  if (typeof value === "string") return secrets.cover(value) ? SENSITIVE : value;
  const part = (key: Step, member: Json | undefined) =>
    masked(member, marksOf(sensitive, key), marksOf(unknown, key), secrets);
  if (isList(value)) return value.map((element, index) => part(index, element as Json));
  if (!isObject(value)) return value ?? null;
  const keys = Object.keys(value);
  if (isObject(unknown))
    for (const key of Object.keys(unknown)) if (!Object.hasOwn(value, key)) keys.push(key);
  return Object.fromEntries(keys.map((key) => [key, part(key, value[key])]));
}

/** The value at a path. undefined where the path leads nowhere; a symbol where it ends early in one. */
export function at(value: Value | undefined, path: readonly Step[]): Value | undefined {
  let found: Value | undefined = value;
  for (const step of path) {
    if (typeof found === "symbol") return found;
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as { readonly [key: Step]: Value })[step];
  }
  return found;
}

/** Whether a value is known and says something. */
export const isKnown = (value: Value | undefined): value is Exclude<Value, symbol | null> =>
  value !== undefined && value !== null && typeof value !== "symbol";

/** A value as text for a sentence. */
export function say(value: Value | undefined): string {
  if (value === SENSITIVE) return "a sensitive value";
  if (value === UNKNOWN) return "a value that is known after the apply";
  if (isNothing(value) || value === "") return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A path as text, like `rule[0].expiration[0].days` or `tags["cost centre"]`. */
export const pathText = (path: readonly Step[]): string =>
  path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
