import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import { arns, names, type Place } from "../names";
import { instanceTrust } from "../policies/instance-policy";

/** What the role of an instance profile has, and what bounds it. */
export interface InstanceProfileProps {
  /** The account, in its home region. */
  readonly place: Place;
  /** The managed policy that lets instances record sessions. */
  readonly instancePolicy: { readonly arn: string };
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
}

/**
 * An instance profile for instances that have none. Its role has the permissions that Systems Manager needs, and those
 * that recording sessions needs.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 * @example
 * new InstanceProfile(this, "InstanceProfile", { place, instancePolicy, permissionsBoundaryArn: null });
 */
export class InstanceProfile extends Construct {
  constructor(scope: Construct, id: string, props: InstanceProfileProps) {
    super(scope, id);
    const name = names.instanceProfile(props.place);
    const role = new IamRole(this, "Role", {
      name,
      description: "Instances that hold recorded sessions",
      assumeRolePolicy: toJson(instanceTrust(props.place)),
      ...(props.permissionsBoundaryArn !== null && { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    const core = new IamRolePolicyAttachment(this, "ManagedInstanceCore", {
      role: role.name,
      policyArn: arns.managedPolicy(props.place.account.partition, "AmazonSSMManagedInstanceCore"),
    });
    acceptFindings(core, {
      "AwsSolutions-IAM4": "It is AWS's own list of what its agent calls, which grows with the agent.",
    });
    new IamRolePolicyAttachment(this, "InstancePolicy", {
      role: role.name,
      policyArn: props.instancePolicy.arn,
    });
    new IamInstanceProfile(this, "Default", { name, role: role.name });
  }
}
