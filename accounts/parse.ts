import type { z } from "zod";
import { valueAt } from "./merge";
import { didYouMean, once, renderPath, type Problem } from "./problems";
import { mapSchema, type ParsedMap } from "./schema";
import { factAt, keyFactAt, keysAt, pathsTo, takesNull } from "./schema-walk";
import { accountSettings, regionSettings } from "./settings-schema";
import type { Fact } from "./values";

/** A map whose shape is right, or everything that is wrong with its shape. */
export type Parsed = { map: ParsedMap; problems: [] } | { map: undefined; problems: Problem[] };

/** Checks the shape of a map: types, ranges, unknown keys. Rules across values come after, in `rules.ts`. */
export function parse(raw: unknown): Parsed {
  const result = mapSchema.safeParse(raw);
  const issues = result.success ? [] : result.error.issues;
  const problems = [...lostKeys(raw), ...withoutEchoes(issues.flatMap((issue) => toProblems(raw, issue)))];
  if (result.success && problems.length === 0) return { map: result.data, problems: [] };
  return { map: undefined, problems: once(problems, ({ path }) => path) };
}

/** A problem, and the path of the key that an unknown one was probably meant to be. */
type Found = Problem & { readonly meant?: string };

/** A misspelt key is missing under its right name as well: it is reported once. */
function withoutEchoes(found: readonly Found[]): Problem[] {
  const misspelt = new Set(found.map(({ meant }) => meant));
  return found
    .filter((problem) => problem.found !== undefined || !misspelt.has(problem.path))
    .map(({ meant: _meant, ...problem }) => problem);
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

/** What is wrong inside the option that the operator meant: the one whose type is right, if there is one. */
function ofUnion(raw: unknown, { path, errors }: UnionIssue): Found[] {
  const inside = (issue: z.core.$ZodIssue) => issue.path.length > 0 || issue.code === "unrecognized_keys";
  const meant = errors.find((issues) => issues.every(inside));
  return (
    meant?.flatMap((issue) => toProblems(raw, { ...issue, path: [...path, ...issue.path] })) ?? [
      problemAt(raw, path),
    ]
  );
}

/** A word like `backend: "gcs"`, of which everything else in the object depends. */
function wrongDiscriminator(raw: unknown, { path, ...issue }: UnionIssue): Problem {
  const words = "options" in issue ? (issue.options ?? []).map(String) : [];
  const { remedy } = factAt(mapSchema, raw, path.slice(0, -1));
  const found = valueAt(raw, path);
  const allowed = words.map((word) => JSON.stringify(word)).join(" or ");
  const meant = typeof found === "string" ? didYouMean(found, words) : undefined;
  return { path: renderPath(path), found, allowed, remedy: meant ? `${question(meant)} ${remedy}` : remedy };
}

const question = (word: string) => `did you mean ${JSON.stringify(word)}?`;

function problemAt(raw: unknown, path: PropertyKey[]): Problem {
  const fact = factAt(mapSchema, raw, path);
  const orNull = takesNull(mapSchema, raw, path) ? ", or null" : "";
  return problem(path, valueAt(raw, path), { ...fact, allowed: fact.allowed + orNull });
}

function problem(path: PropertyKey[], found: unknown, { allowed, remedy, words = [] }: Fact): Problem {
  const meant = typeof found === "string" ? didYouMean(found, words) : undefined;
  return { path: renderPath(path), found, allowed, remedy: meant ? question(meant) : remedy };
}

function unknownKey(raw: unknown, object: PropertyKey[], key: string): Found {
  const known = keysAt(mapSchema, raw, object);
  const path = [...object, key];
  const belongs = whereItBelongs(object, key);
  const said = Object.keys(valueAt(raw, object) as object);
  const unsaid = known.filter((other) => !said.includes(other));
  const meant = belongs ? undefined : didYouMean(key, unsaid);
  return {
    path: renderPath(path),
    found: valueAt(raw, path),
    allowed: `no key ${JSON.stringify(key)} here; known are ${known.join(", ")}`,
    remedy: belongs ?? (meant ? question(meant) : "remove it, or move it to where it belongs"),
    ...(meant && { meant: renderPath([...object, meant]) }),
  };
}

/** For a setting that is right but in the wrong place. */
function whereItBelongs([first = "accounts"]: PropertyKey[], key: string): string | undefined {
  if (first !== "accounts" && !Object.hasOwn(accountSettings, first)) return undefined;
  const [place, ...others] = pathsTo(key, accountSettings);
  if (!place || others.length > 0) return undefined;
  const section = place.slice(0, -1).join(".");
  if (section) return `move it into ${section}`;
  const region = Object.hasOwn(regionSettings, key) ? ", an account or a region" : " or an account";
  return `move it up: ${key} is said for the organization${region}`;
}

/**
 * A key `__proto__` sets the prototype in TypeScript, and zod's records pass over it elsewhere. Either way
 * what stands there would be lost without a word.
 */
function lostKeys(raw: unknown, path: PropertyKey[] = [], seen = new Set<unknown>()): Problem[] {
  if (typeof raw !== "object" || raw === null || seen.has(raw)) return [];
  seen.add(raw);
  const prototype: unknown = Object.getPrototypeOf(raw);
  const inherits =
    !Array.isArray(raw) && prototype !== null && Object.getPrototypeOf(prototype as object) !== null;
  const lost: Problem = {
    path: renderPath([...path, "__proto__"]),
    found: (raw as Record<string, unknown>)["__proto__"],
    allowed: "no key of this name: JavaScript takes it for something else",
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
