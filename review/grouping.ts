import { createHash } from "node:crypto";
import { shown } from "./placeholders";
import type { AttributeChange, Change, ChangeGroup, ChangeKind, Shown } from "./model";

/** Collects the changes of stacks, and tells which are the same. */
export interface Grouping {
  /** @param template the change of a stack as JSON, with placeholders */
  add(stack: string, kind: string, template: string): void;
  /** @param stacks ids of the stacks of each kind, those without changes and without a plan included */
  groups(stacks: StacksByKind, failed: ReadonlySet<string>): ChangeGroup[];
}

/** Ids of stacks, by their kind. */
export type StacksByKind = ReadonlyMap<string, readonly string[]>;

interface Entry {
  /** The kind of the stacks and the change, with placeholders. */
  readonly key: string;
  readonly kind: string;
  readonly change: Change;
  readonly stacks: string[];
}

/**
 * A grouping without changes. Only one copy of each change is kept, however many stacks have it.
 * @param describe adds to a change what a reader should know about it
 */
export function newGrouping(describe: (change: Change) => Pick<ChangeGroup, "means"> = () => ({})): Grouping {
  const entries = new Map<string, Entry>();
  return {
    add(stack, kind, template) {
      const key = `${kind} ${template}`;
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = { key, kind, change: JSON.parse(shown(template)) as Change, stacks: [] };
        entries.set(key, entry);
      }
      entry.stacks.push(stack);
    },
    groups(stacks, failed) {
      const byObject = new Map<string, Entry[]>();
      for (const entry of entries.values()) {
        const object = `${entry.kind} ${entry.change.address}`;
        const same = byObject.get(object);
        if (same) same.push(entry);
        else byObject.set(object, [entry]);
      }
      return [...entries.values()].map((entry) => {
        const of = stacks.get(entry.kind) ?? entry.stacks;
        const others = byObject.get(`${entry.kind} ${entry.change.address}`)!;
        return {
          id: createHash("sha256").update(entry.key).digest("hex"),
          change: entry.change,
          ...describe(entry.change),
          stacks: entry.stacks,
          of: of.length,
          differing: isMost(entry.stacks.length, of.length) ? differing(entry, others, of, failed) : [],
        };
      });
    },
  };
}

/** Only the change that most stacks have is the rule that others differ from. */
const isMost = (count: number, of: number): boolean => count * 2 > of;

function differing(
  entry: Entry,
  others: readonly Entry[],
  of: readonly string[],
  failed: ReadonlySet<string>,
): ChangeGroup["differing"] {
  const how = new Map<string, string[]>();
  for (const other of others) {
    if (other === entry) continue;
    const words = difference(entry.change, other.change);
    for (const stack of other.stacks) how.set(stack, [...(how.get(stack) ?? []), words]);
  }
  const own = new Set(entry.stacks);
  return of
    .filter((stack) => !own.has(stack))
    .map((stack) => ({
      stack,
      how:
        how.get(stack)?.join("; ") ?? (failed.has(stack) ? "its plan has failed" : "does not change there"),
    }));
}

const VERBS: Readonly<Record<ChangeKind, string>> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  delete: "destroyed",
  import: "imported",
  move: "moved",
  forget: "forgotten",
  read: "read",
  deferred: "deferred",
};

/** More attributes than these are counted. */
const NAMED_ATTRIBUTES = 3;

/** How another change of the same object differs, in words. */
function difference(usual: Change, other: Change): string {
  const kind = usual.kind === other.kind ? [] : [`is ${VERBS[other.kind]} instead of ${VERBS[usual.kind]}`];
  const usualByPath = new Map(usual.attributes.map((attribute) => [attribute.path, attribute]));
  const otherPaths = new Set(other.attributes.map(({ path }) => path));
  const changed = other.attributes.flatMap((attribute) => {
    const same = usualByPath.get(attribute.path);
    return same !== undefined && isSame(same, attribute) ? [] : [`${attribute.path}: ${values(attribute)}`];
  });
  const left = usual.attributes
    .filter(({ path }) => !otherPaths.has(path))
    .map(({ path }) => `${path} does not change`);
  const all = [...changed, ...left];
  const more = all.length - NAMED_ATTRIBUTES;
  return (
    [...kind, ...all.slice(0, NAMED_ATTRIBUTES), ...(more > 0 ? [`and ${more} more differences`] : [])].join(
      ", ",
    ) || "for another reason"
  );
}

const isSame = (one: AttributeChange, other: AttributeChange): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Longer values are left out. */
const VALUE_LENGTH = 60;
const text = (shown: Shown): string => {
  if (shown.is !== "known")
    return { unknown: "known after apply", sensitive: "sensitive", absent: "not set" }[shown.is];
  const json = JSON.stringify(shown.value);
  return json.length <= VALUE_LENGTH ? json : "another value";
};
const values = ({ before, after }: AttributeChange): string => `${text(before)} → ${text(after)}`;
