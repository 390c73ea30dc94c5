import { PREFERENCES_DOCUMENT, type Place } from "../names";
import {
  alternativesOf,
  changes,
  suffix,
  VIA_CLOUDTRAIL,
  type Matcher,
  type WatchedParameters,
} from "./change-patterns";

/**
 * EventBridge patterns of what the security channel reports, over CloudTrail records.
 *
 * A CloudTrail record identifies a resource in the way that the caller did: a document, key, log group or topic by
 * its name, id, alias or ARN. A suffix matches a name and an ARN alike.
 *
 * AWS's default quota "Event pattern size" is 2,048 characters, so changes to what records sessions are matched by
 * several rules, and some calls by a part of their names. This matches calls that only read too, but EventBridge does
 * not deliver those to a rule in the state ENABLED. Which calls are matched is in the table of `stacks/weakening/`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 */

/**
 * Event pattern for session calls that were refused, and for sessions that leave no transcript because they were
 * started with another document than the preferences: for port forwarding, SSH, commands or something else. A
 * caller who starts a session with the preferences need not name a document.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 */
export const sessionFindings = () => ({
  source: ["aws.ssm"],
  ...VIA_CLOUDTRAIL,
  detail: {
    eventSource: ["ssm.amazonaws.com"],
    $or: [
      {
        eventName: ["StartSession", "ResumeSession", "TerminateSession"],
        errorCode: [{ prefix: "AccessDenied" }, { prefix: "Unauthorized" }],
      },
      {
        eventName: ["StartSession"],
        errorCode: [{ exists: false }],
        // This matches only if the caller names a document.
        requestParameters: { documentName: [{ "anything-but": [PREFERENCES_DOCUMENT] }] },
      },
    ],
  },
});

/**
 * The resources that record in one account and region, as calls identify them. `null` and empty lists: there is no
 * such resource, or another account owns it.
 */
export interface WatchedResources {
  /** Whether the preferences of Session Manager are deployed here. */
  readonly preferences: boolean;
  /** Name of the log group. */
  readonly logGroup: string | null;
  /** Names of the buckets. */
  readonly buckets: readonly string[];
  /** Id of the key, the last part of its ARN. */
  readonly keyId: string | null;
  /** Alias of the key, such as `alias/session-audit-acme`. */
  readonly keyAlias: string | null;
  /** Name of the trail; "any": the name is not known, so that changes to every trail of the account are reported. */
  readonly trail: string | "any";
  /** ARNs of topics that the map names but does not create. */
  readonly topics: readonly string[];
  /** Whether the account has chat configurations. */
  readonly chat: boolean;
  /** The prefix of the names of created rules, topics, queues and alarms. */
  readonly namePrefix: string;
}

/** The preferences and the log group, as calls name them. */
const preferenceParameters = ({ preferences, logGroup }: WatchedResources): WatchedParameters => ({
  ...(preferences && {
    preferences: { name: [suffix(PREFERENCES_DOCUMENT)] },
    "setting of Systems Manager": {
      settingId: [suffix("public-sharing-permission"), suffix("default-ec2-instance-management-role")],
    },
    "default host management": "any",
    // The account and region have one set of preferences for recording connections by Remote Desktop.
    "recording of remote desktops": "any",
  }),
  ...(logGroup !== null && {
    "session log group": {
      logGroupName: [logGroup],
      logGroupIdentifier: [suffix(logGroup)],
      resourceIdentifier: byResourceIdentifier(logGroup),
    },
    // Account policies apply subscription filters, transformers and masking to every log group of the account.
    // @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
    "logs of the whole account": "any",
  }),
});

/** The key, the buckets and the trail, as calls name them. */
const recordParameters = ({ keyId, keyAlias, buckets, trail }: WatchedResources): WatchedParameters => ({
  ...(keyId !== null && {
    key: { keyId: [suffix(keyId), ...(keyAlias === null ? [] : [suffix(keyAlias)])] },
  }),
  ...(keyAlias !== null && { "alias of a key": { aliasName: [keyAlias] } }),
  ...(buckets.length > 0 && { bucket: { bucketName: buckets } }),
  trail: trail === "any" ? "any" : { name: [suffix(trail)], trailName: [suffix(trail)] },
  // Such a rule copies log groups of all accounts to another account.
  "centralization rule": "any",
});

/** What created rules, topics, queues and alarms are matched by: the beginning of their names. */
const ours = ({ namePrefix }: WatchedResources) => [{ prefix: namePrefix }];
const oursByArn = (place: Place, { namePrefix }: WatchedResources) => ({
  wildcard: `*:${place.account.id}:${namePrefix}*`,
});

/** Rules, topics, queues and alarms, as calls that change them name them. */
const channelParameters = (place: Place, watched: WatchedResources): WatchedParameters => ({
  rule: { name: ours(watched) },
  "targets of a rule": { rule: ours(watched) },
  // A rule can publish to a created topic of another account as well. An existing topic is its owner's.
  "topic as a target": { "targets.arn": [{ wildcard: `*:${watched.namePrefix}*` }] },
  topic: { topicArn: [oursByArn(place, watched), ...watched.topics] },
  subscription: {
    subscriptionArn: [oursByArn(place, watched), ...watched.topics.map((arn) => ({ prefix: `${arn}:` }))],
  },
  queue: { queueUrl: [{ wildcard: `*/${watched.namePrefix}*` }] },
  alarm: { alarmNames: ours(watched), alarmName: ours(watched) },
});

/** What carries events and messages, and who may write into the log group, as calls name them. */
const deliveryParameters = (place: Place, watched: WatchedResources): WatchedParameters => ({
  ...(watched.logGroup !== null && {
    "session log group": {
      logGroupIdentifier: [suffix(watched.logGroup)],
      resourceArn: byResourceIdentifier(watched.logGroup),
    },
  }),
  topic: { resourceArn: [oursByArn(place, watched), ...watched.topics] },
  queue: { sourceArn: [oursByArn(place, watched)] },
  alarm: { "muteTargets.alarmNames": ours(watched) },
  // The rules are on the default bus, which calls also mean if they name none.
  "default event bus": { name: [suffix("default")] },
  "permission of an event bus": { eventBusName: [suffix("default"), { exists: false }] },
  // A changed configuration can lead to another chat channel. The event is in the region whose endpoint was called.
  ...(watched.chat && { "chat channel": "any", "chat authorization": "any" }),
});

/**
 * Matches the `resourceIdentifier` with which the calls on the key of a log group may identify the group. AWS documents
 * the ARN without `:*` at its end. The ARN with `:*`, which other calls use, matches as well.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
 */
export const byResourceIdentifier = (logGroup: string): readonly Matcher[] => [
  suffix(logGroup),
  suffix(`${logGroup}:*`),
];

/**
 * Event pattern for changes to the key, the buckets and the trail that records depend on, by every principal but the
 * ignored roles. Refused attempts match as well.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export const tamperingFindings = (watched: WatchedResources, ignoredRoles: readonly string[]) =>
  changes(alternativesOf("tampering", recordParameters(watched)), ignoredRoles);

/**
 * Event pattern for changes to the preferences and to the log group of sessions, as {@link tamperingFindings}.
 * @returns null if there is neither
 */
export function preferenceFindings(watched: WatchedResources, ignoredRoles: readonly string[]) {
  const $or = alternativesOf("preferences", preferenceParameters(watched));
  return $or.length === 0 ? null : changes($or, ignoredRoles);
}

/** Event pattern for changes to the rules, topics, queues and alarms that report. */
export const channelFindings = (place: Place, watched: WatchedResources, ignoredRoles: readonly string[]) =>
  changes(alternativesOf("channels", channelParameters(place, watched)), ignoredRoles);

/**
 * Event pattern for changes to what carries events, lines and messages: the event bus, policies of topics, muted
 * alarms, moved dead letters, the channels and the authorization of chat, and who may write into the log group.
 */
export const deliveryFindings = (place: Place, watched: WatchedResources, ignoredRoles: readonly string[]) =>
  changes(alternativesOf("delivery", deliveryParameters(place, watched)), ignoredRoles);
