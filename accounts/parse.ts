import { z } from "zod";
import { valueAt } from "./merge";
import { didYouMean, renderPath, type Problem } from "./problems";
import { mapSchema, type ParsedMap } from "./schema";
import { factAt, keysAt, takesNull } from "./schema-walk";

/** A map whose shape is right, or everything that is wrong with its shape. */
export type Parsed = { map: ParsedMap; problems: [] } | { map: undefined; problems: Problem[] };

/** Checks the shape of a map: types, ranges, unknown keys. Rules across values come after, in `rules.ts`. */
export function parse(raw: unknown): Parsed {
  const result = mapSchema.safeParse(raw);
  if (result.success) return { map: result.data, problems: [] };
  return { map: undefined, problems: result.error.issues.flatMap((issue) => toProblems(raw, issue)) };
}

function toProblems(raw: unknown, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(mapSchema, issue.path);
    return issue.keys.map((key) => unknownKey(raw, [...issue.path, key], key, known));
  }
  if (issue.code === "invalid_union") {
    // A wrong key inside an object that a union offers: that is the news, not the union.
    const nested = issue.errors.flat().filter((inner) => inner.code === "unrecognized_keys");
    const first = nested[0];
    if (first) return toProblems(raw, { ...first, path: [...issue.path, ...first.path] });
    const deeper = deepest(issue.errors);
    if (deeper && deeper.path.length > 0)
      return toProblems(raw, { ...deeper, path: [...issue.path, ...deeper.path] });
  }
  if (issue.code === "invalid_key") {
    return [problemAt(issue.path, issue.path.at(-1))];
  }
  return [problemAt(issue.path, valueAt(raw, issue.path))];
}

/** Of a union's failures the one that came furthest: the option the operator most likely meant. */
function deepest(errors: z.core.$ZodIssue[][]): z.core.$ZodIssue | undefined {
  return errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
}

function problemAt(path: PropertyKey[], found: unknown): Problem {
  const { allowed, remedy } = factAt(mapSchema, path);
  const orNull = takesNull(mapSchema, path) ? ", or null" : "";
  return { path: renderPath(path), found, allowed: allowed + orNull, remedy };
}

function unknownKey(raw: unknown, path: PropertyKey[], key: string, known: readonly string[]): Problem {
  const meant = didYouMean(key, known);
  return {
    path: renderPath(path),
    found: valueAt(raw, path),
    allowed: `no key ${JSON.stringify(key)} here; known are ${known.join(", ")}`,
    remedy: meant ? `did you mean ${JSON.stringify(meant)}?` : "remove it, or move it to where it belongs",
  };
}
