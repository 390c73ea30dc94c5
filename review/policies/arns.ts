import { allOf, every, type Answer } from "./answer";
import { areDisjoint, isWithin, loose, matchesAll, pattern, type Pattern } from "./pattern";
import type { Comparison } from "./selection";

/** The ARN of a resource, or a pattern of ARNs. */
export interface ArnPattern {
  readonly text: string;
  readonly key: string;
  readonly whole: Pattern;
  /** The six parts of an ARN. Parts that a shorter pattern leaves out are `*`. */
  readonly parts: readonly Part[];
  /** The six parts as one pattern. */
  readonly filled: readonly string[];
  /** Whether the pattern itself has six parts. */
  readonly isComplete: boolean;
  /** The type of the resource, like `role` in `role/Web`; empty if the resource has none. */
  readonly type: { readonly text: string; readonly hasWildcard: boolean };
}

interface Part {
  readonly tokens: readonly string[];
  readonly loose: readonly string[];
}

const PARTS = 6;
const MEMORY_LIMIT = 20_000;
const memory = new Map<string, ArnPattern>();

/**
 * Reads the ARN of a resource.
 * @param variables whether `${…}` is a variable in this policy
 */
export function arnPattern(text: string, variables: boolean): ArnPattern {
  const whole = pattern(text, { variables, wildcards: true });
  const known = memory.get(whole.key);
  if (known !== undefined) return known;
  const made = read(whole);
  if (memory.size >= MEMORY_LIMIT) memory.clear();
  memory.set(whole.key, made);
  return made;
}

function read(whole: Pattern): ArnPattern {
  const parts: string[][] = [[]];
  for (const token of whole.tokens) {
    if (token === ":" && parts.length < PARTS) parts.push([]);
    else (parts[parts.length - 1] as string[]).push(token);
  }
  const isComplete = parts.length === PARTS;
  while (parts.length < PARTS) parts.push(["*"]);
  const type = typeOf(parts);
  return {
    text: whole.text,
    key: whole.key,
    whole,
    parts: parts.map((tokens) => ({ tokens, loose: loose(tokens) })),
    filled: loose(parts.flatMap((part, index) => (index === 0 ? part : [":", ...part]))),
    isComplete,
    type: { text: type.join(""), hasWildcard: type.some((token) => token === "*" || token === "?") },
  };
}

/** The type of a resource ends with `/` or `:`. Buckets and objects have none. */
function typeOf(parts: readonly (readonly string[])[]): readonly string[] {
  const [, , service = [], region = [], account = [], resource = []] = parts;
  if (service.join("") === "s3" && region.length === 0 && account.length === 0) return [];
  const end = resource.findIndex((token) => token === "/" || token === ":");
  return end === -1 ? [] : resource.slice(0, end);
}

/**
 * Whether one pattern of ARNs has everything that another has. Part by part, which is proven whether a wildcard matches
 * across the colons or not: AWS says that it does at the end of a part.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function within(narrow: ArnPattern, wide: ArnPattern): Answer {
  if (narrow.key === wide.key || matchesAll(wide.whole)) return "yes";
  if (matchesAll(narrow.whole)) return wide.whole.hasVariable ? "unknown" : "no";
  const byPart = partsWithin(narrow, wide);
  if (narrow.isComplete && wide.isComplete)
    return isTypeLiteral(narrow, wide) ? byPart : allOf(byPart, "unknown");
  // A pattern of fewer than six parts matches as a text in some policies, and is filled up with `*` in others.
  const both = allOf(byPart, isWithin(narrow.whole.tokens, wide.whole.tokens));
  return both === "yes" ? "yes" : "unknown";
}

const partsWithin = (narrow: ArnPattern, wide: ArnPattern): Answer =>
  every([5, 4, 3, 2, 1, 0], (at) =>
    isWithin((narrow.parts[at] as Part).tokens, (wide.parts[at] as Part).tokens),
  );

/**
 * Whether a wildcard in the type of the resource cannot matter. AWS calls such a wildcard incorrect, and does not say what
 * it matches.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
const isTypeLiteral = (narrow: ArnPattern, wide: ArnPattern): boolean =>
  !wide.type.hasWildcard || wide.type.text === narrow.type.text;

/** How the resources of statements compare. */
export const RESOURCES: Comparison<ArnPattern> = {
  within,
  disjoint: (one, other) =>
    areDisjoint(one.whole.loose, other.whole.loose) && areDisjoint(one.filled, other.filled),
  key: ({ key }) => key,
  isEverything: ({ whole }) => matchesAll(whole),
  isErratic: ({ whole, isComplete }) => whole.hasVariable || (!isComplete && !matchesAll(whole)),
};

/**
 * How the values of `ArnLike` compare, which is the same operator as `ArnEquals`: each of the six parts by itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const CONDITION_ARNS: Comparison<ArnPattern> = {
  within: (narrow, wide) => {
    if (narrow.key === wide.key) return "yes";
    return narrow.isComplete && wide.isComplete ? partsWithin(narrow, wide) : "unknown";
  },
  disjoint: (one, other) =>
    one.isComplete &&
    other.isComplete &&
    one.parts.some((part, at) => areDisjoint(part.loose, (other.parts[at] as Part).loose)),
  key: ({ key }) => key,
  isEverything: () => false,
  isErratic: ({ whole, isComplete }) => whole.hasVariable || !isComplete,
};
