import { centralChannels } from "../../accounts/model/central";
import { chatOf, chatUsesOf } from "../../accounts/model/chat";
import {
  accountBehind,
  type ArchiveSite,
  type CentralSite,
  type Organization,
  type Replica,
  type Target,
} from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { arns, channelNames, chatTopic, names, type Place, placeOf, topicArn } from "../names";
import { destinationsOf } from "../policies/destinations";
import { unique } from "../policies/policy";
import { recordingsOf } from "../policies/recording-policy";
import type { WatchedResources } from "./security-patterns";

/** ARNs of the topics of a target's enabled channels: first activity, then security, then their topics for chat. */
export function topicsOf({ settings }: Pick<Target, "settings">, place: Place): string[] {
  const { activity, security } = settings.notifications;
  const topics = {
    activity: channelNames({ kind: "activity", place }).topic,
    security: channelNames({ kind: "target", place }).topic,
  };
  return unique([
    ...ownTopic(place, activity, topics.activity),
    ...ownTopic(place, security, topics.security),
    ...(["activity", "security"] as const)
      .filter((channel) => chatOf(settings, channel).length > 0)
      .map((channel) => arns.topic(place, chatTopic(topics[channel]))),
  ]);
}

/** The ARN of a channel's topic; empty if the channel is off or has no topic. */
function ownTopic(
  place: Place,
  channel: Settings["notifications"]["activity" | "security"],
  created: string,
): string[] {
  const arn = channel.enabled ? topicArn(place, channel, created) : null;
  return arn === null ? [] : [arn];
}

/** ARNs of the topics of an archive's security channel, the one for chat last. Empty if the channel is off. */
export const archiveTopicsOf = ({ settings }: Pick<ArchiveSite, "settings">, place: Place) =>
  securityTopicsOf(settings, place, channelNames({ kind: "archive", place }).topic);

/** ARNs of the topics of the central channel beside an archive, the one for chat last. */
export const centralTopicsOf = ({ settings }: Pick<ArchiveSite, "settings">, place: Place) =>
  securityTopicsOf(settings, place, channelNames({ kind: "central", place }).topic);

/** ARNs of the topics of a replica's security channel, the one for chat last. Empty if the channel is off. */
export const replicaTopicsOf = ({ settings }: Pick<Replica, "settings">, place: Place, source: Place) =>
  securityTopicsOf(settings, place, channelNames({ kind: "replica", place: source }).topic);

/** @param created name of the topic if it is created; the name of the topic for chat begins with it */
function securityTopicsOf(settings: Settings, place: Place, created: string): string[] {
  const { security } = settings.notifications;
  return [
    ...ownTopic(place, security, created),
    ...(chatOf(settings, "security").length > 0 ? [arns.topic(place, chatTopic(created))] : []),
  ];
}

/**
 * ARNs of the topics of both channels of `notifications.central`, first activity, then security, then their topics for
 * chat.
 */
export function allTopicsOf(organization: Organization, { settings }: CentralSite, place: Place): string[] {
  const channels = centralChannels(organization);
  const created = (channel: "activity" | "security") => channelNames({ kind: `all-${channel}`, place }).topic;
  return unique([
    ...channels.flatMap((channel) => ownTopic(place, settings.notifications[channel], created(channel))),
    ...channels
      .filter((channel) => chatOf(settings, channel).length > 0)
      .map((channel) => arns.topic(place, chatTopic(created(channel)))),
  ]);
}

/**
 * ARNs of topics that the map names but does not create. Created topics need no entry: the pattern matches them by
 * their name prefix.
 */
export const existingTopics = (place: Place, topicArns: readonly string[]) =>
  topicArns.filter((arn) => !arn.startsWith(arns.topic(place, names.prefix(place))));

/**
 * The resources that record sessions in a target. Changes to them are reported as tampering.
 * @param keyId id of the target's key, which AWS makes up when the key is created; null: the target has no key
 */
export function watchedResourcesOf(
  organization: Organization,
  target: Target,
  keyId: string | null,
): WatchedResources {
  const place = placeOf(organization, target);
  const { encryption, transcripts } = target.settings;
  const account = accountBehind(organization, target.account);
  const destinations = destinationsOf(organization, target);
  const ownTrail = account.settings.trail === "create";
  const ownBuckets =
    target.usesArchive || destinations.transcripts === null ? [] : [destinations.transcripts.bucket];
  const accessLogs =
    ownBuckets.length > 0 &&
    transcripts.bucket.kind === "created" &&
    transcripts.accessLogs.kind === "created"
      ? [names.accessLogBucket(place)]
      : [];
  return {
    preferences: true,
    logGroup: destinations.logGroup,
    buckets: [
      ...ownBuckets,
      ...accessLogs,
      ...recordingBucketsOf(organization, target),
      // The bucket of a trail is in the account's home region, and so are the events of calls on it.
      ...(ownTrail && target.region === account.homeRegion
        ? [names.trailBucket(place), names.trailAccessLogBucket(place)]
        : []),
    ],
    keyId,
    keyAlias: encryption.mode === "customer-managed" ? names.keyAlias(place) : null,
    trail: ownTrail ? names.trail(place) : "any",
    topics: existingTopics(place, topicsOf(target, place)),
    chat: chatUsesOf(organization, account).length > 0,
    namePrefix: names.prefix(place),
  };
}

/** The bucket of recordings and the bucket of its access logs. */
function recordingBucketsOf(organization: Organization, target: Target): string[] {
  const recordings = recordingsOf(organization, target);
  if (recordings === null) return [];
  const { place, bucket } = recordings;
  const logged = target.settings.transcripts.accessLogs.kind === "created";
  return [bucket, ...(logged ? [names.recordingAccessLogBucket(place)] : [])];
}

/** The resources that keep records in an archive. @param keyId id of the archive's key; null: it has no key */
export function archiveWatchedResourcesOf(
  organization: Organization,
  site: ArchiveSite,
  keyId: string | null,
): WatchedResources {
  const place = placeOf(organization, site);
  const { encryption, transcripts } = site.settings;
  return {
    preferences: false,
    logGroup: null,
    buckets: [
      names.transcriptBucket(place),
      ...(transcripts.accessLogs.kind === "created" ? [names.accessLogBucket(place)] : []),
    ],
    keyId,
    keyAlias: encryption.mode === "customer-managed" ? names.archiveKeyAlias(place) : null,
    trail: "any",
    topics: existingTopics(place, archiveTopicsOf(site, place)),
    chat: chatOf(site.settings, "security").length > 0,
    namePrefix: names.prefix(place),
  };
}

/** The resources that keep copies in a replica. @param keyId id of the replica's key; null: it has no key */
export function replicaWatchedResourcesOf(
  organization: Pick<Organization, "name">,
  replica: Replica,
  keyId: string | null,
): WatchedResources {
  const [place, source] = [placeOf(organization, replica), placeOf(organization, replica.source)];
  const { accessLogs } = replica.source.settings.transcripts;
  return {
    preferences: false,
    logGroup: null,
    buckets: [
      names.replicaBucket(source),
      ...(accessLogs.kind === "none" ? [] : [names.replicaAccessLogBucket(source)]),
    ],
    keyId,
    keyAlias: replica.settings.encryption.mode === "customer-managed" ? names.replicaKeyAlias(source) : null,
    trail: "any",
    topics: existingTopics(place, replicaTopicsOf(replica, place, source)),
    chat: chatOf(replica.settings, "security").length > 0,
    namePrefix: names.prefix(place),
  };
}

/** What reports in the place of `notifications.central`, where nothing is recorded. */
export const centralWatchedResourcesOf = (
  organization: Organization,
  central: CentralSite,
): WatchedResources => {
  const place = placeOf(organization, central);
  return {
    preferences: false,
    logGroup: null,
    buckets: [],
    keyId: null,
    keyAlias: null,
    trail: "any",
    topics: existingTopics(place, allTopicsOf(organization, central, place)),
    chat: centralChannels(organization).some((channel) => chatOf(central.settings, channel).length > 0),
    namePrefix: names.prefix(place),
  };
};
