import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../json";
import { arns, names, type Place } from "../names";
import { chatTrustPolicy } from "../policies/chat-policy";

export interface ChatRoleProps {
  readonly place: Place;
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
}

/** The role that a chat configuration must name. It has no policy: to be told, a channel needs no permission. */
export class ChatRole extends Construct {
  /** Computed from the name. */
  readonly arn: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { place, permissionsBoundaryArn }: ChatRoleProps) {
    super(scope, id);
    this.arn = arns.role(place.account, names.chatRole(place));
    this.ready = [
      new IamRole(this, "Default", {
        name: names.chatRole(place),
        description: "Named by the chat channels of session-audit; it may do nothing",
        assumeRolePolicy: toJson(chatTrustPolicy(place)),
        ...(permissionsBoundaryArn !== null && { permissionsBoundary: permissionsBoundaryArn }),
      }),
    ];
  }
}
