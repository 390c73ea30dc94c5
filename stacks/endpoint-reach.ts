import type { Vpc } from "../accounts/endpoints";
import type { Organization, Target } from "../accounts/organization";
import { destinationsOf } from "./policies/destinations";
import type { EndpointReach } from "./policies/endpoint-policy";

/** Who goes through the endpoints of a target's VPC, and how far. */
export const reachOf = (organization: Organization, target: Target, vpc: Vpc): EndpointReach => ({
  users: [
    target,
    ...organization.targets.filter(
      ({ account, region }) => region === target.region && vpc.sharedWith.includes(account.name),
    ),
  ].map((user) => destinationsOf(organization, user)),
  reach: vpc.reach,
  buckets: vpc.buckets,
  organizationId: organization.id,
});
