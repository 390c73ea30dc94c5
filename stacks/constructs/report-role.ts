import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import { names, type Place } from "../names";
import type { Policy } from "../policies/policy";
import { reportTrust } from "../policies/report-policy";
import { AccessPolicy } from "./access-policy";

/** What the report role of an account reads, and who assumes it. */
export interface ReportRoleProps {
  /** The account, in its home region. */
  readonly place: Place;
  /** ARNs of the roles that assume it, where `*` may stand. There is at least one. */
  readonly reporters: readonly string[];
  /** What the role may read: the policy of `reportPolicy`. */
  readonly policy: Policy;
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
}

/**
 * The role that `session-audit report` assumes in an account. It reads, and sees no content of a session.
 * @example
 * new ReportRole(this, "ReportRole", {
 *   place, reporters: access.reporters, policy: reportPolicy(organization, account), permissionsBoundaryArn: null,
 * });
 */
export class ReportRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ReportRoleProps) {
    super(scope, id);
    const name = names.report(props.place);
    const role = new IamRole(this, "Default", {
      name,
      description: "Reports on sessions: reads which there were and which records exist",
      assumeRolePolicy: toJson(reportTrust(props.reporters)),
      ...(props.permissionsBoundaryArn !== null && { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    acceptFindings(role, {
      CKV_AWS_61:
        "The condition names the roles. A principal that names a role fails while the role does not exist, and loses a role that is created anew.",
    });
    const policy = new AccessPolicy(this, "Policy", {
      name,
      description: "What session-audit report reads",
      policy: props.policy,
      accepted: {},
    });
    new IamRolePolicyAttachment(this, "Attachment", { role: role.name, policyArn: policy.arn });
    this.arn = role.arn;
  }
}
