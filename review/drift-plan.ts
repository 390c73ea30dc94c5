import { mirrorOf, mirrorsOf, type Mirrors } from "./mirrors";
import type { Json, ModuleValues, PlanJson, PlanResourceChange } from "./plan-json";

/**
 * A refresh-only plan, read as if what somebody did outside Terraform were the plan: the values before are those that
 * Terraform has deployed, the values after those that AWS has now. A review of it says what the drift means.
 * @param deployed the resources of the state before the refresh
 * @see https://developer.hashicorp.com/terraform/cli/commands/plan#planning-modes
 */
export function driftPlan(plan: PlanJson, deployed: ModuleValues): PlanJson {
  const mirrors = mirrorsOf(plan);
  return {
    ...plan,
    resource_changes: (plan.resource_drift ?? []).map((resource) => withoutMirrors(resource, mirrors)),
    resource_drift: [],
    output_changes: {},
    prior_state: { values: { root_module: deployed } },
    planned_values: { ...plan.planned_values, root_module: now(plan) },
  };
}

/** The resources as AWS has them. Terraform 1.11 leaves `planned_values` of a refresh-only plan without them. */
const now = ({ planned_values, prior_state }: PlanJson): ModuleValues =>
  prior_state?.values?.root_module ?? planned_values?.root_module ?? {};

/** A change without the attributes that only repeat what another resource of the stack manages. */
function withoutMirrors(resource: PlanResourceChange, mirrors: Mirrors): PlanResourceChange {
  const { before, after } = resource.change;
  if (!isObject(before) || !isObject(after)) return resource;
  const kept = Object.entries(after).map(([name, value]) => [
    name,
    isManagedElsewhere(mirrorOf(resource, name), name, mirrors) ? before[name]! : value,
  ]);
  return { ...resource, change: { ...resource.change, after: Object.fromEntries(kept) as Json } };
}

/** The replication of a bucket may belong to another stack, that of the replica, which shows its drift. */
const isManagedElsewhere = (mirror: string | undefined, name: string, mirrors: Mirrors): boolean =>
  mirror !== undefined && (mirrors.has(mirror) || name === "replication_configuration");

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
