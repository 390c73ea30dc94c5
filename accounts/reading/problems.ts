import { distance } from "fastest-levenshtein";
import { labelled, UserError } from "../../processes/user-error";
import { folded } from "./fold";

/** A problem in a map, as it is shown to the operator. */
export interface Problem {
  /** The path in the map, in the notation of TypeScript: `accounts.payments.regions[0]`. */
  readonly path: string;
  /** The value at that path. */
  readonly found: unknown;
  /** Which values are valid. */
  readonly allowed: string;
  /** How to correct it. */
  readonly remedy: string;
}

/** A path in a map, as steps: `["accounts", "payments", "regions", 0]`. */
export type Path = readonly PropertyKey[];

/** A path whose value has the wrong shape. */
export interface Fault {
  readonly path: Path;
  /** The path that was probably meant, if the key is misspelt or misplaced. */
  readonly meant?: Path;
  /** The paths that may have been meant, if no known key is similar enough to be sure. */
  readonly perhaps?: readonly Path[];
}

/** A problem of values that contradict each other. */
export interface Conflict extends Problem {
  /** `path`, as steps. */
  readonly at: Path;
  /** The paths of the other values. The step "*" matches any step. */
  readonly because: readonly Path[];
}

/** A conflict as a problem, without the paths that only the program needs. */
export const reported = ({ path, found, allowed, remedy }: Problem): Problem => ({
  path,
  found,
  allowed,
  remedy,
});

/** The first of all problems that have the same key. */
export function once<P extends Problem>(problems: readonly P[], keyOf: (problem: P) => string): P[] {
  const first = new Map<string, P>();
  for (const problem of problems) if (!first.has(keyOf(problem))) first.set(keyOf(problem), problem);
  return [...first.values()];
}

/** A map with problems: all of them, not only the first. */
export class MapError extends UserError {
  override readonly name = "MapError";

  constructor(
    readonly source: string,
    readonly problems: readonly Problem[],
  ) {
    super({ what: describeProblems(source, problems) });
  }
}

/** All problems of a map as text: one block for each problem. */
export function describeProblems(source: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${inWords(problems.length)} problems`;
  const blocks = folded(problems).map(({ first, others }) => describeProblem(first, others));
  return [`${source}: ${count} in the map; nothing was written.`, ...blocks].join("\n\n");
}

/** @example inWords(2999) // "2,999" */
const inWords = (count: number): string => count.toLocaleString("en-US");

/** How many more places there are, after a path; "" if there is none. */
export const andMore = (others: number): string =>
  others === 0 ? "" : `, and ${inWords(others)} more ${others === 1 ? "place" : "places"}`;

/** Other places that are named as examples. */
export const EXAMPLES = 3;

/**
 * Some of many places, one on each line, and how many the text leaves out; `undefined` if there are none.
 * @param places the first ones, at most {@link EXAMPLES}
 * @param count how many there are
 */
export function examplesOf(places: readonly string[], count: number): string | undefined {
  if (places.length === 0) return undefined;
  const left = count - places.length;
  return [...places, ...(left > 0 ? [`and ${inWords(left)} more`] : [])].join("\n");
}

/**
 * One problem as a block of lines: its path, and below it what was found, what is allowed and the remedy.
 * @param others the same problem in other places, of which the first are examples
 */
export function describeProblem(
  { path, found, allowed, remedy }: Problem,
  others: readonly Problem[] = [],
): string {
  const value = describeValue(found);
  const examples = others.slice(0, EXAMPLES).map((other) => {
    const its = describeValue(other.found);
    return its === value ? other.path : `${other.path}, found ${its}`;
  });
  const also = examplesOf(examples, others.length);
  return [`  ${path}${andMore(others.length)}`, ...labelled({ found: value, allowed, remedy, also }, 4)].join(
    "\n",
  );
}

/** A value as text, with its type where that is easily mistaken: `"text"`, `12 (a number)`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = asText(value);
  const shown = text.length > 120 ? `${text.slice(0, 117)}...` : text;
  return typeof value === "number" || typeof value === "boolean" ? `${shown} (a ${typeof value})` : shown;
}

/** JSON cannot express NaN and Infinity, nor an object that contains itself, which YAML aliases can make. */
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

/** The known word that a misspelt word probably means; `undefined` if none is similar enough. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  // A name without its unit, such as `idleTimeout`, differs in many letters but means the longer name.
  const longer = known.filter((candidate) => word.length >= 4 && candidate.startsWith(word));
  if (longer.length === 1) return longer[0];
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate));
  const best = ranked[0];
  if (best === undefined) return undefined;
  // If half of the letters differ, the words have nothing in common, unless the same letters are in another order.
  const near = Math.min(Math.max(2, Math.floor(word.length / 3)), Math.ceil(word.length / 2) - 1);
  const isSwapped = best.far <= 2 && lettersOf(word) === lettersOf(best.candidate);
  return best.far <= near || isSwapped ? best.candidate : undefined;
}

const lettersOf = (word: string): string => [...word.toLowerCase()].sort().join("");
