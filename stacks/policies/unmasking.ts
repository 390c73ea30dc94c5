import { arns } from "../names";
import type { Destinations } from "./destinations";
import { unique, type Statement } from "./policy";

/** Log groups of an account that are masked, in every region. */
function maskedGroups(all: readonly Destinations[]): string[] {
  const groups = all.flatMap(({ place, logGroup, masked }) =>
    masked && logGroup !== null ? [arns.logGroup({ ...place, region: "*" }, logGroup)] : [],
  );
  return unique(groups.flatMap((group) => [group, `${group}:*`]));
}

const refuse = (Resource: readonly string[], rest: Pick<Statement, "Condition"> = {}): Statement => ({
  Sid: "RefuseUnmasking",
  Effect: "Deny",
  Action: ["logs:Unmask"],
  Resource,
  ...rest,
});

/** Nobody with this policy sees what is masked, whatever else allows it. */
export function refuseUnmasking(all: readonly Destinations[]): Statement[] {
  const groups = maskedGroups(all);
  return groups.length > 0 ? [refuse(groups)] : [];
}

/**
 * Of those with this policy, only some roles of the account see what is masked.
 * @param roles names with paths, where `*` may stand
 */
export function letUnmask(all: readonly Destinations[], roles: readonly string[]): Statement[] {
  const groups = maskedGroups(all);
  if (groups.length === 0) return [];
  if (roles.length === 0) return [refuse(groups)];
  const roleArns = unique(all.flatMap(({ place }) => roles.map((role) => arns.role(place.account, role))));
  return [
    {
      Sid: "UnmaskSessionLogs",
      Effect: "Allow",
      Action: ["logs:Unmask"],
      Resource: groups,
      Condition: { ArnLike: { "aws:PrincipalArn": roleArns } },
    },
    refuse(groups, { Condition: { ArnNotLike: { "aws:PrincipalArn": roleArns } } }),
  ];
}
