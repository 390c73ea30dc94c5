import type { AccountIdentity, Organization } from "../accounts/model/organization";
import { arns } from "./names";

/** A profile of an AWS configuration file by which a provider reaches an account. */
export interface DeploymentProfile {
  readonly name: string;
  /** ARN of the role that plans. */
  readonly planRoleArn: string;
  /** ARN of the role that deploys. */
  readonly roleArn: string;
  readonly externalId: string | null;
}

/** The ARN of a role that a map names in an account, by its name or its ARN. */
export const roleArn = (account: AccountIdentity, role: string): string =>
  role.startsWith("arn:") ? role : arns.role(account, role);

/**
 * The name of the profile by which a provider reaches an account.
 * @param role role of the management account or of the account of the pipeline, if the map gives it one of its own; null otherwise
 */
export const profileName = ({ id }: Pick<AccountIdentity, "id">, role: string | null): string =>
  role === null ? `session-audit-${id}` : `session-audit-${id}-management`;

/**
 * The profiles of an organization whose map names a role that plans; null: its map names none, and providers name the
 * role that deploys.
 */
export function profilesOf({
  deployment,
  accounts,
  guardrails,
  pipeline,
}: Organization): DeploymentProfile[] | null {
  if (deployment.mode !== "assume-role" || deployment.planRole === undefined) return null;
  const { role, planRole, externalId = null } = deployment;
  const profile = (account: AccountIdentity, own: string | null): DeploymentProfile => ({
    name: profileName(account, own),
    planRoleArn: roleArn(account, planRole),
    roleArn: roleArn(account, own ?? role),
    externalId,
  });
  const management = guardrails && profile(guardrails.managementAccount, guardrails.managementAccount.role);
  const distributing = pipeline && profile(pipeline.account, pipeline.account.role);
  const all = [
    ...accounts.map((account) => profile(account, null)),
    ...[management, distributing].flatMap((one) => one ?? []),
  ];
  return [...new Map(all.map((one) => [one.name, one])).values()];
}
