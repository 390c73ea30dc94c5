import type { PlannedStack } from "./model";
import type { PlanJson } from "./plan-json";
import { resourcesIn } from "./mirrors";

/** What distinguishes a stack from others that change in the same way. */
export interface Names extends Pick<PlannedStack, "id" | "account" | "accountId" | "region"> {
  /** Ids that AWS has generated for objects of the stack, such as the ids of keys. */
  readonly generated: ReadonlySet<string>;
}

/** Placeholders. A text that contains one of these words itself gets further braces in a template. */
const WORDS = ["{stack}", "{account}", "{accountId}", "{region}", "{id}", "{revision}"] as const;

/** Attributes in which AWS returns an id that it has generated. */
const ID_ATTRIBUTES = ["id", "key_id", "arn", "unique_id", "association_id", "policy_id"] as const;

/** The part of a value that AWS has generated: a UUID, or the id of an EC2, IAM or Organizations object. */
const GENERATED =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\bmrk-[0-9a-f]{32}|\b(?:sgr?|vpce|subnet|eni|rtb)-[0-9a-f]{8,17}\b|\bA[A-Z]{3}[A-Z0-9]{16,}\b|\bp-[0-9a-z]{8,}\b/g;

/** The names of a stack, with the ids of the objects that it has before the plan. */
export function namesOf(stack: Omit<PlannedStack, "plan">, plan: PlanJson | null): Names {
  const generated = new Set<string>();
  for (const { values } of resourcesIn(plan?.prior_state?.values?.root_module)) {
    for (const attribute of ID_ATTRIBUTES) {
      const value = values?.[attribute];
      if (typeof value !== "string") continue;
      for (const [id] of value.matchAll(GENERATED)) generated.add(id);
    }
  }
  const { id, account, accountId, region } = stack;
  return { id, account, accountId, region, generated };
}

/** Replaces names in a text. The text may be JSON: no name and no placeholder has a character that JSON escapes. */
export type Template = (text: string) => string;

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * A function that puts placeholders in place of a stack's names, so that equal changes of many stacks become one text:
 * `{stack}` for its id, `{account}` for the account's name where it stands alone, `{accountId}`, `{region}`, and `{id}`,
 * `{id2}`, … for the generated ids of a text.
 * @example
 * templateOf(names)("arn:aws:s3:::audit-444444444444-eu-central-1") // "arn:aws:s3:::audit-{accountId}-{region}"
 */
export function templateOf({ id, account, accountId, region, generated }: Names): Template {
  const words: (readonly [pattern: string, placeholder: string])[] = [
    ...WORDS.map((word) => [quoted(word), `{${word}}`] as const),
    [`(?<![\\w-])${quoted(id)}(?![\\w-])`, "{stack}"],
    [`(?<!\\d)${quoted(accountId)}(?!\\d)`, "{accountId}"],
    [`(?<![a-z0-9])${quoted(region)}(?!\\d)`, "{region}"],
    [`(?<![\\w-])${quoted(account)}(?![\\w-])`, "{account}"],
    // The revision of the preferences is a digest of all of them, and of the bucket's name among them.
    ["(?<=\\(revision )[0-9a-f]{12}(?=\\))", "{revision}"],
  ];
  const pattern = new RegExp([...words.map(([word]) => `(${word})`), GENERATED.source].join("|"), "g");
  return (text) => {
    const ids = new Map<string, string>();
    return text.replace(pattern, (found: string, ...groups: unknown[]) => {
      const index = words.findIndex((_, position) => groups[position] !== undefined);
      if (index >= 0) return words[index]![1];
      if (!generated.has(found)) return found;
      if (!ids.has(found)) ids.set(found, ids.size === 0 ? "{id}" : `{id${ids.size + 1}}`);
      return ids.get(found)!;
    });
  };
}
