import type { AccountIdentity, Organization } from "../../accounts/model/organization";
import { oncePer } from "../../accounts/model/once-per";
import { arnParts } from "../../aws/arn";
import { arns } from "../names";
import { unique, type Principal, type Statement } from "./policy";

/** The accounts that write to a central bucket: an organization by its id, or a list of ARNs of account roots. */
export type Members = { readonly organizationId: string } | { readonly accountRoots: readonly string[] };

/**
 * The principal and the condition of a statement that is for the members, except for the account that owns the
 * resource. Within one account, the policy of a resource suffices: a statement for everybody in the organization would
 * give every role of the owner's account what it allows, without a policy of the role's own.
 * @param owner account of the resource
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @example admit({ organizationId: "o-a1b2c3d4e5" }, place.account)
 */
export function admit(
  members: Members,
  owner: Pick<AccountIdentity, "id">,
): Required<Pick<Statement, "Principal" | "Condition">> {
  const others = { StringNotEquals: { "aws:PrincipalAccount": owner.id } };
  return "organizationId" in members
    ? {
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": members.organizationId }, ...others },
      }
    : { Principal: { AWS: members.accountRoots }, Condition: others };
}

/**
 * The accounts of some roles, as the principal of a statement whose condition names the roles (`isOneOf`). A
 * principal that names a role has two drawbacks: AWS rejects the policy while the role does not exist, and a role
 * that is deleted and created anew silently loses its access.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
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

/** A condition that is true for some roles. @param roleArns ARNs of roles, where `*` may stand */
export const isOneOf = (roleArns: readonly string[]) => ({ ArnLike: { "aws:PrincipalArn": roleArns } });

/** ARNs of all roles that may read transcripts, wherever the map names them. `*` may stand in them. */
export const readersOf = oncePer(
  ({ accounts, targets, archives }: Organization): readonly string[] =>
    unique(
      [...accounts, ...targets, ...archives].flatMap(({ settings: { transcripts } }) => [
        ...transcripts.readers,
        ...transcripts.organizationReaders,
      ]),
    ),
  "readers",
);

/** The same ARNs, by the account of the roles. */
export const readersByAccount = oncePer(
  (organization: Organization): ReadonlyMap<string, readonly string[]> => {
    const found = new Map<string, string[]>();
    for (const arn of readersOf(organization)) {
      const { accountId } = arnParts(arn);
      const others = found.get(accountId) ?? [];
      others.push(arn);
      found.set(accountId, others);
    }
    return found;
  },
  "readers by account",
);

/**
 * The accounts that write to an archive: the whole organization if the map has its id, else every account of the
 * map.
 */
export const membersOf = ({ id, accounts }: Organization): Members =>
  id === null ? { accountRoots: accounts.map((account) => arns.root(account)) } : { organizationId: id };
