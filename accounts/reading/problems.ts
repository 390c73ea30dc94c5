import { distance } from "fastest-levenshtein";
import { labelled, UserError } from "../../processes/user-error";

/** One thing that is wrong in a map, in the operator's words. */
export interface Problem {
  /** Where in the map, as one would write it in TypeScript: `accounts.payments.regions[0]`. */
  readonly path: string;
  /** The offending value as it stands in the map. */
  readonly found: unknown;
  /** What may stand there. */
  readonly allowed: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** The way to a place in a map: `["accounts", "payments", "regions", 0]`. */
export type Path = readonly PropertyKey[];

/** A place whose value is wrong by itself. */
export interface Fault {
  readonly path: Path;
  /** Where it was probably meant to be said: a key that is misspelt or misplaced. */
  readonly meant?: Path;
  /** Where it may have been meant to be said, if nothing is near enough to be sure. */
  readonly perhaps?: readonly Path[];
}

/** A problem of values that do not go together. */
export interface Conflict extends Problem {
  /** `path`, as steps. */
  readonly at: Path;
  /** Other places that it follows from; a step "*" is any. */
  readonly because: readonly Path[];
}

/** A conflict as it is reported. */
export const reported = ({ path, found, allowed, remedy }: Problem): Problem => ({
  path,
  found,
  allowed,
  remedy,
});

/** Each problem once, the first of those that are told apart by nothing. */
export function once<P extends Problem>(problems: readonly P[], keyOf: (problem: P) => string): P[] {
  const first = new Map<string, P>();
  for (const problem of problems) if (!first.has(keyOf(problem))) first.set(keyOf(problem), problem);
  return [...first.values()];
}

/** A map that cannot be used. Carries every problem found, never only the first. */
export class MapError extends UserError {
  override readonly name = "MapError";

  constructor(
    readonly source: string,
    readonly problems: readonly Problem[],
  ) {
    super({ what: describeProblems(source, problems) });
  }
}

/** The text an operator reads: one block for each problem, widest information first. */
export function describeProblems(source: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${source}: ${count} in the map; nothing was written.`, ...problems.map(describeProblem)].join(
    "\n\n",
  );
}

/** One problem as a block of lines: its path, and below it what was found, what is allowed and the remedy. */
export const describeProblem = ({ path, found, allowed, remedy }: Problem): string =>
  [`  ${path}`, ...labelled({ found: describeValue(found), allowed, remedy }, 4)].join("\n");

/** `"text"`, `12 (a number)`, `nothing`: the value and, where it is easily mistaken, its type. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = asText(value);
  const shown = text.length > 120 ? `${text.slice(0, 117)}...` : text;
  return typeof value === "number" || typeof value === "boolean" ? `${shown} (a ${typeof value})` : shown;
}

/** JSON has no words for some numbers, and none for an object that contains itself (a YAML anchor can). */
function asText(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "an object that contains itself";
  }
}

/** Renders `["accounts", "a-b", "regions", 0]` as `accounts["a-b"].regions[0]`. */
export function renderPath(path: readonly PropertyKey[]): string {
  const text = path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    })
    .join("");
  return text.startsWith(".") ? text.slice(1) : text || "(the whole map)";
}

/** The known word that is nearest to a misspelt one, unless nothing is near enough to be meant. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  // A name without its unit (`idleTimeout`) is further away by its letters than by its meaning.
  const longer = known.filter((candidate) => word.length >= 4 && candidate.startsWith(word));
  if (longer.length === 1) return longer[0];
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate));
  const best = ranked[0];
  // Of a word of three letters, two changed ones leave nothing to recognize.
  const near = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 2);
  return best && best.far <= near ? best.candidate : undefined;
}
