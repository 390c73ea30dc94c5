import { createdServices, trafficOf } from "../../accounts/model/endpoints";
import type { Organization, Target } from "../../accounts/model/organization";
import { EVENT_PATTERN_LIMIT, POLICY_LIMITS } from "../../aws/quotas";
import { hostFindings } from "../events/host-patterns";
import { names, placeOf } from "../names";
import { endpointPolicy, reachOf } from "../policies/endpoint-policy";
import { measuredOnce, type Alike } from "./alike";
import { overLimit, type Measured, type Oversize } from "./oversize";

/** These ids are as long as ids that AWS creates. */
const ANY_ASSOCIATION = "01234567-89ab-cdef-0123-456789abcdef";
const ANY_ENDPOINT = "vpce-0123456789abcdef0";
const ANY_GROUP = "sg-0123456789abcdef0";

/** The endpoint policies, and the event patterns about instances, that AWS would refuse, because they are too long. */
export const hostLimits = (organization: Organization, { ofTarget }: Alike): Oversize[] =>
  measuredOnce(organization.targets, ofTarget, (target) => [
    ...endpointPolicies(organization, target),
    ...hostPattern(organization, target),
  ]);

const endpointPolicies = (organization: Organization, target: Target): Oversize[] =>
  target.settings.network.flatMap((vpc) =>
    createdServices(trafficOf(target), vpc).flatMap((service) =>
      inNetwork(target, {
        what: `the policy of the endpoint for ${service} in ${vpc.vpcId}`,
        document: endpointPolicy(service, reachOf(organization, target, vpc)),
        limit: POLICY_LIMITS.endpoint,
        remedy: "name fewer buckets, or share the VPC with fewer accounts",
      }),
    ),
  );

function hostPattern(organization: Organization, target: Target): Oversize[] {
  const { network, notifications, prerequisites } = target.settings;
  if (!notifications.security.enabled) return [];
  const pattern = hostFindings(
    {
      document: names.linuxTools(placeOf(organization, target)),
      associationIds: prerequisites.maintain.map(() => ANY_ASSOCIATION),
      endpointIds: network.flatMap((vpc) => createdServices(trafficOf(target), vpc).map(() => ANY_ENDPOINT)),
      securityGroupIds: network.map(() => ANY_GROUP),
    },
    notifications.security.ignoredRoles,
  );
  return inNetwork(target, {
    what: "the pattern of the rule for hosts",
    document: pattern ?? {},
    limit: EVENT_PATTERN_LIMIT,
    remedy: "give endpoints to fewer VPCs, or share one VPC among accounts",
  });
}

const inNetwork = (
  { account, region }: Target,
  measured: Pick<Measured, "what" | "document" | "limit" | "remedy">,
): Oversize[] =>
  overLimit({
    ...measured,
    path: ["accounts", account.name, "regions", region, "network"],
    because: [["network"], ["transcripts"], ["notifications", "security"], ["accounts", "*", "regions"]],
  });
