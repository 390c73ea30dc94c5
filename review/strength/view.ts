import type { Json, Marks, PlanJson, ResourceValues } from "../plan-json";
import { ofType, resourcesOf, type Resources } from "../resources";
import { isObject, marksOf, UNKNOWN, type Step } from "../values";

/** A value that is known, absent (undefined), or known only after the apply. */
export type Seen = Json | undefined | typeof UNKNOWN;

/** The resources of a stack at one point in time. */
export interface View {
  /** The managed resources of a type. */
  all(type: string): readonly ResourceValues[];
  /** The value of a resource at a path. */
  at(resource: ResourceValues, ...path: Step[]): Seen;
}

/** A stack before and after its plan. */
export interface Sides<T> {
  readonly before: T;
  readonly after: T;
}

/** The resources of a plan, before and after it. */
export function viewsOf(plan: PlanJson): Sides<View> {
  const { before, after } = resourcesOf(plan);
  const unknown = new Map(
    (plan.resource_changes ?? []).map(({ address, change }) => [address, change.after_unknown]),
  );
  return { before: viewOf(before, new Map()), after: viewOf(after, unknown) };
}

const viewOf = (resources: Resources, unknown: ReadonlyMap<string, Marks | undefined>): View => ({
  all: (type) => ofType(resources, type),
  at: ({ address, values }, ...path) => {
    let value: Json | undefined = values;
    let marks: Marks = unknown.get(address) ?? false;
    for (const step of path) {
      marks = marksOf(marks, step);
      if (marks === true) return UNKNOWN;
      const isContainer: boolean = isObject(value) || Array.isArray(value);
      value = isContainer ? (value as { readonly [key: Step]: Json })[step] : undefined;
    }
    return value ?? undefined;
  },
});

/** The resources of a type whose name matches. */
export const resourcesNamed = (
  view: View,
  type: string,
  pattern: RegExp,
  attribute = "name",
): readonly ResourceValues[] => view.all(type).filter((one) => pattern.test(String(view.at(one, attribute))));

/** Whether a value is known and says something. */
export const isSaid = (value: Seen): boolean =>
  value !== undefined && value !== UNKNOWN && value !== null && value !== "";

/** All of several conditions, each true, false or not known (undefined). One that is false decides. */
export const every = (conditions: readonly (boolean | undefined)[]): boolean | undefined => {
  if (conditions.includes(false)) return false;
  return conditions.includes(undefined) ? undefined : true;
};

/**
 * Whether a customer managed key encrypts something. The id of a key that the same plan creates is not known yet, and
 * nothing but the id of such a key is known only after the apply.
 */
export function hasCustomerKey(view: View, key: Seen): boolean | undefined {
  if (key === UNKNOWN) return view.all("aws_kms_key").length > 0 ? true : undefined;
  return typeof key === "string" && key !== "" && !/^alias\/aws\//.test(key);
}
