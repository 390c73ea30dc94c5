import { arnParts } from "../../aws/arn";
import type { ServiceName } from "../../aws/service-principals";
import type { Authorization, Authorizer } from "./authorizer";
import { serviceFor } from "./service-principal";

/** Whether the trust policy of a role lets a service assume it. A role that does not exist is denied. */
export const serviceMayAssume = (
  authorizer: Authorizer,
  service: ServiceName,
  roleArn: string,
  context: Readonly<Record<string, string>> = {},
): Promise<Authorization> =>
  authorizer.authorize({
    principal: serviceFor(service, roleArn),
    accountId: arnParts(roleArn).accountId,
    action: "sts:AssumeRole",
    resource: roleArn,
    context,
  });

/**
 * Whether the trust policy of a role lets a person assume it. It is taken for granted that the policies of the person's own
 * account allow the person to assume any role. A role that does not exist is not judged: it stands for a role that nobody has deployed, such as an
 * administrator.
 * @param callerArn ARN of a user, or of a session of a role
 */
export async function personMayAssume(
  authorizer: Authorizer,
  callerArn: string,
  roleArn: string,
  context: Readonly<Record<string, string>> = {},
): Promise<Authorization> {
  const role = await authorizer.role(roleArn);
  if (role === undefined) return { allowed: true, reason: `There is no role ${roleArn}` };
  return authorizer.authorize({
    principal: callerArn,
    accountId: arnParts(roleArn).accountId,
    action: "sts:AssumeRole",
    resource: role.arn,
    context,
    unknown: "administrator",
  });
}
