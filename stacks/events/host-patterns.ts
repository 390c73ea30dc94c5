import { byOthersThan, VIA_CLOUDTRAIL } from "./security-patterns";

/**
 * Resources that hosts need to record sessions and to reach the destinations of records, as the calls that change
 * them identify them.
 */
export interface WatchedHosts {
  /** Name of the Command document that instances run; null: they run none. */
  readonly document: string | null;
  /** Ids of State Manager associations, which AWS makes up. */
  readonly associationIds: readonly string[];
  /** Ids of VPC endpoints, which AWS makes up. */
  readonly endpointIds: readonly string[];
  /** Ids of the security groups of these endpoints. */
  readonly securityGroupIds: readonly string[];
}

type Alternative = Readonly<Record<string, unknown>>;

function alternatives(hosts: WatchedHosts): Alternative[] {
  const { document, associationIds, endpointIds, securityGroupIds } = hosts;
  const on =
    (service: string) =>
    (eventName: readonly string[], requestParameters: object): Alternative => ({
      eventSource: [`${service}.amazonaws.com`],
      eventName,
      requestParameters,
    });
  const ssm = on("ssm");
  const ec2 = on("ec2");
  return [
    ...(document === null
      ? []
      : [
          ssm(
            ["UpdateDocument", "UpdateDocumentDefaultVersion", "DeleteDocument", "ModifyDocumentPermission"],
            // The suffix matches the name and the ARN of the document.
            { name: [{ suffix: document }] },
          ),
        ]),
    ...(associationIds.length === 0
      ? []
      : [ssm(["UpdateAssociation", "DeleteAssociation"], { associationId: associationIds })]),
    ...(endpointIds.length === 0
      ? []
      : [
          // In CloudTrail records, the parameters of these two EC2 calls have the structure of the XML of EC2's API.
          ec2(["ModifyVpcEndpoint"], { ModifyVpcEndpointRequest: { VpcEndpointId: endpointIds } }),
          ec2(["DeleteVpcEndpoints"], {
            DeleteVpcEndpointsRequest: { VpcEndpointId: { content: endpointIds } },
          }),
        ]),
    ...(securityGroupIds.length === 0
      ? []
      : [
          ec2(["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"], {
            groupId: securityGroupIds,
          }),
        ]),
  ];
}

/**
 * Event pattern for changes to what hosts need to record sessions. They have a rule of their own, so that its
 * pattern stays below EventBridge's limit. Refused attempts match as well.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 * @returns null if hosts depend on none of these resources
 */
export function hostFindings(hosts: WatchedHosts, ignoredRoles: readonly string[]) {
  const $or = alternatives(hosts);
  if ($or.length === 0) return null;
  return {
    source: ["aws.ssm", "aws.ec2"],
    ...VIA_CLOUDTRAIL,
    detail: { ...byOthersThan(ignoredRoles), $or },
  };
}
