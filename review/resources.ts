import { resourcesIn } from "./mirrors";
import type { Json, ModuleValues, PlanJson, ResourceValues } from "./plan-json";

/** The managed resources of a stack at one point in time, by type. Values may be sensitive: they are for comparisons. */
export type Resources = ReadonlyMap<string, readonly ResourceValues[]>;

/** The resources of a plan, by type: before it, and after it. Values that are known after the apply are left out. */
export function resourcesOf(plan: PlanJson): { readonly before: Resources; readonly after: Resources } {
  return {
    before: byType(plan.prior_state?.values?.root_module),
    after: byType(plan.planned_values?.root_module),
  };
}

function byType(module: ModuleValues | undefined): Resources {
  const types = new Map<string, ResourceValues[]>();
  for (const resource of resourcesIn(module)) {
    if (resource.mode !== "managed") continue;
    const same = types.get(resource.type);
    if (same) same.push(resource);
    else types.set(resource.type, [resource]);
  }
  return types;
}

/** The resources of a type. */
export const ofType = (resources: Resources, type: string): readonly ResourceValues[] =>
  resources.get(type) ?? [];

/** An attribute of a resource; undefined if it is absent, null, or known after the apply. */
export const attributeOf = ({ values }: ResourceValues, name: string): Json | undefined =>
  values?.[name] ?? undefined;
