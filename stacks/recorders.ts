import type { ArchiveSite, Organization, Target } from "../accounts/organization";
import { activityNames, names, placeOf, securityNames, type ChannelNames, type Place } from "./names";
import { destinationsOf } from "./policies/destinations";
import type { Recorders } from "./security-patterns";

/** Channels that are on in a target, the activity channel first. */
export const channelsOf = ({ settings }: Pick<Target, "settings">, place: Place): ChannelNames[] => [
  ...(settings.notifications.activity.enabled ? [activityNames(place)] : []),
  ...(settings.notifications.security.enabled ? [securityNames(place, "target")] : []),
];

/**
 * What records in a target, and so must not be changed unnoticed.
 * @param keyId id of the target's key, known after it is created; null: there is none
 */
export function recordersOf(organization: Organization, target: Target, keyId: string | null): Recorders {
  const place = placeOf(organization, target);
  const { encryption, transcripts } = target.settings;
  const account = organization.accounts.find(({ id }) => id === target.account.id)!;
  const destinations = destinationsOf(organization, target);
  const ownTrail = account.settings.trail === "create";
  const ownBuckets =
    target.usesArchive || destinations.transcripts === null ? [] : [destinations.transcripts.bucket];
  const accessLogs =
    ownBuckets.length > 0 && transcripts.bucket === "create" && transcripts.accessLogs === "create"
      ? [names.accessLogBucket(place)]
      : [];
  return {
    preferences: true,
    logGroup: destinations.logGroup,
    buckets: [
      ...ownBuckets,
      ...accessLogs,
      // A trail's bucket lies in the home region, where its calls are reported.
      ...(ownTrail && target.region === account.homeRegion
        ? [names.trailBucket(place), names.trailAccessLogBucket(place)]
        : []),
    ],
    keyId,
    keyAlias: encryption.mode === "customer-managed" ? names.keyAlias(place) : null,
    trail: ownTrail ? names.trail(place) : "any",
    namePrefix: names.prefix(place),
  };
}

/** What records in an archive. @param keyId id of its key; null: there is none */
export function archiveRecordersOf(
  organization: Organization,
  site: ArchiveSite,
  keyId: string | null,
): Recorders {
  const place = placeOf(organization, site);
  const { encryption, transcripts } = site.settings;
  return {
    preferences: false,
    logGroup: null,
    buckets: [
      names.transcriptBucket(place),
      ...(transcripts.accessLogs === "create" ? [names.accessLogBucket(place)] : []),
    ],
    keyId,
    keyAlias: encryption.mode === "customer-managed" ? names.archiveKeyAlias(place) : null,
    trail: "any",
    namePrefix: names.prefix(place),
  };
}
