import type { PlannedStack, Review } from "../../review/model";
import type {
  Action,
  Json,
  Marks,
  PlanChange,
  PlanJson,
  PlanResourceChange,
  ResourceValues,
} from "../../review/plan-json";
import { reviewOf } from "../../review/review";

/** Attributes of an object. */
export type Attributes = { readonly [name: string]: Json };

/** One object of a plan: its type, and what it is before and after. null: it does not exist. */
export interface Planned {
  readonly type: string;
  readonly before: Attributes | null;
  readonly after: Attributes | null;
  /** Id within the configuration. @default "This" */
  readonly name?: string;
  /** @default what `before` and `after` say */
  readonly actions?: readonly Action[];
  readonly unknown?: Marks;
  readonly sensitive?: Marks;
  readonly more?: Omit<Partial<PlanResourceChange>, "change"> & { readonly change?: Partial<PlanChange> };
}

/** The actions of an object whose type and values stay or change. */
function actionsOf({ before, after, actions }: Planned): readonly Action[] {
  if (actions !== undefined) return actions;
  if (before === null) return ["create"];
  if (after === null) return ["delete"];
  return JSON.stringify(before) === JSON.stringify(after) ? ["no-op"] : ["update"];
}

const resourceChange = (planned: Planned): PlanResourceChange => {
  const { type, name = "This", before, after, unknown = {}, sensitive = false, more } = planned;
  const { change, ...rest } = more ?? {};
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    ...rest,
    change: {
      actions: actionsOf(planned),
      before,
      after,
      after_unknown: unknown,
      before_sensitive: sensitive,
      after_sensitive: sensitive,
      ...change,
    },
  };
};

const values = (all: readonly Planned[], side: "before" | "after"): ResourceValues[] =>
  all.flatMap((planned) => {
    const attributes = planned[side];
    if (attributes === null) return [];
    const { address, mode, type, name } = resourceChange(planned);
    return [{ address, mode, type, name, values: attributes }];
  });

/** A plan of some objects, as `terraform show -json` describes it. */
export const planOf = (all: readonly Planned[], more: Partial<PlanJson> = {}): PlanJson => ({
  format_version: "1.2",
  resource_changes: all.map(resourceChange),
  prior_state: { values: { root_module: { resources: values(all, "before") } } },
  planned_values: { root_module: { resources: values(all, "after") } },
  complete: true,
  errored: false,
  ...more,
});

/** Drift of an object: `before` is what the state says, `after` is what somebody has made of it. */
export const driftOf = (planned: Planned): PlanResourceChange => resourceChange(planned);

/** A stack with a plan. @default the session stack of payments in eu-central-1 */
export const stackOf = (plan: PlanJson | null, more: Partial<PlannedStack> = {}): PlannedStack => ({
  id: "session-payments-eu-central-1",
  kind: "session",
  account: "payments",
  accountId: "444444444444",
  region: "eu-central-1",
  wave: "rest",
  plan,
  ...more,
});

/** The origin of every review in tests. */
export const ORIGIN: Review["origin"] = { commit: null, dirty: false, plannedAt: "2026-11-26T12:00:00Z" };

/** The review of one session stack with these objects. */
export const reviewOfObjects = (...all: readonly Planned[]): Review =>
  reviewOf([stackOf(planOf(all))], ORIGIN);
