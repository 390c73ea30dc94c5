import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import { arns, names, type Place } from "../names";
import { instanceTrust } from "../policies/instance-policy";

export interface InstanceProfileProps {
  readonly place: Place;
  readonly instancePolicy: { readonly arn: string };
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
}

/** A role for instances that have none: what Systems Manager needs, and what recording needs. */
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
