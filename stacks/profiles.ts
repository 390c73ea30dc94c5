import type { AccountIdentity, Organization } from "../accounts/model/organization";
import { arns } from "./names";

/** A profile of an AWS configuration file by which a provider reaches an account, or the backend reaches the states. */
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

/** Name of the profile by which Terraform reaches the states. */
export const STATES_PROFILE = "session-audit-states";

/** The roles of the states, one for each purpose; null: whoever plans reaches the states as whoever deploys does. */
export const stateRoles = ({
  state,
}: Pick<Organization, "state">): Pick<DeploymentProfile, "planRoleArn" | "roleArn"> | null =>
  state.backend === "s3" && state.roleArn !== undefined && state.planRoleArn !== undefined
    ? { planRoleArn: state.planRoleArn, roleArn: state.roleArn }
    : null;

/**
 * The profiles of an organization whose map names a role that plans; null: its map names none, and providers name the
 * role that deploys.
 */
export function profilesOf(organization: Organization): DeploymentProfile[] | null {
  const { deployment, accounts, guardrails, pipeline } = organization;
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
  const states = stateRoles(organization);
  const all = [
    ...accounts.map((account) => profile(account, null)),
    ...[management, distributing].flatMap((one) => one ?? []),
    ...(states === null ? [] : [{ name: STATES_PROFILE, ...states, externalId: null }]),
  ];
  return [...new Map(all.map((one) => [one.name, one])).values()];
}
