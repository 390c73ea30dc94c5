import { centralChannels, centralSites } from "../../accounts/model/central";
import {
  accountBehind,
  type ArchiveSite,
  type CentralSite,
  type Organization,
  type Target,
} from "../../accounts/model/organization";
import { describeValue } from "../../accounts/reading/problems";
import { EVENT_PATTERN_LIMIT, POLICY_LIMITS, ROLE_NAME_LIMIT } from "../../aws/quotas";
import { centralTampering } from "../events/central-patterns";
import {
  accountForwardingOf,
  activityForwardingOf,
  forwardingOf,
  type AccountForwarding,
  type ForwardingChannel,
} from "../events/forwarding";
import { channelNames, chatTopic, names, placeOf, type CentralKind, type Place } from "../names";
import { centralBusPolicy, centralKeyPolicy } from "../policies/central-policy";
import { tellingGuards } from "../policies/guard-policy";
import { membersOf } from "../policies/principals";
import { measuredOnce, type Alike } from "./alike";
import { KNOW_THE_ORGANIZATION, longName, overLimit, type Oversize } from "./oversize";

/** This id is as long as ids that AWS creates. */
const ANY_KEY_ID = "mrk-0123456789abcdef0123456789abcdef";

/** The names, policies and event patterns of the central channel that AWS would refuse, because they are too long. */
export const centralLimits = (organization: Organization, { ofTarget, ofAccount }: Alike): Oversize[] => [
  ...centralSites(organization).flatMap((site) => ofSite(organization, site, ["central"])),
  ...(organization.central === null
    ? []
    : ofSite(
        organization,
        organization.central,
        centralChannels(organization).map((channel) => `all-${channel}` as const),
      )),
  ...measuredOnce(organization.targets, ofTarget, (target) => [
    ...ofRole(organization, activityForwardingOf(organization, target)),
    ...ofRole(organization, forwardingOf(organization, targetChannel(organization, target))),
  ]),
  ...otherChannels(organization).flatMap((channel) =>
    ofRole(organization, forwardingOf(organization, channel)),
  ),
  ...measuredOnce(organization.accounts, ofAccount, (account) =>
    ofRole(organization, accountForwardingOf(organization, account)),
  ),
];

function ofSite(
  organization: Organization,
  site: ArchiveSite | CentralSite,
  kinds: readonly CentralKind[],
): Oversize[] {
  const place = placeOf(organization, site);
  const members = membersOf(organization);
  const byMembers = {
    path: ["organization", "id"],
    found: organization.id ?? undefined,
    remedy: KNOW_THE_ORGANIZATION,
  };
  const watched = kinds.map((kind) => ({
    bus: names.centralBus({ kind, place }),
    key: { keyId: ANY_KEY_ID, keyAlias: names.centralKeyAlias({ kind, place }) },
  }));
  return [
    ...kinds.flatMap((kind) =>
      overLimit({
        what: "the policy of the central bus",
        document: centralBusPolicy({ kind, place }, members),
        limit: POLICY_LIMITS.eventBus,
        ...byMembers,
      }),
    ),
    ...(kinds.includes("all-security") && tellingGuards(organization) !== null
      ? overLimit({
          what: "the policy of the central key",
          document: centralKeyPolicy(place, topicsFor(place), reportersOf(organization, site), members),
          limit: POLICY_LIMITS.key,
          ...byMembers,
        })
      : []),
    ...overLimit({
      what: "the pattern of the rule for the central channel",
      document: centralTampering(watched, site.settings.notifications.security.ignoredRoles),
      limit: EVENT_PATTERN_LIMIT,
      path: ["notifications", "security", "ignoredRoles"],
      remedy: "ignore fewer roles, or roles with shorter paths; shorten the organization's name",
    }),
  ];
}

const reportersOf = (organization: Organization, { account }: ArchiveSite | CentralSite) =>
  accountBehind(organization, account).settings.access.reporters;

/** Names of the topics for findings, the one for chat included. */
function topicsFor(place: Place): string[] {
  const { topic } = channelNames({ kind: "all-security", place });
  return [topic, chatTopic(topic)];
}

const ofRole = (organization: Organization, forwarding: AccountForwarding | null): Oversize[] => {
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

/** The security channel of a target. */
const targetChannel = (organization: Organization, target: Target): ForwardingChannel => ({
  kind: "target",
  at: target,
  place: placeOf(organization, target),
  ownsBucket: !target.usesArchive,
});

/** The security channels of archives and replicas. */
const otherChannels = (organization: Organization): ForwardingChannel[] => [
  ...organization.archives.map((site) => ({
    kind: "archive" as const,
    at: site,
    place: placeOf(organization, site),
    ownsBucket: true,
  })),
  ...organization.replicas.map((replica) => ({
    kind: "replica" as const,
    at: replica,
    place: placeOf(organization, replica.source),
    ownsBucket: false,
  })),
];
