import { OrganizationsPolicy } from "@cdktf/provider-aws/lib/organizations-policy";
import { OrganizationsPolicyAttachment } from "@cdktf/provider-aws/lib/organizations-policy-attachment";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

/** What a service control policy denies, and where. */
export interface ServiceControlPolicyProps {
  /** Name of the policy. */
  readonly name: string;
  /** Description that the console shows with the policy. */
  readonly description: string;
  /** Policy document. */
  readonly policy: Policy;
  /** Ids of what the policy is attached to: the root (`r-...`), organizational units (`ou-...`) or accounts. */
  readonly attachTo: readonly string[];
}

/**
 * A service control policy, attached to the root, to organizational units or to accounts.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @example
 * new ServiceControlPolicy(this, "Records", {
 *   name: names.guardrail(place, "records"),
 *   description: "Session records stay",
 *   policy,
 *   attachTo: ["ou-a1b2-c3d4e5f6"],
 * });
 */
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
