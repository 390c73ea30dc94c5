import { createdServices, trafficOf } from "../../accounts/model/endpoints";
import type { Organization, Target } from "../../accounts/model/organization";
import { renderPath, type Conflict, type Path } from "../../accounts/reading/problems";
import { hostFindings } from "../events/host-patterns";
import { names, placeOf } from "../names";
import { endpointPolicy, reachOf } from "../policies/endpoint-policy";
import { POLICY_LIMITS } from "../policies/policy";

/** Characters of an EventBridge rule's pattern. */
const EVENT_PATTERN_LIMIT = 4_096;

/** As long as ids that AWS makes up. */
const ANY_ASSOCIATION = "01234567-89ab-cdef-0123-456789abcdef";
const ANY_ENDPOINT = "vpce-0123456789abcdef0";
const ANY_GROUP = "sg-0123456789abcdef0";

/** A problem, and how many times as large as its limit something is. */
type Oversize = Conflict & { readonly times: number };

/** What AWS would refuse about the sizes of what hosts need. */
export const hostLimits = (organization: Organization): Oversize[] =>
  organization.targets.flatMap((target) => [
    ...endpointPolicies(organization, target),
    ...hostPattern(organization, target),
  ]);

const endpointPolicies = (organization: Organization, target: Target): Oversize[] =>
  target.settings.network.flatMap((vpc) =>
    createdServices(trafficOf(target), vpc).flatMap((service) =>
      tooLong(
        target,
        `the policy of the endpoint for ${service} in ${vpc.vpcId}`,
        endpointPolicy(service, reachOf(organization, target, vpc)),
        POLICY_LIMITS.endpoint,
        "name fewer buckets, or share the VPC with fewer accounts",
      ),
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
  const remedy = "give endpoints to fewer VPCs, or share one VPC among accounts";
  return tooLong(target, "the pattern of the rule for hosts", pattern ?? {}, EVENT_PATTERN_LIMIT, remedy);
}

function tooLong(
  { account, region }: Target,
  what: string,
  value: object,
  limit: number,
  remedy: string,
): Oversize[] {
  const size = JSON.stringify(value).length;
  if (size <= limit) return [];
  const at: Path = ["accounts", account.name, "regions", region, "network"];
  return [
    {
      path: renderPath(at),
      found: `${size} characters`,
      allowed: `what fits into ${what}: it would have ${size} characters, and AWS takes ${limit}`,
      remedy,
      at,
      because: [["network"], ["transcripts"], ["notifications", "security"], ["accounts", "*", "regions"]],
      times: size / limit,
    },
  ];
}
