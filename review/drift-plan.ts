import { afterOf, beforeOf } from "./attributes";
import { differences } from "./diff";
import { mirrorOf, mirrorsOf, type Mirrors } from "./mirrors";
import { meaningful } from "./noise";
import type { Json, ModuleValues, PlanJson, PlanResourceChange } from "./plan-json";
import { secretsOf, type Secrets } from "./secrets";

/**
 * Turns a refresh-only plan into a plan whose changes are the drift. The values before are those that Terraform
 * deployed, and the values after are those that AWS has now. A review of the result describes the drift.
 * @param deployed the resources in the state before the refresh
 * @see https://developer.hashicorp.com/terraform/cli/commands/plan#planning-modes
 */
export function driftPlan(plan: PlanJson, deployed: ModuleValues): PlanJson {
  const [mirrors, secrets] = [mirrorsOf(plan), secretsOf(plan)];
  return {
    ...plan,
    resource_changes: (plan.resource_drift ?? []).flatMap((resource) => drifted(resource, mirrors, secrets)),
    resource_drift: [],
    output_changes: {},
    prior_state: { values: { root_module: deployed } },
    planned_values: { ...plan.planned_values, root_module: currentResources(plan) },
  };
}

/** The resources as AWS has them now. Terraform 1.11 omits them from `planned_values` of a refresh-only plan. */
const currentResources = ({ planned_values, prior_state }: PlanJson): ModuleValues =>
  prior_state?.values?.root_module ?? planned_values?.root_module ?? {};

/**
 * A change with only the attributes that drifted. There is no change if AWS only returns the same value in another
 * spelling, as it does at the first refresh, or if another resource of the stack manages the attribute.
 */
function drifted(resource: PlanResourceChange, mirrors: Mirrors, secrets: Secrets): PlanResourceChange[] {
  const { change, type } = resource;
  const { before, after } = change;
  if (!isObject(before) || !isObject(after)) return [resource];
  const all = differences(beforeOf(change), afterOf(change), secrets);
  const changed = new Set(
    meaningful(type, all, "drift")
      .map(({ path }) => String(path[0]))
      .filter((name) => !isManagedElsewhere(mirrorOf(resource, name), name, mirrors)),
  );
  if (changed.size === 0) return [];
  const kept = Object.entries(after).map(([name, value]) => [
    name,
    changed.has(name) ? value : before[name]!,
  ]);
  return [{ ...resource, change: { ...change, after: Object.fromEntries(kept) as Json } }];
}

/** Another stack, that of the replica, may manage the replication of a bucket. That stack then shows its drift. */
const isManagedElsewhere = (mirror: string | undefined, name: string, mirrors: Mirrors): boolean =>
  mirror !== undefined && (mirrors.has(mirror) || name === "replication_configuration");

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
