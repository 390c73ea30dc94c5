import type { z } from "zod";
import { valueAt } from "../model/merge";
import { didYouMean, once, renderPath, reported, type Fault, type Path, type Problem } from "./problems";
import { unknownRegions, type UnknownRegion } from "./regions";
import { mapSchema, type ParsedMap } from "../schema";
import { factAt, keyFactAt, keysAt, pathsTo, takesNull } from "../schema/walk";
import { accountSettings, regionSettings } from "../schema/settings";
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
    ...unknownRegions(raw).map(unknownRegion),
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
      return [problem(path, path.at(-1), keyFactAt(mapSchema, raw, path))];
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
  const { remedy } = factAt(mapSchema, raw, path.slice(0, -1));
  const found = valueAt(raw, path);
  const allowed = words.map((word) => JSON.stringify(word)).join(" or ");
  const meant = typeof found === "string" ? didYouMean(found, words) : undefined;
  return {
    at: path,
    path: renderPath(path),
    found,
    allowed,
    remedy: meant ? `${question(meant)} ${remedy}` : remedy,
  };
}

const question = (word: string) => `did you mean ${JSON.stringify(word)}?`;

function problemAt(raw: unknown, path: PropertyKey[]): Found {
  const fact = factAt(mapSchema, raw, path);
  const orNull = takesNull(mapSchema, raw, path) ? ", or null" : "";
  return problem(path, valueAt(raw, path), { ...fact, allowed: fact.allowed + orNull });
}

function problem(path: PropertyKey[], found: unknown, { allowed, remedy, words = [] }: Fact): Found {
  const meant = typeof found === "string" ? didYouMean(found, words) : undefined;
  return { at: path, path: renderPath(path), found, allowed, remedy: meant ? question(meant) : remedy };
}

function unknownRegion({ path, found, fact, hint }: UnknownRegion): Found {
  const region = problem(path, found, fact);
  return hint === undefined ? region : { ...region, remedy: `${region.remedy}; ${hint}` };
}

function unknownKey(raw: unknown, object: PropertyKey[], key: string): Found {
  const known = keysAt(mapSchema, raw, object);
  const path = [...object, key];
  const belongs = whereItBelongs(object, key);
  const present = Object.keys(valueAt(raw, object) as object);
  const absent = known.filter((other) => !present.includes(other));
  const meant = belongs ? undefined : didYouMean(key, absent);
  const meantAt = meant ? [...object, meant] : belongs?.path;
  return {
    at: path,
    path: renderPath(path),
    found: valueAt(raw, path),
    allowed: `no key ${JSON.stringify(key)} here; known are ${known.join(", ")}`,
    remedy: belongs?.remedy ?? (meant ? question(meant) : "remove it, or move it to where it belongs"),
    ...(meantAt && { meant: meantAt }),
    // In a section, the key may mean any key that the section does not set yet. At a level of the map it may mean anything.
    ...(!meantAt && isSection(object) && { perhaps: absent.map((other) => [...object, other]) }),
  };
}

/** Whether an object is a section of settings, and not a level of the map: the map itself, an account or a region. */
const isSection = ([first, , third, ...rest]: Path) =>
  first === "accounts"
    ? third !== undefined && (third !== "regions" || rest.length > 1)
    : first !== undefined;

/** Where a setting belongs that has the right name but is in the wrong section or level. */
function whereItBelongs(object: PropertyKey[], key: string): { remedy: string; path: Path } | undefined {
  const [first = "accounts"] = object;
  if (first !== "accounts" && !Object.hasOwn(accountSettings, first)) return undefined;
  const [setting, ...others] = pathsTo(key, accountSettings);
  if (!setting || others.length > 0) return undefined;
  const level = first !== "accounts" ? [] : object.slice(0, object[2] === "regions" ? 4 : 2);
  const where = (remedy: string) => ({ remedy, path: [...level, ...setting] });
  const section = setting.slice(0, -1).join(".");
  if (section) return where(`move it into ${section}`);
  const region = Object.hasOwn(regionSettings, key) ? ", an account or a region" : " or an account";
  return where(`move it up: ${key} is set for the organization${region}`);
}

/**
 * Keys named `__proto__`: in TypeScript such a key sets the prototype of the object, and zod skips it in JSON and YAML.
 * Without this check, its value would be lost silently.
 */
function lostKeys(raw: unknown, path: PropertyKey[] = [], seen = new Set<unknown>()): Found[] {
  if (typeof raw !== "object" || raw === null || seen.has(raw)) return [];
  seen.add(raw);
  const prototype: unknown = Object.getPrototypeOf(raw);
  const inherits =
    !Array.isArray(raw) && prototype !== null && Object.getPrototypeOf(prototype as object) !== null;
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
