import { PREFERENCES_DOCUMENT, type Place } from "../names";

/**
 * What the security channel reports: EventBridge patterns over CloudTrail records, as data.
 *
 * CloudTrail names a thing by whatever the caller called it: a document, key, log group or topic by its name, id,
 * alias or ARN. Suffixes match the name and the ARN alike. Some calls are known by how their names end, which is short;
 * what only reads EventBridge does not hear of.
 */

/** What CloudTrail hands to EventBridge. */
export const VIA_CLOUDTRAIL = { "detail-type": ["AWS API Call via CloudTrail"] };

/**
 * Sessions that were refused, and sessions that leave no transcript because they were started with another
 * document (port forwarding, SSH, commands, a custom one). A session with the preferences names no document.
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
        // Holds only where a document is named at all.
        requestParameters: { documentName: [{ "anything-but": [PREFERENCES_DOCUMENT] }] },
      },
    ],
  },
});

/** What records in one place, by name. `null` and empty lists: there is none, or it is somebody else's. */
export interface WatchedResources {
  readonly preferences: boolean;
  readonly logGroup: string | null;
  readonly buckets: readonly string[];
  /** Id of the key, without ARN. */
  readonly keyId: string | null;
  /** `alias/<name>` */
  readonly keyAlias: string | null;
  /** Name of the trail; "any": it is not known, so that each trail of the account counts. */
  readonly trail: string | "any";
  /** ARNs of topics that exist under names of others. */
  readonly topics: readonly string[];
  /** Whether there are chat configurations in the account. */
  readonly chat: boolean;
  /** What the names of rules, topics, queues and alarms begin with. */
  readonly namePrefix: string;
}

type Alternative = Readonly<Record<string, unknown>>;
const suffix = (text: string) => ({ suffix: text });

function alternatives(place: Place, watched: WatchedResources): Alternative[] {
  const { logGroup, keyId, keyAlias, trail } = watched;
  const on = (service: string, eventName: readonly unknown[], requestParameters?: object): Alternative => ({
    eventSource: [`${service}.amazonaws.com`],
    eventName,
    ...(requestParameters && { requestParameters }),
  });
  const ours = [{ prefix: watched.namePrefix }];
  const oursByArn = [{ wildcard: `*:${place.account.id}:${watched.namePrefix}*` }];
  return [
    ...(watched.preferences
      ? [
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
        ]
      : []),
    ...(keyId === null
      ? []
      : [
          on("kms", ["ScheduleKeyDeletion", { prefix: "DisableKey" }, "PutKeyPolicy", suffix("Grant")], {
            keyId: [suffix(keyId), ...(keyAlias === null ? [] : [suffix(keyAlias)])],
          }),
        ]),
    ...(keyAlias === null ? [] : [on("kms", ["UpdateAlias", "DeleteAlias"], { aliasName: [keyAlias] })]),
    ...(logGroup === null
      ? []
      : [
          on(
            "logs",
            [
              "DeleteLogGroup",
              "DeleteLogStream",
              // Put and Delete, Associate and Disassociate: by what both end with, which is shorter.
              ...["RetentionPolicy", "SubscriptionFilter", "KmsKey"].map(suffix),
            ],
            { logGroupName: [logGroup] },
          ),
          on(
            "logs",
            [
              "PutLogGroupDeletionProtection",
              suffix("DataProtectionPolicy"),
              suffix("Transformer"),
              suffix("KmsKey"),
            ],
            { logGroupIdentifier: [suffix(logGroup)] },
          ),
          // Of the whole account, whose subscription, retention and masking reach every group.
          on("logs", [suffix("AccountPolicy")]),
        ]),
    ...(watched.buckets.length === 0
      ? []
      : [
          {
            eventSource: ["s3.amazonaws.com"],
            // All that changes a bucket and nothing that reads one; CloudTrail has no data events unless asked.
            eventName: [{ prefix: "PutBucket" }, { prefix: "DeleteBucket" }, "PutObjectLockConfiguration"],
            requestParameters: { bucketName: watched.buckets },
          },
        ]),
    on(
      "cloudtrail",
      ["StopLogging", "DeleteTrail", "UpdateTrail"],
      trail === "any" ? undefined : { name: [suffix(trail)] },
    ),
    on("cloudtrail", ["PutEventSelectors"], trail === "any" ? undefined : { trailName: [suffix(trail)] }),
    on("events", [suffix("Rule")], { name: ours }),
    on("events", [suffix("Targets")], { rule: ours }),
    on("sns", ["DeleteTopic", "SetTopicAttributes", suffix("Permission")], {
      topicArn: [...oursByArn, ...watched.topics],
    }),
    on("sns", ["Unsubscribe", "SetSubscriptionAttributes"], {
      subscriptionArn: [...oursByArn, ...watched.topics.map((arn) => ({ prefix: `${arn}:` }))],
    }),
    on("sqs", ["DeleteQueue", "SetQueueAttributes", "PurgeQueue"], {
      queueUrl: [{ wildcard: `*/${watched.namePrefix}*` }],
    }),
    on("monitoring", ["DeleteAlarms", "DisableAlarmActions"], { alarmNames: ours }),
    on("monitoring", ["PutMetricAlarm", "SetAlarmState"], { alarmName: ours }),
    // Another channel in place of ours. CloudTrail has it in the region of the endpoint that was called.
    ...(watched.chat
      ? [
          {
            eventSource: ["chatbot.amazonaws.com"],
            eventName: ["SlackChannel", "MicrosoftTeamsChannel"].flatMap((what) => [
              { prefix: `Update${what}` },
              { prefix: `Delete${what}` },
            ]),
          },
        ]
      : []),
  ];
}

/** Whoever calls but these roles. Users and root have no role's session, and that must match as well. */
export function byOthersThan(roles: readonly string[]) {
  const byRole = (arn: readonly unknown[]) => ({ sessionContext: { sessionIssuer: { arn } } });
  // The absent key must match, which anything-but alone does not.
  const others = { $or: [byRole([{ "anything-but": roles }]), byRole([{ exists: false }])] };
  return roles.length === 0 ? {} : { userIdentity: others };
}

/**
 * Changes to what records, whoever makes them but the roles that are ignored: attempts that were refused count too.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export function tamperingFindings(place: Place, watched: WatchedResources, ignoredRoles: readonly string[]) {
  return {
    // Of which services is said below, once: there is little room. Nobody else can send events from such a source.
    source: [{ prefix: "aws." }],
    ...VIA_CLOUDTRAIL,
    detail: { ...byOthersThan(ignoredRoles), $or: alternatives(place, watched) },
  };
}
