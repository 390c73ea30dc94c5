import { afterOf, attributesOf, beforeOf, toldOf } from "./attributes";
import { differences } from "./diff";
import { mirrorOf, type Mirrors } from "./mirrors";
import type { Change, ChangeKind } from "./model";
import type { Action, PlanChange, PlanJson, PlanResourceChange } from "./plan-json";
import { deferralReason, reasonOf } from "./reasons";
import type { Secrets } from "./secrets";
import { masked, pathText, type Values } from "./values";

/** A change, and the object before and after it, for rules that look at more than what changes. */
export interface SeenChange {
  readonly change: Change;
  /** null: the object did not exist before. Sensitive values are symbols. A getter masks them at each read. */
  readonly before: Values | null;
  readonly after: Values | null;
}

/** One change of a plan, before it is described. */
export interface PlannedChange {
  readonly resource: PlanResourceChange;
  readonly kind: ChangeKind;
  /** Why, in plain words. */
  readonly reason: string | undefined;
}

/** What a plan does, deferred changes included. An object that stays as it is is left out. */
export const plannedChanges = (plan: PlanJson): PlannedChange[] => [
  ...(plan.resource_changes ?? []).flatMap((resource) =>
    kindsOf(resource).map((kind) => ({ resource, kind, reason: reasonOf(resource) })),
  ),
  ...(plan.deferred_changes ?? []).map(({ reason, resource_change: resource }) => ({
    resource,
    kind: "deferred" as const,
    reason: deferralReason(reason),
  })),
];

/** A change as a review shows it. */
export const described = ({ resource, kind, reason }: PlannedChange, secrets: Secrets): Change => ({
  ...head(resource, kind),
  ...(reason !== undefined && { reason }),
  attributes: attributesOf(resource, kind, secrets),
});

/** The objects before and after a change. */
export const objectsOf = (
  { before, after, ...marks }: PlanChange,
  secrets: Secrets,
): Pick<SeenChange, "before" | "after"> => ({
  get before() {
    return before === null ? null : (masked(before, marks.before_sensitive, false, secrets) as Values);
  },
  get after() {
    if (after === null && marks.after_unknown !== true) return null;
    return masked(after ?? {}, marks.after_sensitive, marks.after_unknown, secrets) as Values;
  },
});

/** What somebody has changed outside Terraform, in one object. */
export interface SeenDrift extends SeenChange {
  /** By path: attributes that another stack may manage, as entries of {@link Mirrors} in the plan of that stack. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** What somebody has changed outside Terraform. What AWS and Terraform only spell in another way is left out. */
export const driftOf = (plan: PlanJson, secrets: Secrets, mirrors: Mirrors): SeenDrift[] =>
  (plan.resource_drift ?? []).flatMap((resource) => {
    const [kind] = kindsOf(resource);
    if (kind === undefined) return [];
    const { change } = resource;
    const elsewhere = new Map<string, string>();
    const own = differences(beforeOf(change), afterOf(change), secrets).filter(({ path }) => {
      const mirror = mirrorOf(resource, path[0]);
      if (mirror !== undefined) elsewhere.set(pathText(path), mirror);
      return mirror === undefined || !mirrors.has(mirror);
    });
    const attributes = toldOf(resource, own, kind === "delete" ? "delete" : "drift");
    if (kind !== "delete" && attributes.length === 0) return [];
    const { before, after } = objectsOf(change, secrets);
    return [{ before, after, change: { ...head(resource, kind), attributes }, elsewhere }];
  });

/** The changes of the outputs of a stack. Other stacks and people read outputs; AWS does not have them. */
export const outputsOf = (plan: PlanJson, secrets: Secrets): Change[] =>
  Object.entries(plan.output_changes ?? {}).flatMap(([name, change]) => {
    const address = `output.${name}`;
    const resource: PlanResourceChange = { address, mode: "managed", type: "output", name, change };
    const [kind] = kindsOf(resource);
    if (kind === undefined) return [];
    const all = differences(beforeOf(change), afterOf(change), secrets);
    const attributes = toldOf(resource, all, "update");
    return [{ ...head(resource, kind), attributes }];
  });

/** What happens to an object. Two kinds: Terraform creates a new object and forgets the old one. */
function kindsOf({ mode, change, previous_address, address }: PlanResourceChange): ChangeKind[] {
  const has = (action: Action) => change.actions.includes(action);
  if (mode === "data") return has("read") ? ["read"] : [];
  if (has("create") && has("delete")) return ["replace"];
  if (has("create") && has("forget")) return ["create", "forget"];
  for (const action of ["create", "delete", "forget"] as const) if (has(action)) return [action];
  if (change.importing !== undefined) return ["import"];
  if (has("update")) return ["update"];
  return previous_address !== undefined && previous_address !== address ? ["move"] : [];
}

/** What identifies a change. */
const head = (resource: PlanResourceChange, kind: ChangeKind): Omit<Change, "attributes"> => ({
  address: resource.address,
  type: resource.type,
  kind,
  ...(resource.previous_address !== undefined && { previousAddress: resource.previous_address }),
  ...(resource.change.importing?.id !== undefined && { importId: resource.change.importing.id }),
  ...(kind === "replace" && {
    replacement: resource.change.actions[0] === "create" ? "create-before-destroy" : "destroy-before-create",
  }),
});
