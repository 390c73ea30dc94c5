import type { Room } from "../gateway/protocol";
import type { Organization } from "../iam/authorizer";
import type { Core } from "../iam/core";
import { organizationsApi } from "./organizations-api";
import type { OrganizationDirectory } from "./directory";
import type { ServiceControlPolicies } from "./service-control-policies";

/**
 * AWS Organizations beyond moto: service control policies, and the tree of accounts.
 * @param policies the service control policies that the authorizer reads
 * @param directory undefined: moto lists the organization
 */
export function organizationsRoom(
  { identities }: Core,
  policies: ServiceControlPolicies,
  organization: Organization | undefined,
  directory: OrganizationDirectory | undefined,
): Room {
  return { handlers: [organizationsApi(policies, organization, identities, directory)] };
}
