import { allOf, anyOf, type Answer } from "./answer";
import { areDisjoint, isWithin, matchesAll, pattern, type Pattern, type PatternSyntax } from "./pattern";
import type { Comparison } from "./selection";

/** The ARN of a resource, or a pattern of ARNs. */
export interface ArnPattern {
  readonly text: string;
  readonly key: string;
  readonly whole: Pattern;
  /** The six parts of an ARN. Parts that a shorter pattern leaves out are `*`. */
  readonly parts: readonly (readonly string[])[];
  /** Whether the pattern itself has six parts. */
  readonly isComplete: boolean;
}

const PARTS = 6;

/** Reads the ARN of a resource. */
export function arnPattern(text: string, variables: boolean): ArnPattern {
  const syntax: PatternSyntax = { variables, wildcards: true };
  const whole = pattern(text, syntax);
  const parts: string[][] = [[]];
  for (const token of whole.tokens) {
    if (token === ":" && parts.length < PARTS) parts.push([]);
    else (parts[parts.length - 1] as string[]).push(token);
  }
  const isComplete = parts.length === PARTS;
  while (parts.length < PARTS) parts.push(["*"]);
  return { text, key: whole.key, whole, parts, isComplete };
}

/**
 * Whether one pattern of ARNs has everything that another has. Part by part, which is proven whether a wildcard matches
 * across the colons or not: AWS says that it does at the end of a part.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function within(narrow: ArnPattern, wide: ArnPattern): Answer {
  if (narrow.key === wide.key || matchesAll(wide.whole)) return "yes";
  const byPart = partsWithin(narrow.parts, wide.parts);
  if (narrow.isComplete && wide.isComplete)
    return isTypeLiteral(narrow, wide) ? byPart : least(byPart, "unknown");
  if (matchesAll(narrow.whole)) return "no";
  // A pattern of fewer than six parts matches as a text in some policies, and is filled up with `*` in others.
  const both = allOf([byPart, isWithin(narrow.whole.tokens, wide.whole.tokens)]);
  return both === "yes" ? "yes" : "unknown";
}

const partsWithin = (narrow: ArnPattern["parts"], wide: ArnPattern["parts"]): Answer =>
  allOf(wide.map((part, index) => isWithin(narrow[index] as readonly string[], part)));

const least = (one: Answer, other: Answer): Answer => allOf([one, other]);

/**
 * Whether both ARNs name the type of the resource alike, like `role/` in `role/Web`, if it has a wildcard. AWS calls such
 * a wildcard incorrect, and does not say what it matches. The ARN of a bucket or an object has no type.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
function isTypeLiteral(narrow: ArnPattern, wide: ArnPattern): boolean {
  const type = typeOf(wide);
  return !type.some((token) => token === "*" || token === "?") || type.join("") === typeOf(narrow).join("");
}

function typeOf({ parts }: ArnPattern): readonly string[] {
  const [, , service = [], region = [], account = [], resource = []] = parts;
  if (service.join("") === "s3" && region.length === 0 && account.length === 0) return [];
  const end = resource.findIndex((token) => token === "/" || token === ":");
  return end === -1 ? [] : resource.slice(0, end);
}

/** How the resources of statements compare. */
export const RESOURCES: Comparison<ArnPattern> = {
  within,
  disjoint: (one, other) =>
    areDisjoint(one.whole.tokens, other.whole.tokens) && areDisjoint(filled(one), filled(other)),
  key: ({ key }) => key,
  isEverything: ({ whole }) => matchesAll(whole),
  isErratic: ({ whole, isComplete }) => whole.hasVariable || (!isComplete && !matchesAll(whole)),
};

const filled = ({ parts }: ArnPattern): readonly string[] =>
  parts.flatMap((part, index) => (index === 0 ? part : [":", ...part]));

/**
 * How the values of `ArnLike` compare, which is the same operator as `ArnEquals`: each of the six parts by itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const CONDITION_ARNS: Comparison<ArnPattern> = {
  within: (narrow, wide) => {
    if (narrow.key === wide.key) return "yes";
    return narrow.isComplete && wide.isComplete ? partsWithin(narrow.parts, wide.parts) : "unknown";
  },
  disjoint: (one, other) =>
    one.isComplete &&
    other.isComplete &&
    anyOf(one.parts.map((part, at) => apart(part, other.parts[at]))) === "yes",
  key: ({ key }) => key,
  isEverything: () => false,
  isErratic: ({ whole, isComplete }) => whole.hasVariable || !isComplete,
};

const apart = (one: readonly string[], other: readonly string[] = []): Answer =>
  areDisjoint(one, other) ? "yes" : "no";
