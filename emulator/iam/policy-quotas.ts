import { POLICY_LIMITS } from "../../aws/quotas";
import { AwsError, type Handler } from "../gateway/protocol";

/** The calls of IAM that set a policy: the parameter with the policy, the name of the quota, and its characters. */
const QUOTAS: Readonly<Record<string, readonly [parameter: string, quota: string, characters: number]>> = {
  CreateRole: ["AssumeRolePolicyDocument", "ACLSizePerRole", POLICY_LIMITS.trust],
  UpdateAssumeRolePolicy: ["PolicyDocument", "ACLSizePerRole", POLICY_LIMITS.trust],
  CreatePolicy: ["PolicyDocument", "PolicySize", POLICY_LIMITS.managed],
  CreatePolicyVersion: ["PolicyDocument", "PolicySize", POLICY_LIMITS.managed],
  // IAM counts all inline policies of a role together. Each role of the stacks has one.
  PutRolePolicy: ["PolicyDocument", "PolicySize", POLICY_LIMITS.role],
};

/**
 * Refuses policies that are longer than the quotas of IAM, which moto does not check. IAM does not count white space.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const refuseLongPolicies: Handler = ({ service, operation, body }) => {
  const quota = service === "iam" ? QUOTAS[operation] : undefined;
  if (quota === undefined) return Promise.resolve(undefined);
  const [parameter, name, characters] = quota;
  const policy = new URLSearchParams(body.toString("utf8")).get(parameter) ?? "";
  if (policy.replace(/\s/g, "").length > characters)
    throw new AwsError("LimitExceeded", `Cannot exceed quota for ${name}: ${characters}`, 409);
  return Promise.resolve(undefined);
};
