import { alternativesOf, changes, suffix, type WatchedParameters } from "./change-patterns";

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

/**
 * Event pattern for changes to what hosts need to record sessions. They have a rule of their own, so that its
 * pattern stays below EventBridge's limit. Refused attempts match as well.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 * @returns null if hosts depend on none of these resources
 */
export function hostFindings(hosts: WatchedHosts, ignoredRoles: readonly string[]) {
  const $or = alternativesOf("hosts", parametersOf(hosts));
  return $or.length === 0 ? null : changes($or, ignoredRoles);
}

const parametersOf = ({
  document,
  associationIds,
  endpointIds,
  securityGroupIds,
}: WatchedHosts): WatchedParameters => ({
  // The suffix matches the name and the ARN of the document.
  ...(document !== null && { "document for hosts": { name: [suffix(document)] } }),
  ...(associationIds.length > 0 && { association: { associationId: associationIds } }),
  ...(endpointIds.length > 0 && {
    // In CloudTrail records, the parameters of these EC2 calls have the structure of the XML of EC2's API.
    endpoint: {
      "ModifyVpcEndpointRequest.VpcEndpointId": endpointIds,
      "DeleteVpcEndpointsRequest.VpcEndpointId.content": endpointIds,
    },
  }),
  ...(securityGroupIds.length > 0 && {
    "security group of endpoints": {
      groupId: securityGroupIds,
      "ModifySecurityGroupRulesRequest.GroupId": securityGroupIds,
    },
  }),
});
