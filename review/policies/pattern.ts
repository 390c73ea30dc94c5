import type { Answer } from "./answer";

/**
 * A text of a policy, where `*` stands for any characters, `?` for one character and `${…}` for a value that only the
 * request knows.
 */
export interface Pattern {
  /** As written in the policy. */
  readonly text: string;
  /** Two patterns with the same key match the same texts in every request. */
  readonly key: string;
  /**
   * One entry for each character, wildcard or variable. A literal `*` or `?` is `${*}` or `${?}`, as policies write it.
   * Where `?` and `*` follow each other, all `?` come first, then one `*`.
   */
  readonly tokens: readonly string[];
  /** The same for what compares without case, and with `*` in place of each variable. */
  readonly loose: readonly string[];
  readonly hasVariable: boolean;
  readonly hasWildcard: boolean;
}

/** How to read a text as a pattern. */
export interface PatternSyntax {
  /**
   * Whether `${…}` is a variable. In policies of version 2008-10-17 it is plain text.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
   */
  readonly variables: boolean;
  /** Whether `*` and `?` are wildcards. In `StringEquals` they are plain text. */
  readonly wildcards: boolean;
}

const LITERAL_STAR = "${*}";
const LITERAL_QUESTION_MARK = "${?}";

/** Whether a token is a variable. All tokens of variables are longer than one character. */
const isVariable = (token: string): boolean =>
  token.length > 1 && token !== LITERAL_STAR && token !== LITERAL_QUESTION_MARK;

/** Whether a token stands for exactly one character. */
const isOneCharacter = (token: string): boolean => token !== "*" && !isVariable(token);

const MEMORY_LIMIT = 20_000;
const memory = new Map<string, Pattern>();

/** Reads a text of a policy as a pattern. */
export function pattern(text: string, { variables, wildcards }: PatternSyntax): Pattern {
  const id = `${variables ? 1 : 0}${wildcards ? 1 : 0}${text}`;
  const known = memory.get(id);
  if (known !== undefined) return known;
  const made = read(text, { variables, wildcards });
  if (memory.size >= MEMORY_LIMIT) memory.clear();
  memory.set(id, made);
  return made;
}

function read(text: string, { variables, wildcards }: PatternSyntax): Pattern {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const end = character === "$" && text[at + 1] === "{" ? text.indexOf("}", at) : -1;
    if (end !== -1) {
      tokens.push(variable(text.slice(at + 2, end), variables));
      at = end;
    } else if (character === "*" || character === "?") {
      tokens.push(wildcards ? character : `\${${character}}`);
    } else tokens.push(character);
  }
  const hasVariable = tokens.some(isVariable);
  const ordered = wildcards ? withWildcardsInOrder(tokens) : tokens;
  return {
    text,
    key: `${hasVariable && !variables ? "2008-10-17 " : ""}${wildcards ? "" : "= "}${text}`,
    tokens: ordered,
    loose: loose(ordered),
    hasVariable,
    hasWildcard: tokens.some((token) => token === "*" || token === "?"),
  };
}

/**
 * The token of `${inner}`. `${*}`, `${?}` and `${$}` are the characters themselves. Without variables, the whole text is
 * one token that equals no variable, so that the texts of a policy of another version are never taken for the same.
 */
function variable(inner: string, variables: boolean): string {
  if (!variables) return `2008-10-17 \${${inner}}`;
  if (inner === "$") return "$";
  const [name = "", ...fallback] = inner.split(",");
  // The name of a tag, after the slash, keeps its case.
  const lower = name.replace(/^[^/]+/, (prefix) => prefix.toLowerCase());
  return `\${${[lower, ...fallback].join(",")}}`;
}

function withWildcardsInOrder(tokens: readonly string[]): readonly string[] {
  const ordered: string[] = [];
  let isStarOpen = false;
  for (const token of tokens) {
    if (token === "*") isStarOpen = true;
    else {
      if (token !== "?" && isStarOpen) {
        ordered.push("*");
        isStarOpen = false;
      }
      ordered.push(token);
    }
  }
  return isStarOpen ? [...ordered, "*"] : ordered;
}

/** Whether a pattern matches every text. */
export const matchesAll = ({ tokens }: Pattern): boolean => tokens.length === 1 && tokens[0] === "*";

/** The pattern in lower case, for texts that compare without case. */
export const folded = (tokens: readonly string[]): readonly string[] =>
  tokens.map((token) => (token.length === 1 ? token.toLowerCase() : token));

/**
 * Whether `wide` matches every text that `narrow` matches. `yes` is proven whatever the values of variables are. `no` is
 * proven as well, because there are more characters than any pattern can name.
 */
export function isWithin(narrow: readonly string[], wide: readonly string[]): Answer {
  if (consumesAll(narrow, wide)) return "yes";
  // A variable has one value, and `*` matches many texts.
  if (narrow.includes("*") && !wide.includes("*")) return "no";
  if (narrow.some(isVariable)) return "unknown";
  return wide.some(isVariable) && consumesAll(narrow, withStars(wide)) ? "unknown" : "no";
}

/** Tokens for {@link areDisjoint}: in lower case, and with `*` in place of each variable, which may have any value. */
export const loose = (tokens: readonly string[]): readonly string[] => withStars(folded(tokens));

const withStars = (tokens: readonly string[]): readonly string[] =>
  tokens.map((token) => (isVariable(token) ? "*" : token));

/** Whether no text matches both patterns, given as {@link loose} tokens. Proven if true. */
export const areDisjoint = (one: readonly string[], other: readonly string[]): boolean => !meet(one, other);

/** Whether one token of a wide pattern, which is no `*`, consumes one token of a narrow pattern. */
const consumes = (token: string, by: string): boolean => (by === "?" ? isOneCharacter(token) : token === by);

/** Whether two tokens, which are no `*`, may stand for the same character. */
const coincide = (one: string, other: string): boolean => one === "?" || other === "?" || one === other;

/** Whether the tokens of `wide` consume those of `narrow`, where each `*` of `wide` consumes any number of them. */
function consumesAll(narrow: readonly string[], wide: readonly string[]): boolean {
  let start = 0;
  for (; start < wide.length && wide[start] !== "*"; start += 1) {
    if (start >= narrow.length || !consumes(narrow[start] as string, wide[start] as string)) return false;
  }
  if (start === wide.length) return start === narrow.length;
  let [end, wideEnd] = [narrow.length, wide.length];
  for (; wide[wideEnd - 1] !== "*"; wideEnd -= 1, end -= 1) {
    if (end <= start || !consumes(narrow[end - 1] as string, wide[wideEnd - 1] as string)) return false;
  }
  // What is left of `wide` begins and ends with `*`.
  return start + 1 === wideEnd || consumesRest(narrow.slice(start, end), wide.slice(start, wideEnd));
}

function consumesRest(narrow: readonly string[], wide: readonly string[]): boolean {
  // reached[n]: the tokens of `wide` so far consume exactly the first n tokens of `narrow`.
  let reached: boolean[] = [true, ...narrow.map(() => false)];
  for (const by of wide) {
    const next: boolean[] = reached.map(() => false);
    for (let n = 0; n <= narrow.length; n += 1) {
      if (by === "*") next[n] = reached[n] === true || (n > 0 && next[n - 1] === true);
      else if (n > 0) next[n] = reached[n - 1] === true && consumes(narrow[n - 1] as string, by);
    }
    reached = next;
  }
  return reached[narrow.length] === true;
}

/** Whether some text matches both patterns. */
function meet(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  let start = 0;
  while (start < length && one[start] !== "*" && other[start] !== "*") {
    if (!coincide(one[start] as string, other[start] as string)) return false;
    start += 1;
  }
  return meetRest(one.slice(start), other.slice(start));
}

function meetRest(one: readonly string[], other: readonly string[]): boolean {
  // row[m]: some text matches both the first n tokens of `one` and the first m tokens of `other`.
  let row: boolean[] = [];
  for (let n = 0; n <= one.length; n += 1) {
    const next: boolean[] = [];
    const token = one[n - 1];
    for (let m = 0; m <= other.length; m += 1) {
      const by = other[m - 1];
      const above = n > 0 && row[m] === true;
      const left = m > 0 && next[m - 1] === true;
      const both = n > 0 && m > 0 && row[m - 1] === true;
      if (token === undefined && by === undefined) next[m] = true;
      else if (token === "*" || by === "*") next[m] = above || left;
      else next[m] = both && coincide(token as string, by as string);
    }
    row = next;
  }
  return row[other.length] === true;
}
