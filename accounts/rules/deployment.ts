import { arnParts, isArn } from "../../aws/arn";
import type { Organization } from "../model/merged";
import type { Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

/** A role by its ARN exists in one account only, and the role that plans must not be the one that deploys. */
export function deploymentProblems(map: ParsedMap, { accounts }: Organization): Conflict[] {
  const { deployment } = map;
  if (deployment.mode !== "assume-role") return [];
  const { role, planRole } = deployment;
  return [
    ...inOneAccount(map, "role", role, accounts),
    ...(planRole === undefined ? [] : inOneAccount(map, "planRole", planRole, accounts)),
    ...(planRole === role
      ? [
          problem(
            map,
            ["deployment", "planRole"],
            "another role than deployment.role: who plans must not be able to change anything",
            "name a role with the policy in docs/plan-role.json, or leave planRole out",
            [["deployment", "role"]],
          ),
        ]
      : []),
  ];
}

function inOneAccount(
  map: ParsedMap,
  setting: "role" | "planRole",
  role: string,
  accounts: Organization["accounts"],
): Conflict[] {
  if (!isArn(role)) return [];
  const owner = arnParts(role).accountId;
  const others = accounts.filter((account) => account.id !== owner).map((account) => account.name);
  if (others.length === 0) return [];
  return [
    problem(
      map,
      ["deployment", setting],
      `a role name: an ARN works only for account ${owner}, and the map also has ${others.slice(0, 5).join(", ")}`,
      "give the role the same name in every account, and write that name instead of the ARN",
    ),
  ];
}
