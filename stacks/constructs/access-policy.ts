import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { acceptFindings, type Reasons } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

/** What a managed policy allows, and which roles have it. */
export interface AccessPolicyProps {
  /** Name of the policy. */
  readonly name: string;
  /**
   * Description that the console shows with the policy. Changing it replaces the policy.
   * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/iam_policy.html.markdown
   */
  readonly description: string;
  /** Policy document. */
  readonly policy: Policy;
  /**
   * Names of existing roles that the policy is attached to.
   * @default [] the policy is attached to no role
   */
  readonly attachToRoles?: readonly string[];
  /** Findings of static checks that are accepted because of what the policy is for, with the reasons. */
  readonly accepted: Reasons;
}

/**
 * A customer managed policy, attached to existing roles.
 * @example
 * new AccessPolicy(this, "Operator", {
 *   name: names.operatorPolicy(place), description: "Open recorded sessions", policy,
 *   attachToRoles: ["developers"], accepted: {},
 * });
 */
export class AccessPolicy extends Construct {
  /** ARN of the policy. It is a token, so that what uses it waits for the policy. */
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    { name, description, policy, attachToRoles = [], accepted }: AccessPolicyProps,
  ) {
    super(scope, id);
    const managed = new IamPolicy(this, "Default", { name, description, policy: toJson(policy) });
    acceptFindings(managed, accepted);
    this.arn = managed.arn;
    for (const role of attachToRoles) {
      new IamRolePolicyAttachment(this, `Role-${role}`, { role, policyArn: managed.arn });
    }
  }
}
