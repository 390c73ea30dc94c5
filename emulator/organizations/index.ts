import type { Room } from "../gateway/protocol";
import type { Organization } from "../iam/authorizer";
import type { Core } from "../iam/core";
import { organizationsApi } from "./organizations-api";
import type { ServiceControlPolicies } from "./service-control-policies";

/**
 * AWS Organizations beyond moto: service control policies.
 * @param policies the service control policies that the authorizer reads
 */
export function organizationsRoom(
  { identities }: Core,
  policies: ServiceControlPolicies,
  organization: Organization | undefined,
): Room {
  return { handlers: [organizationsApi(policies, organization, identities)] };
}
