import type { Organization } from "../../accounts/model/organization";
import { arns } from "../names";
import { unique, type Principal, type Statement } from "./policy";

/** Who may write to a central bucket: an organization by id, or accounts one by one. */
export type Members = { readonly organizationId: string } | { readonly accountRoots: readonly string[] };

/** Principal and condition that admit the members and nobody else; accounts one by one need no condition. */
export const admit = (members: Members): Pick<Statement, "Principal" | "Condition"> =>
  "organizationId" in members
    ? { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": members.organizationId } } }
    : { Principal: { AWS: members.accountRoots } };

/**
 * The accounts of some roles, as principals. Roles are named in a condition on `aws:PrincipalArn` instead
 * of the principal itself: AWS refuses a policy that names a role which is not there yet, and a role that
 * is deleted and made again would silently lose its access.
 */
export function accountsOf(roleArns: readonly string[]): Principal {
  return {
    AWS: unique(
      roleArns.map((role) => {
        const [, partition, , , account] = role.split(":");
        return `arn:${partition}:iam::${account}:root`;
      }),
    ),
  };
}

/** Holds for these roles, where `*` may stand in their ARNs. */
export const isOneOf = (roleArns: readonly string[]) => ({ ArnLike: { "aws:PrincipalArn": roleArns } });

/** Every account of the map; by the organization's id where the map knows it. */
export const membersOf = ({ id, accounts }: Organization): Members =>
  id === null ? { accountRoots: accounts.map((account) => arns.root(account)) } : { organizationId: id };
