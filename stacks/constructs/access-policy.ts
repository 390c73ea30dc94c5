import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { acceptFindings, type Reasons } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

export interface AccessPolicyProps {
  readonly name: string;
  readonly description: string;
  readonly policy: Policy;
  /** Names of existing roles that get the policy. */
  readonly attachToRoles?: readonly string[];
  /** Findings of static checks that stand because of what the policy is for. */
  readonly accepted: Reasons;
}

/** A managed policy of the account, attached to roles that are there already. */
export class AccessPolicy extends Construct {
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
