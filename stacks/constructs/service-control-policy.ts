import { OrganizationsPolicy } from "@cdktf/provider-aws/lib/organizations-policy";
import { OrganizationsPolicyAttachment } from "@cdktf/provider-aws/lib/organizations-policy-attachment";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

export interface ServiceControlPolicyProps {
  readonly name: string;
  readonly description: string;
  readonly policy: Policy;
  /** Ids of organizational units, of the root, or of accounts. */
  readonly attachTo: readonly string[];
}

/** A service control policy, attached to parts of the organization. */
export class ServiceControlPolicy extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, description, policy, attachTo }: ServiceControlPolicyProps,
  ) {
    super(scope, id);
    const made = new OrganizationsPolicy(this, "Default", {
      name,
      description,
      type: "SERVICE_CONTROL_POLICY",
      content: toJson(policy),
    });
    for (const targetId of attachTo) {
      new OrganizationsPolicyAttachment(this, `Target-${targetId}`, { policyId: made.id, targetId });
    }
  }
}
