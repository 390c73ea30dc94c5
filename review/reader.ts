import { described, objectsOf, plannedChanges, type SeenChange } from "./changes";
import type { Change, Shown } from "./model";
import type { Template } from "./placeholders";
import type { PlanJson } from "./plan-json";
import { NO_SECRETS, type Secrets } from "./secrets";
import { isTransferable } from "./transfer";

/** A change of one stack, in which placeholders stand for the names of the stack, but for `before` and `after`. */
export interface ReadChange extends SeenChange {
  /** The change as JSON. */
  readonly template: string;
}

/** Changes that are described already, and the longest that is remembered. A rollout repeats few changes often. */
const REMEMBERED = 20_000;

type Described = Pick<ReadChange, "change" | "template">;

/**
 * Reads the changes of stacks, one after the other. Changes that are the same but for the names of their stacks are
 * compared and described once, however many stacks have them.
 */
export function newReader(): (plan: PlanJson, template: Template, secrets: Secrets) => ReadChange[] {
  const memory = new Map<string, Described>();
  return (plan, template, secrets) =>
    plannedChanges(plan).map((planned) => {
      const { resource, kind } = planned;
      const describe = (): Described => {
        const text = template(JSON.stringify(described(planned, secrets)));
        return { template: text, change: JSON.parse(text) as Change };
      };
      const objects = objectsOf(resource.change, secrets);
      // With secrets, what is shown also depends on other values of the plan.
      if (secrets !== NO_SECRETS) return withObjects(describe(), objects);
      const key = template(JSON.stringify([kind, resource]));
      const known = memory.get(key);
      if (known !== undefined) return withObjects(known, objects);
      const made = describe();
      if (memory.size < REMEMBERED && mayBeShared(made.change)) memory.set(key, made);
      return withObjects(made, objects);
    });
}

const withObjects = (
  { change, template }: Described,
  objects: Pick<SeenChange, "before" | "after">,
): ReadChange => ({
  change,
  template,
  get before() {
    return objects.before;
  },
  get after() {
    return objects.after;
  },
});

/** Whether the comparison of the policies in a change is the same for every stack. */
const mayBeShared = ({ attributes }: Change): boolean =>
  attributes.every(
    ({ meaning, before, after }) =>
      meaning?.kind !== "policy" || [before, after].every((shown) => isTransferable(textOf(shown))),
  );

const textOf = (shown: Shown): string =>
  shown.is === "known" && typeof shown.value === "string" ? shown.value : "";
