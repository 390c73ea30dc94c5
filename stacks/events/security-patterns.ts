import { PREFERENCES_DOCUMENT, type Place } from "../names";

/**
 * EventBridge patterns of what the security channel reports, over CloudTrail records.
 *
 * A CloudTrail record identifies a resource in the way that the caller did: a document, key, log group or topic by
 * its name, id, alias or ARN. A suffix matches a name and an ARN alike.
 *
 * AWS's default quota "Event pattern size" is 2,048 characters, so changes to what records sessions are matched by
 * several rules, and some calls by the end of their names. This matches calls that only read too, but EventBridge
 * does not deliver those to a rule in the state ENABLED.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 */

/**
 * Matches events that CloudTrail sends to EventBridge.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const VIA_CLOUDTRAIL = { "detail-type": ["AWS API Call via CloudTrail"] };

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

type Alternative = Readonly<Record<string, unknown>>;
const suffix = (text: string) => ({ suffix: text });

const on = (service: string, eventName: readonly unknown[], requestParameters?: object): Alternative => ({
  eventSource: [`${service}.amazonaws.com`],
  eventName,
  ...(requestParameters && { requestParameters }),
});

/** Changes to the preferences and to what they depend on. */
const preferenceChanges = (): Alternative[] => [
  on(
    "ssm",
    [
      "CreateDocument",
      "UpdateDocument",
      "UpdateDocumentDefaultVersion",
      "DeleteDocument",
      "ModifyDocumentPermission",
    ],
    { name: [suffix(PREFERENCES_DOCUMENT)] },
  ),
  on("ssm", ["UpdateServiceSetting", "ResetServiceSetting"], {
    settingId: [suffix("public-sharing-permission"), suffix("default-ec2-instance-management-role")],
  }),
  // The account and region have one set of preferences for recording connections by Remote Desktop.
  on("ssm-guiconnect", [suffix("ConnectionRecordingPreferences")]),
];

const logChanges = (logGroup: string): Alternative[] => [
  on(
    "logs",
    [
      "DeleteLogGroup",
      "DeleteLogStream",
      // A suffix matches the two calls of a pair: Put and Delete, or Associate and Disassociate.
      ...["RetentionPolicy", "SubscriptionFilter", "KmsKey"].map(suffix),
    ],
    { logGroupName: [logGroup] },
  ),
  on(
    "logs",
    [
      "PutLogGroupDeletionProtection",
      // With a bearer token, anybody who has it can write lines into the log group.
      "PutBearerTokenAuthentication",
      suffix("DataProtectionPolicy"),
      suffix("Transformer"),
    ],
    { logGroupIdentifier: [suffix(logGroup)] },
  ),
  on("logs", [suffix("KmsKey")], { resourceIdentifier: byResourceIdentifier(logGroup) }),
  // Account policies apply subscription filters, transformers and masking to every log group of the account.
  // @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
  on("logs", [suffix("AccountPolicy"), "PutStorageTierPolicy"]),
];

function recordChanges({ keyId, keyAlias, buckets, trail }: WatchedResources): Alternative[] {
  return [
    ...(keyId === null
      ? []
      : [
          on("kms", ["ScheduleKeyDeletion", { prefix: "DisableKey" }, "PutKeyPolicy", suffix("Grant")], {
            keyId: [suffix(keyId), ...(keyAlias === null ? [] : [suffix(keyAlias)])],
          }),
        ]),
    ...(keyAlias === null ? [] : [on("kms", ["UpdateAlias", "DeleteAlias"], { aliasName: [keyAlias] })]),
    ...(buckets.length === 0
      ? []
      : [
          // These match every call that changes a bucket. Calls on objects are data events, which trails do not log by
          // default.
          // @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
          on("s3", [{ prefix: "PutBucket" }, { prefix: "DeleteBucket" }, "PutObjectLockConfiguration"], {
            bucketName: buckets,
          }),
        ]),
    on(
      "cloudtrail",
      ["StopLogging", "DeleteTrail", "UpdateTrail"],
      trail === "any" ? undefined : { name: [suffix(trail)] },
    ),
    on("cloudtrail", ["PutEventSelectors"], trail === "any" ? undefined : { trailName: [suffix(trail)] }),
    // Such a rule copies log groups of all accounts to another account.
    on("observabilityadmin", [suffix("CentralizationRuleForOrganization")]),
  ];
}

function channelChanges(place: Place, watched: WatchedResources): Alternative[] {
  const ours = [{ prefix: watched.namePrefix }];
  const oursByArn = [{ wildcard: `*:${place.account.id}:${watched.namePrefix}*` }];
  return [
    on("events", [suffix("Rule")], { name: ours }),
    on("events", [suffix("Targets")], { rule: ours }),
    on("sns", ["DeleteTopic", "SetTopicAttributes", "Subscribe", suffix("Permission")], {
      topicArn: [...oursByArn, ...watched.topics],
    }),
    on("sns", ["Unsubscribe", "SetSubscriptionAttributes"], {
      subscriptionArn: [...oursByArn, ...watched.topics.map((arn) => ({ prefix: `${arn}:` }))],
    }),
    on("sqs", ["DeleteQueue", "SetQueueAttributes", "PurgeQueue", suffix("Permission")], {
      queueUrl: [{ wildcard: `*/${watched.namePrefix}*` }],
    }),
    on("monitoring", ["DeleteAlarms", "DisableAlarmActions"], { alarmNames: ours }),
    on("monitoring", [suffix("Alarm"), "SetAlarmState"], { alarmName: ours }),
    // A changed configuration can lead to another chat channel. The event is in the region whose endpoint was called.
    ...(watched.chat
      ? [on("chatbot", [{ wildcard: "Update*Channel*" }, { wildcard: "Delete*Channel*" }])]
      : []),
  ];
}

/**
 * Matches the `resourceIdentifier` with which the calls on the key of a log group may identify the group. AWS documents
 * the ARN without `:*` at its end. The ARN with `:*`, which other calls use, matches as well.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
 */
export const byResourceIdentifier = (logGroup: string) => [suffix(logGroup), suffix(`${logGroup}:*`)];

/**
 * Matches calls of every principal but some roles. Calls of IAM users and of the root user match too: their records
 * have no `sessionIssuer`.
 * @param roles ARNs of roles, without wildcards; an empty list adds no condition
 */
export function byOthersThan(roles: readonly string[]) {
  const byRole = (arn: readonly unknown[]) => ({ sessionContext: { sessionIssuer: { arn } } });
  // anything-but does not match a missing field, so a second alternative matches records without the field.
  // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
  const others = { $or: [byRole([{ "anything-but": roles }]), byRole([{ exists: false }])] };
  return roles.length === 0 ? {} : { userIdentity: others };
}

const changes = ($or: readonly Alternative[], ignoredRoles: readonly string[]) => ({
  // Each alternative names its service. Repeating it here would take characters that the pattern needs. Only AWS can
  // send events whose source begins with "aws.".
  // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
  source: [{ prefix: "aws." }],
  ...VIA_CLOUDTRAIL,
  detail: { ...byOthersThan(ignoredRoles), $or },
});

/**
 * Event pattern for changes to the key, the buckets and the trail that records depend on, by every principal but the
 * ignored roles. Refused attempts match as well.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export const tamperingFindings = (watched: WatchedResources, ignoredRoles: readonly string[]) =>
  changes(recordChanges(watched), ignoredRoles);

/**
 * Event pattern for changes to the preferences and to the log group of sessions, as {@link tamperingFindings}.
 * @returns null if there is neither
 */
export function preferenceFindings(
  { preferences, logGroup }: WatchedResources,
  ignoredRoles: readonly string[],
) {
  const $or = [
    ...(preferences ? preferenceChanges() : []),
    ...(logGroup === null ? [] : logChanges(logGroup)),
  ];
  return $or.length === 0 ? null : changes($or, ignoredRoles);
}

/** Event pattern for changes to the rules, topics, queues, alarms and chat configurations that report. */
export const channelFindings = (place: Place, watched: WatchedResources, ignoredRoles: readonly string[]) =>
  changes(channelChanges(place, watched), ignoredRoles);
