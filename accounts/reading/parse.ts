import type { z } from "zod";
import { valueAt } from "../model/merge";
import { didYouMean, once, renderPath, reported, type Fault, type Path, type Problem } from "./problems";
import { knownRegions, unknownRegions, type UnknownRegion } from "./regions";
import { question, remedyFor } from "./remedies";
import { unknownKey } from "./unknown-key";
import { mapSchema, type ParsedMap } from "../schema";
import { factAt, keyFactAt, keyPlaceAt, placeAt, takesNull, type Place } from "../schema/walk";
import type { Fact } from "../schema/values";

/** A map of the right shape, or all problems of its shape. */
export type Parsed =
  | { map: ParsedMap; problems: []; faults: [] }
  | {
      map: undefined;
      problems: Problem[];
      /** The paths of the problems. */
      faults: Fault[];
    };

/** Checks the shape of a map: types, ranges and unknown keys. The rules over several values are in `accounts/rules/`. */
export function parse(raw: unknown): Parsed {
  const result = mapSchema.safeParse(raw);
  const issues = result.success ? [] : result.error.issues;
  const found = [
    ...lostKeys(raw),
    ...unknownRegions(raw).map((region) => unknownRegion(raw, region)),
    ...withoutEchoes(issues.flatMap((issue) => toProblems(raw, issue))),
  ];
  if (result.success && found.length === 0) return { map: result.data, problems: [], faults: [] };
  const each = once(found, ({ path }) => path);
  const faults = each.map(({ at, meant, perhaps = [] }): Fault => {
    return { path: at, perhaps, ...(meant && { meant }) };
  });
  return { map: undefined, problems: each.map(reported), faults };
}

/** A problem with its path, and the keys that an unknown key probably or possibly means. */
type Found = Problem & Omit<Fault, "path"> & { readonly at: Path };

/** Drops the problem that a key is missing if the key is present in a misspelt form, which is reported already. */
function withoutEchoes(found: readonly Found[]): Found[] {
  const misspelt = new Set(found.flatMap(({ meant }) => (meant ? [renderPath(meant)] : [])));
  return found.filter((problem) => problem.found !== undefined || !misspelt.has(problem.path));
}

function toProblems(raw: unknown, issue: z.core.$ZodIssue): Found[] {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(raw, path, key));
    case "invalid_key":
      return [
        problem(raw, path, path.at(-1), keyFactAt(mapSchema, raw, path), keyPlaceAt(mapSchema, raw, path)),
      ];
    case "invalid_union":
      return issue.discriminator === undefined ? ofUnion(raw, issue) : [wrongDiscriminator(raw, issue)];
    default:
      return [problemAt(raw, path)];
  }
}

type UnionIssue = Extract<z.core.$ZodIssue, { code: "invalid_union" }>;

/** The problems inside the option that the operator meant: the option whose type fits. If none fits, one problem. */
function ofUnion(raw: unknown, { path, errors }: UnionIssue): Found[] {
  const inside = (issue: z.core.$ZodIssue) => issue.path.length > 0 || issue.code === "unrecognized_keys";
  const meant = errors.find((issues) => issues.every(inside));
  return (
    meant?.flatMap((issue) => toProblems(raw, { ...issue, path: [...path, ...issue.path] })) ?? [
      problemAt(raw, path),
    ]
  );
}

/** A wrong value of the key that decides which other keys the object has, such as `backend: "gcs"`. */
function wrongDiscriminator(raw: unknown, { path, ...issue }: UnionIssue): Found {
  const words = "options" in issue ? (issue.options ?? []).map(String) : [];
  const { remedy, instead, advise } = factAt(mapSchema, raw, path.slice(0, -1));
  const found = valueAt(raw, path);
  const known = typeof found === "string" ? instead?.[found.toLowerCase()] : undefined;
  const meant = typeof found === "string" ? didYouMean(found, words) : undefined;
  return {
    at: path,
    path: renderPath(path),
    found,
    allowed: words.map((word) => JSON.stringify(word)).join(" or "),
    remedy: known ?? (meant ? question(meant) : (advise?.(valueAt(raw, path.slice(0, -1))) ?? remedy)),
  };
}

function problemAt(raw: unknown, path: PropertyKey[]): Found {
  const fact = factAt(mapSchema, raw, path);
  const orNull = takesNull(mapSchema, raw, path) ? ", or null" : "";
  const place = placeAt(mapSchema, raw, path);
  return problem(raw, path, valueAt(raw, path), { ...fact, allowed: fact.allowed + orNull }, place);
}

const problem = (raw: unknown, path: PropertyKey[], found: unknown, fact: Fact, place: Place): Found => ({
  at: path,
  path: renderPath(path),
  found,
  allowed: fact.allowed,
  remedy: remedyFor(found, fact, place, knownRegions(raw)),
});

function unknownRegion(raw: unknown, { path, found, fact, hint }: UnknownRegion): Found {
  const isKey = typeof path.at(-1) === "string" && valueAt(raw, path) !== found;
  const place = isKey ? keyPlaceAt(mapSchema, raw, path) : placeAt(mapSchema, raw, path);
  const region = problem(raw, path, found, fact, place);
  return hint === undefined ? region : { ...region, remedy: `${region.remedy} ${hint}` };
}

/**
 * What a map cannot hold, and zod would lose or misread: keys named `__proto__`, and objects that are no plain data. In
 * TypeScript, a key `__proto__` sets the prototype of the object, and zod skips it in JSON and YAML.
 */
function lostKeys(raw: unknown, path: PropertyKey[] = [], seen = new Set<unknown>()): Found[] {
  if (typeof raw === "function") return [noPlainData(path, "a function")];
  if (typeof raw !== "object" || raw === null || seen.has(raw)) return [];
  seen.add(raw);
  const prototype = Object.getPrototypeOf(raw) as object | null;
  const inherits = !Array.isArray(raw) && prototype !== null && Object.getPrototypeOf(prototype) !== null;
  // The prototype of a class has the class as its constructor. An object that a key `__proto__` gave has none.
  if (inherits && Object.hasOwn(prototype, "constructor")) {
    const { name } = (prototype as { readonly constructor: { readonly name: string } }).constructor;
    return [noPlainData(path, `an instance of ${name || "a class"}`, raw)];
  }
  const at = [...path, "__proto__"];
  const lost: Found = {
    at,
    path: renderPath(at),
    found: (raw as Record<string, unknown>)["__proto__"],
    allowed: "no key of this name, which has another meaning in JavaScript",
    remedy: "choose another name",
  };
  const inner = Object.entries(raw).filter(([key]) => key !== "__proto__");
  return [
    ...(inherits || Object.hasOwn(raw, "__proto__") ? [lost] : []),
    ...inner.flatMap(([key, value]) =>
      lostKeys(value, [...path, Array.isArray(raw) ? Number(key) : key], seen),
    ),
  ];
}

const noPlainData = (at: PropertyKey[], found: string, value?: object): Found => ({
  at,
  path: renderPath(at),
  found,
  allowed: "plain data: objects, lists, texts, numbers, true, false and null",
  remedy: plainly(found, value),
});

function plainly(found: string, value: object | undefined): string {
  if (value instanceof Date && !Number.isNaN(value.getTime()))
    return `write the day as a text: ${JSON.stringify(value.toISOString().slice(0, 10))}`;
  return found.includes("Promise") ? "await the value before you export it" : "export plain data";
}
