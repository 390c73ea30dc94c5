import { byOthersThan, VIA_CLOUDTRAIL } from "./security-patterns";

/** What hosts record with and how they reach where records go, by what the calls that change it name. */
export interface WatchedHosts {
  /** Name of the Command document that instances run; null: none. */
  readonly document: string | null;
  /** Ids of State Manager associations: AWS makes them up. */
  readonly associationIds: readonly string[];
  /** Ids of VPC endpoints, which AWS makes up too. */
  readonly endpointIds: readonly string[];
  /** Ids of those endpoints' security groups. */
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
            // By its name or its ARN.
            { name: [{ suffix: document }] },
          ),
        ]),
    ...(associationIds.length === 0
      ? []
      : [ssm(["UpdateAssociation", "DeleteAssociation"], { associationId: associationIds })]),
    ...(endpointIds.length === 0
      ? []
      : [
          // CloudTrail shows these two calls of EC2 as they are in XML.
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
 * Changes to what hosts need to record, in a pattern of their own: that of tampering has little room left.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 * @returns null where there is nothing to watch
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
