import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";
import { iamRegion } from "../clients/partitions";
import { listOf, type PolicyDocument } from "./policy-document";

/** A role as deployed, with the policies that apply to it. */
export interface DeployedRole {
  /** The ARN, with the path of the role. */
  readonly arn: string;
  /** The unique id, `AROA…`. */
  readonly roleId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly boundary: PolicyDocument | undefined;
}

/** Reads a role and its policies from the emulated IAM; undefined when the account has no such role. */
export async function deployedRole(
  accounts: AccountClients,
  partition: string,
  accountId: string,
  RoleName: string,
): Promise<DeployedRole | undefined> {
  const { iam } = await accounts.in(accountId, iamRegion(partition));
  const role = await absentIf(
    "NoSuchEntity",
    async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role,
  );
  if (role === undefined) return undefined;
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const inline = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    arn: role.Arn ?? "",
    roleId: role.RoleId ?? "",
    tags: Object.fromEntries((role.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
    identityPolicies: await Promise.all([
      ...(attached.AttachedPolicies ?? []).map(({ PolicyArn }) => managedPolicy(iam, PolicyArn ?? "")),
      ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
        const answer = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return parsePolicy(answer.PolicyDocument);
      }),
    ]),
    boundary: boundary === undefined ? undefined : await managedPolicy(iam, boundary),
  };
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<PolicyDocument> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const version = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return parsePolicy(version.PolicyVersion?.Document);
}

/**
 * Reads a policy as an API returns it: as JSON, which IAM also URL-encodes. Only the version and the statements are kept.
 * @throws Error when the text is empty, SyntaxError when it is not JSON
 */
export function parsePolicy(text: string | undefined): PolicyDocument {
  if (text === undefined || text === "") throw new Error("The policy is empty");
  const { Version, Statement } = JSON.parse(
    text.startsWith("%") ? decodeURIComponent(text) : text,
  ) as PolicyDocument;
  return { Version, Statement: Array.isArray(Statement) ? Statement : listOf(Statement) };
}

/**
 * What `read` returns, or undefined when it fails with one of the given error codes.
 * @param codes AWS's error codes without `Exception` at the end, separated by spaces
 * @throws any other error of `read`
 */
export async function absentIf<T>(codes: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (codes.split(" ").includes(codeOf(error as Error))) return undefined;
    throw error;
  }
}

const codeOf = (error: Error): string =>
  (error instanceof AwsError ? error.code : error.name).replace(/Exception$/, "");
