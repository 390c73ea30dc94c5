import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import { names, type Place } from "../names";
import { subscriptionPolicy, subscriptionTrust, type LogSubscription } from "../policies/log-subscription";
import { AccessPolicy } from "./access-policy";

/** Which subscriptions a role serves. */
export interface SubscriptionRoleProps {
  /** The account, in its home region. */
  readonly place: Place;
  /** Subscriptions of the account, in all regions, whose destination needs a role. There is at least one. */
  readonly subscriptions: readonly LogSubscription[];
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
}

/**
 * The role that CloudWatch Logs assumes to forward the session logs of an account, from all of its regions.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @example
 * new SubscriptionRole(this, "LogSubscription", { place, subscriptions, permissionsBoundaryArn: null });
 */
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
