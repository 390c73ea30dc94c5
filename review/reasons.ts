import type { PlanResourceChange } from "./plan-json";
import { pathText, type Step } from "./values";

/**
 * Terraform's `action_reason` in plain words. A reason that a newer Terraform adds is shown as it is.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is marked as damaged: a former apply failed after creating it",
  replace_by_request: "the plan was made with -replace",
  replace_by_triggers: "an object changes on which it depends (replace_triggered_by)",
  replace_because_cannot_update: "AWS cannot change it in place",
  delete_because_no_resource_config: "the configuration no longer has it",
  delete_because_no_module: "the configuration no longer has its module",
  delete_because_wrong_repetition: "the configuration repeats it in another way (count, for_each)",
  delete_because_count_index: "the count of the configuration is smaller now",
  delete_because_each_key: "the configuration no longer has its key in for_each",
  delete_because_no_move_target: "it was moved to an address that the configuration does not have",
  read_because_config_unknown: "what it reads is known only after the apply",
  read_because_dependency_pending: "it reads what this plan changes",
  read_because_check_nested: "a check reads it in each apply",
};

/**
 * Why a change is deferred.
 * @see https://github.com/hashicorp/terraform/blob/v1.11/internal/providers/provider.go
 */
const DEFERRALS: Readonly<Record<string, string>> = {
  instance_count_unknown: "how many there will be is known only after an apply",
  resource_config_unknown: "its configuration is known only after an apply",
  provider_config_unknown: "the configuration of its provider is known only after an apply",
  absent_prereq: "it needs something that does not exist yet",
  deferred_prereq: "it depends on a change that is deferred itself",
};

/** Why a change is deferred, in plain words. */
export const deferralReason = (reason: string): string => DEFERRALS[reason] ?? reason;

/** Why Terraform has chosen to replace, delete or read an object, in plain words. undefined: there is no reason to say. */
export function reasonOf({ action_reason, deposed, change }: PlanResourceChange): string | undefined {
  if (deposed !== undefined) return "an interrupted replacement has left it behind";
  if (action_reason === undefined) return undefined;
  const reason = REASONS[action_reason] ?? action_reason;
  const paths = (change.replace_paths ?? []).map((path) => pathText(path as readonly Step[]));
  return paths.length === 0 ? reason : `${reason}: ${paths.join(", ")}`;
}
