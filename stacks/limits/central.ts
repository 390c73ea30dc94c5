import { centralSites } from "../../accounts/model/central";
import type { ArchiveSite, Organization } from "../../accounts/model/organization";
import { describeValue } from "../../accounts/reading/problems";
import { EVENT_PATTERN_LIMIT, POLICY_LIMITS, ROLE_NAME_LIMIT } from "../../aws/quotas";
import { centralTampering } from "../events/central-patterns";
import { forwardingOf, type ForwardingChannel } from "../events/forwarding";
import { names, placeOf } from "../names";
import { centralBusPolicy } from "../policies/central-policy";
import { membersOf } from "../policies/principals";
import { KNOW_THE_ORGANIZATION, longName, overLimit, type Oversize } from "./oversize";

/** This id is as long as ids that AWS creates. */
const ANY_KEY_ID = "mrk-0123456789abcdef0123456789abcdef";

/** The names, policies and event patterns of the central channel that AWS would refuse, because they are too long. */
export const centralLimits = (organization: Organization): Oversize[] => [
  ...centralSites(organization).flatMap((site) => ofSite(organization, site)),
  ...channelsOf(organization).flatMap((channel) => ofRole(organization, channel)),
];

function ofSite(organization: Organization, site: ArchiveSite): Oversize[] {
  const place = placeOf(organization, site);
  const key = { keyId: ANY_KEY_ID, keyAlias: names.centralKeyAlias(place) };
  return [
    ...overLimit({
      what: "the policy of the central bus",
      document: centralBusPolicy(place, membersOf(organization)),
      limit: POLICY_LIMITS.eventBus,
      path: ["organization", "id"],
      found: organization.id ?? undefined,
      remedy: KNOW_THE_ORGANIZATION,
    }),
    ...overLimit({
      what: "the pattern of the rule for the central channel",
      document: centralTampering(place, key, site.settings.notifications.security.ignoredRoles),
      limit: EVENT_PATTERN_LIMIT,
      path: ["notifications", "security", "ignoredRoles"],
      remedy: "ignore fewer roles, or roles with shorter paths; shorten the organization's name",
    }),
  ];
}

const ofRole = (organization: Organization, channel: ForwardingChannel): Oversize[] => {
  const forwarding = forwardingOf(organization, channel);
  if (forwarding === null) return [];
  const { name } = forwarding.role;
  return longName({
    organization: organization.name,
    what: `the role ${describeValue(name)} of the central channel`,
    name,
    limit: ROLE_NAME_LIMIT,
    service: "IAM",
  });
};

/** Every security channel of an organization. */
const channelsOf = (organization: Organization): ForwardingChannel[] => {
  const { targets, archives, replicas } = organization;
  const at = (where: ForwardingChannel["at"]) => ({ at: where, place: placeOf(organization, where) });
  return [
    ...targets.map((target) => ({ kind: "target" as const, ...at(target), ownsBucket: !target.usesArchive })),
    ...archives.map((site) => ({ kind: "archive" as const, ...at(site), ownsBucket: true })),
    ...replicas.map((replica) => ({
      kind: "replica" as const,
      at: replica,
      place: placeOf(organization, replica.source),
      ownsBucket: false,
    })),
  ];
};
