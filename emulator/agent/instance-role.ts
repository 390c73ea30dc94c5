import { serviceMayAssume } from "../iam/role-trust";
import { CallDenied, type CallLog } from "./call-log";

/**
 * The services that give a node the credentials of its role: EC2 with an instance profile, and Systems Manager with
 * Default Host Management or a hybrid activation.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 */
const GIVERS = ["ec2", "ssm"] as const;

/**
 * Requires that a service may give a node the credentials of its role. A role that does not exist is left to the calls that
 * the agent makes with it.
 * @param principal ARN of the session of the role with which the agent signs
 * @throws {@link CallDenied} when the trust policy of the role refuses both services
 */
export async function requireCredentials(log: CallLog, principal: string): Promise<void> {
  const role = await log.authorizer.role(principal);
  if (role === undefined) return;
  const verdicts = await Promise.all(
    GIVERS.map((giver) => serviceMayAssume(log.authorizer, giver, role.arn)),
  );
  if (verdicts.some(({ allowed }) => allowed)) return;
  const reason = verdicts.map((verdict) => verdict.reason).join("; ");
  log.calls.push({ call: "sts:AssumeRole", resource: role.arn, allowed: false, reason });
  throw new CallDenied("sts:AssumeRole", reason);
}
