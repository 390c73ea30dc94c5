import type { Json, ModuleValues, PlanJson, ResourceValues } from "../review/plan-json";
import type { StateResource } from "./plan-folder";

/**
 * A plan without changes, in the form in which Terraform describes plans: the values before and after are those of the
 * state.
 * @param state null: there is no state, and the stack would create nothing
 */
export function planWithoutChanges(state: { readonly resources: readonly StateResource[] } | null): PlanJson {
  const values = { root_module: moduleOf(state?.resources ?? []) };
  return { format_version: "1.2", resource_changes: [], planned_values: values, prior_state: { values } };
}

/** The resources of a state file in the form in which Terraform's JSON has them. */
export const moduleOf = (resources: readonly StateResource[]): ModuleValues => ({
  resources: resources.flatMap(valuesOf),
});

function valuesOf({ mode, type, name, instances }: StateResource): ResourceValues[] {
  const base = `${mode === "data" ? "data." : ""}${type}.${name}`;
  return instances.map(({ attributes = {}, index_key: index }) => ({
    address: index === undefined ? base : `${base}[${JSON.stringify(index)}]`,
    mode,
    type,
    name,
    values: attributes as { [attribute: string]: Json },
  }));
}
