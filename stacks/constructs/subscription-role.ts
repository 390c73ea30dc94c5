import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import { names, type Place } from "../names";
import { subscriptionPolicy, subscriptionTrust, type LogSubscription } from "../policies/log-subscription";
import { AccessPolicy } from "./access-policy";

export interface SubscriptionRoleProps {
  readonly place: Place;
  /** Those that want a role: at least one. */
  readonly subscriptions: readonly LogSubscription[];
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
}

/** The role in which CloudWatch Logs sends the session logs of an account on, from all of its regions. */
export class SubscriptionRole extends Construct {
  constructor(scope: Construct, id: string, props: SubscriptionRoleProps) {
    super(scope, id);
    const name = names.subscription(props.place);
    const role = new IamRole(this, "Default", {
      name,
      description: "CloudWatch Logs sends session logs on",
      assumeRolePolicy: toJson(subscriptionTrust(props.subscriptions)),
      ...(props.permissionsBoundaryArn !== null && { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    const policy = new AccessPolicy(this, "Policy", {
      name,
      description: "Where session logs are sent on to",
      policy: subscriptionPolicy(props.subscriptions),
      accepted: {},
    });
    new IamRolePolicyAttachment(this, "Attachment", { role: role.name, policyArn: policy.arn });
  }
}
