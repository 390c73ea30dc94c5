import { arnParts, isArn } from "../../aws/arn";
import type { Organization } from "../model/merged";
import type { Conflict, Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

const pathTo = (...rest: Path): Path => ["pipeline", ...rest];

/** Settings of the pipeline that contradict the rest of the map. */
export function pipelineProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { pipeline, guardrails, accounts } = organization;
  if (pipeline === null) return [];
  const { deployment, state } = map;
  const { id, role, partition } = pipeline.account;
  const first = accounts[0];
  const management = guardrails?.managementAccount;
  const arn = deployment.mode === "assume-role" && isArn(deployment.role) ? deployment.role : null;
  const found = [
    first !== undefined &&
      first.partition !== partition &&
      problem(
        map,
        pathTo("region"),
        `a region of partition ${first.partition}, like the first account's home region`,
        "name a region of that partition: no role of another partition can be assumed",
        [["accounts", "*", "homeRegion"]],
      ),
    state.backend === "local" &&
      problem(
        map,
        ["state", "backend"],
        '"s3" or "cloud" beside a pipeline: workers on other machines do not see a local directory',
        "keep the states in S3 or in HCP Terraform, or leave pipeline out",
        [["pipeline"]],
      ),
    deployment.mode === "ambient" &&
      problem(
        map,
        ["deployment", "mode"],
        '"assume-role" beside a pipeline: a worker has one identity, and reaches the accounts by their roles',
        "name a role that the workers may assume in each account, or leave pipeline out",
        [["pipeline"]],
      ),
    arn !== null &&
      role === null &&
      arnParts(arn).accountId !== id &&
      problem(
        map,
        pathTo("account", "role"),
        `the name of a role of account ${id}: deployment.role is the ARN of a role of another account`,
        "name the role that Terraform assumes in the account of the pipeline",
        [["deployment"]],
      ),
    management?.id === id &&
      management.role !== role &&
      problem(
        map,
        pathTo("account", "role"),
        "the same role as guardrails.managementAccount.role: both are of one account",
        "name the same role, or none, in both places",
        [["guardrails", "managementAccount", "role"]],
      ),
  ];
  return found.filter((one) => one !== false && one !== undefined);
}
