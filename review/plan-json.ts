/**
 * The parts of Terraform's plan JSON (`terraform show -json <plan file>`) that a review reads.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What Terraform does to one object. A replacement is `delete` and `create`, in one of both orders. */
export type Action = "no-op" | "create" | "read" | "update" | "delete" | "forget";

/**
 * Marks within a value: `true` for a whole value that is marked, or an object or array of the value's shape. Parts
 * without a mark are left out, or `false`.
 */
export type Marks = boolean | readonly Marks[] | { readonly [key: string]: Marks };

/** The change of one object. */
export interface PlanChange {
  readonly actions: readonly Action[];
  /** null before a creation. */
  readonly before: Json;
  /** null after a deletion. Values that are not known yet are left out. */
  readonly after: Json;
  readonly after_unknown?: Marks;
  readonly before_sensitive?: Marks;
  readonly after_sensitive?: Marks;
  /** Paths of the attributes that force a replacement. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  /** Present if the object is imported. */
  readonly importing?: { readonly id?: string; readonly unknown?: boolean };
}

/** One entry of `resource_changes` or `resource_drift`. */
export interface PlanResourceChange {
  readonly address: string;
  /** The former address, if a `moved` block or a renamed resource changes it. */
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider_name?: string;
  /** Present for an object that an interrupted replacement has left behind. */
  readonly deposed?: string;
  readonly change: PlanChange;
  /** Why Terraform has chosen these actions, such as `replace_because_cannot_update`. */
  readonly action_reason?: string;
}

/** A resource with its values, in `prior_state` or `planned_values`. */
export interface ResourceValues {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly values?: { readonly [attribute: string]: Json };
}

/** A module of `prior_state` or `planned_values`. session-audit's stacks have only the root module. */
export interface ModuleValues {
  readonly resources?: readonly ResourceValues[];
  readonly child_modules?: readonly ModuleValues[];
}

/** A plan as Terraform 1.10 and newer, and OpenTofu 1.10 and newer, describe it. */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly resource_changes?: readonly PlanResourceChange[];
  /** What Terraform found to be different from its state: changes that somebody made outside Terraform. */
  readonly resource_drift?: readonly PlanResourceChange[];
  readonly deferred_changes?: readonly {
    readonly reason: string;
    readonly resource_change: PlanResourceChange;
  }[];
  readonly output_changes?: { readonly [name: string]: PlanChange };
  readonly planned_values?: { readonly root_module?: ModuleValues };
  readonly prior_state?: { readonly values?: { readonly root_module?: ModuleValues } };
  /** Postconditions and `check` blocks with their results. */
  readonly checks?: readonly Json[];
  readonly complete?: boolean;
  readonly errored?: boolean;
}
