import type { PlannedStack } from "./model";
import type { PlanJson } from "./plan-json";
import { resourcesIn } from "./mirrors";

/** What distinguishes a stack from others that change in the same way. */
export interface Names extends Pick<PlannedStack, "id" | "account" | "accountId" | "region"> {
  /** Ids that AWS has generated for objects of the stack, such as the ids of keys. */
  generated(): ReadonlySet<string>;
}

/**
 * A placeholder within a template. Its brackets are characters for private use, which no name and no JSON escapes, so that
 * a value that contains the word `{account}` is another text. {@link shown} turns them into braces.
 */
const placeholder = (word: string) => `\u{E000}${word}\u{E001}`;
/** What stands for the id of the stack's own account. */
export const OWN_ACCOUNT = placeholder("accountId");
const PLACEHOLDER = /\u{E000}(\w+)\u{E001}/gu;

/** A template as people read it, with `{account}` and the like. */
export const shown = (template: string): string => template.replace(PLACEHOLDER, "{$1}");

/** Attributes in which AWS returns an id that it has generated. */
const ID_ATTRIBUTES = ["id", "key_id", "arn", "unique_id", "association_id", "policy_id"] as const;

/** The part of a value that AWS has generated: a UUID, or the id of an EC2, IAM or Organizations object. */
const GENERATED =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\bmrk-[0-9a-f]{32}|\b(?:sgr?|vpce|subnet|eni|rtb)-[0-9a-f]{8,17}\b|\bA[A-Z]{3}[A-Z0-9]{16,}\b|\bp-[0-9a-z]{8,}\b/g;

/** The names of a stack, with the ids of the objects that it has before the plan. */
export function namesOf(stack: Omit<PlannedStack, "plan">, plan: PlanJson | null): Names {
  const { id, account, accountId, region } = stack;
  let generated: Set<string> | undefined;
  return { id, account, accountId, region, generated: () => (generated ??= generatedIn(plan)) };
}

function generatedIn(plan: PlanJson | null): Set<string> {
  const generated = new Set<string>();
  for (const { values } of resourcesIn(plan?.prior_state?.values?.root_module)) {
    for (const attribute of ID_ATTRIBUTES) {
      const value = values?.[attribute];
      if (typeof value !== "string") continue;
      for (const [id] of value.matchAll(GENERATED)) generated.add(id);
    }
  }
  return generated;
}

/** Replaces names in a text. The text may be JSON: no name and no placeholder has a character that JSON escapes. */
export type Template = (text: string) => string;

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * A function that puts placeholders in place of a stack's names, so that equal changes of many stacks become one text:
 * `{stack}` for its id, `{account}` for the account's name where it stands alone, `{accountId}`, `{region}`, and `{id}`,
 * `{id2}`, … for the generated ids of a text.
 * @example
 * templateOf(names)("arn:aws:s3:::audit-444444444444-eu-central-1") // shown as "arn:aws:s3:::audit-{accountId}-{region}"
 */
export function templateOf(names: Names): Template {
  let replace: Template | undefined;
  // Most stacks of a folder have nothing to replace, because nothing changes in them.
  return (text) => (replace ??= replacer(names))(text);
}

/** A name with the placeholder that takes its place, where what stands before and after it allows. */
interface Word {
  readonly word: string;
  readonly notAfter: RegExp;
  readonly notBefore: RegExp;
}

const IN_WORD = /[\w-]/;
const DIGIT = /\d/;

function replacer({ id, account, accountId, region, generated }: Names): Template {
  const words = new Map<string, Word>([
    [id, { word: "stack", notAfter: IN_WORD, notBefore: IN_WORD }],
    [accountId, { word: "accountId", notAfter: DIGIT, notBefore: DIGIT }],
    [region, { word: "region", notAfter: /[a-z0-9]/, notBefore: DIGIT }],
    [account, { word: "account", notAfter: IN_WORD, notBefore: IN_WORD }],
  ]);
  const ids = generated();
  // One expression of literal texts is many times faster than one with conditions on what surrounds them.
  const pattern = new RegExp([...words.keys(), ...ids].map(quoted).join("|"), "g");
  return (text) => {
    const seen = new Map<string, string>();
    const replaced = text.replace(pattern, (found, offset: number) => {
      const word = words.get(found);
      if (word === undefined) {
        if (!seen.has(found)) seen.set(found, placeholder(seen.size === 0 ? "id" : `id${seen.size + 1}`));
        return seen.get(found)!;
      }
      const [before, after] = [text.charAt(offset - 1), text.charAt(offset + found.length)];
      return word.notAfter.test(before) || word.notBefore.test(after) ? found : placeholder(word.word);
    });
    return replaced.includes(REVISION)
      ? replaced.replace(REVISIONS, `$1${placeholder("revision")})`)
      : replaced;
  };
}

/** The revision of the preferences is a digest of all of them, and of the bucket's name among them. */
const REVISION = "(revision ";
const REVISIONS = /(\(revision )[0-9a-f]{12}\)/g;
