import { afterOf, beforeOf } from "./attributes";
import { differences } from "./diff";
import { mirrorOf, mirrorsOf, type Mirrors } from "./mirrors";
import { meaningful } from "./noise";
import type { Json, ModuleValues, PlanJson, PlanResourceChange } from "./plan-json";
import { secretsOf, type Secrets } from "./secrets";

/**
 * A refresh-only plan, read as if what somebody did outside Terraform were the plan: the values before are those that
 * Terraform has deployed, the values after those that AWS has now. A review of it says what the drift means.
 * @param deployed the resources of the state before the refresh
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
    planned_values: { ...plan.planned_values, root_module: now(plan) },
  };
}

/** The resources as AWS has them. Terraform 1.11 leaves `planned_values` of a refresh-only plan without them. */
const now = ({ planned_values, prior_state }: PlanJson): ModuleValues =>
  prior_state?.values?.root_module ?? planned_values?.root_module ?? {};

/**
 * A change with the attributes that somebody has changed; none if AWS only spells the object in another way, as it does
 * at the first refresh, or repeats what another resource of the stack manages.
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

/** The replication of a bucket may belong to another stack, that of the replica, which shows its drift. */
const isManagedElsewhere = (mirror: string | undefined, name: string, mirrors: Mirrors): boolean =>
  mirror !== undefined && (mirrors.has(mirror) || name === "replication_configuration");

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
