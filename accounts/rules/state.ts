import type { Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

/** The role that plans for the states stands beside the one that deploys, as in the accounts, and is another role. */
export function stateProblems(map: ParsedMap): Conflict[] {
  const { state, deployment } = map;
  if (state.backend !== "s3" || state.planRoleArn === undefined) return [];
  const at = ["state", "planRoleArn"];
  if (state.roleArn === undefined) {
    return [
      problem(
        map,
        at,
        "state.roleArn beside it: a deployment has no role that writes states",
        "also name the role that writes states, or leave planRoleArn out",
        [["state", "roleArn"]],
      ),
    ];
  }
  if (state.roleArn === state.planRoleArn) {
    return [
      problem(
        map,
        at,
        "another role than state.roleArn: who plans must not be able to write states",
        "name a role with the policy in docs/state-plan-role.json, or leave planRoleArn out",
        [["state", "roleArn"]],
      ),
    ];
  }
  if (deployment.mode === "assume-role" && deployment.planRole !== undefined) return [];
  return [
    problem(
      map,
      at,
      "deployment.planRole beside it: without it, whoever plans assumes the role that deploys in each account",
      "also name the role that plans in each account, or leave planRoleArn out",
      [["deployment"]],
    ),
  ];
}
