import { differences, type Difference, type Side } from "./diff";
import { meaningOf } from "./meaning";
import type { AttributeChange, ChangeKind, DocumentChange, PolicyChange } from "./model";
import { meaningful, type NoiseContext } from "./noise";
import type { PlanChange, PlanResourceChange } from "./plan-json";
import type { PolicyKind } from "./policies/words";
import type { Secrets } from "./secrets";
import { pathText, type Step } from "./values";

/** The object before a change. */
export const beforeOf = ({ before, before_sensitive }: PlanChange): Side => ({
  value: before,
  sensitive: before_sensitive,
  unknown: false,
});

/** The object after a change. */
export const afterOf = ({ after, after_sensitive, after_unknown }: PlanChange): Side => ({
  value: after,
  sensitive: after_sensitive,
  unknown: after_unknown,
});

const NOTHING: Side = { value: null, sensitive: false, unknown: false };

const CONTEXTS: Readonly<Record<Exclude<ChangeKind, "read">, NoiseContext>> = {
  create: "create",
  delete: "delete",
  forget: "delete",
  update: "update",
  replace: "replace",
  import: "update",
  move: "update",
  deferred: "update",
};

/** The attributes of an object that change. What a read returns is known only after the apply, so it has none. */
export function attributesOf(
  resource: PlanResourceChange,
  kind: ChangeKind,
  secrets: Secrets,
): readonly AttributeChange[] {
  if (kind === "read") return [];
  const { change } = resource;
  const before = kind === "create" ? NOTHING : beforeOf(change);
  const after = kind === "forget" || kind === "delete" ? NOTHING : afterOf(change);
  const all = differences(before, after, secrets);
  const told = toldOf(resource, all, CONTEXTS[kind]);
  if (told.length > 0 || kind !== "update") return told;
  // An update of nothing but noise is an update nevertheless, and must say what it is.
  return all.map((difference) => attributeOf(resource, difference).attribute);
}

/** The attributes of the differences that a reader has to read. */
export const toldOf = (
  resource: PlanResourceChange,
  all: readonly Difference[],
  context: NoiseContext,
): AttributeChange[] =>
  meaningful(resource.type, all, context)
    .map((difference) => attributeOf(resource, difference))
    .filter(({ isSame }) => !isSame)
    .map(({ attribute }) => attribute);

/** Attributes with a policy whose kind its statements do not say. */
const POLICY_KINDS: Readonly<Record<string, PolicyKind>> = {
  "aws_organizations_policy.content": "scp",
  "aws_vpc_endpoint.policy": "endpoint",
};

/** @returns isSame: both values are documents that say the same in other words */
function attributeOf(
  { type, change }: PlanResourceChange,
  { path, before, after }: Difference,
): { attribute: AttributeChange; isSame: boolean } {
  const forcesReplacement = (change.replace_paths ?? []).some((forcing) =>
    overlap(path, forcing as readonly Step[]),
  );
  // The value of an output may be a text of its own.
  const text = path.length === 0 ? "value" : pathText(path);
  const attribute = { path: text, before, after, forcesReplacement };
  const texts = [before, after].map((shown) => {
    if (shown.is === "absent") return null;
    return shown.is === "known" && typeof shown.value === "string" ? shown.value : undefined;
  });
  if (texts.includes(undefined) || texts.every((one) => one === null)) return { attribute, isSame: false };
  const meaning = meaningOf(texts[0]!, texts[1]!, POLICY_KINDS[`${type}.${text}`]);
  if (typeof meaning === "string") return { attribute, isSame: meaning === "same" };
  const told = isWorthTelling(meaning, texts.includes(null));
  return { attribute: told ? { ...attribute, meaning } : attribute, isSame: false };
}

/** The fields of a document that is new or gone repeat its text. */
const isWorthTelling = (meaning: PolicyChange | DocumentChange, isOneSided: boolean): boolean =>
  meaning.kind === "policy" || !isOneSided;

/** Whether one path leads to a part of the other. */
const overlap = (one: readonly Step[], other: readonly Step[]): boolean =>
  one.every((step, index) => index >= other.length || step === other[index]);
