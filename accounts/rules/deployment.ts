import { arnParts, isArn } from "../../aws/arn";
import type { Organization } from "../model/merged";
import type { Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

/** A role by its ARN exists in one account only. */
export function deploymentProblems(map: ParsedMap, { accounts }: Organization): Conflict[] {
  const { deployment } = map;
  if (deployment.mode !== "assume-role" || !isArn(deployment.role)) return [];
  const owner = arnParts(deployment.role).accountId;
  const others = accounts.filter((account) => account.id !== owner).map((account) => account.name);
  if (others.length === 0) return [];
  return [
    problem(
      map,
      ["deployment", "role"],
      `a role name: an ARN works only for account ${owner}, and the map also has ${others.slice(0, 5).join(", ")}`,
      "give the role the same name in every account, and write that name instead of the ARN",
    ),
  ];
}
