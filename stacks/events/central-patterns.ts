import { SESSION_EVENTS } from "../../accounts/schema/notifications";
import { channelNames, guardNames, names, type SecurityChannelOf } from "../names";
import { byOthersThan, VIA_CLOUDTRAIL } from "./change-patterns";

/**
 * Matches the event of an alarm whose state changes. CloudWatch sends it without CloudTrail, and whether or not the
 * alarm's topics accept the notification.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
const ALARM_CHANGES = { source: ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"] };

/**
 * Event pattern of the alarms that a channel forwards: those of the channel, and those that go to its topics.
 * @param ownsBucket whether the channel's stack creates a bucket of transcripts; if the bucket has a replica, the alarm
 * about the replication is beside the bucket
 */
export const forwardedAlarms = (channel: SecurityChannelOf, ownsBucket: boolean) => ({
  ...ALARM_CHANGES,
  detail: {
    alarmName: alarmPrefixes(channel, ownsBucket).map((prefix) => ({ prefix })),
    state: { value: ["ALARM"] },
  },
});

function alarmPrefixes({ kind, place }: SecurityChannelOf, ownsBucket: boolean): string[] {
  const ofReplication = ownsBucket ? [names.replicationFailed(place)] : [];
  switch (kind) {
    case "target":
      return [
        `${channelNames({ kind: "activity", place }).topic}-`,
        `${channelNames({ kind: "target", place }).topic}-`,
        `${guardNames(place).function}-`,
        ...ofReplication,
      ];
    case "archive":
      return [`${channelNames({ kind: "archive", place }).topic}-`, ...ofReplication];
    case "replica":
      // The rules of a replica are named after its source, and have no prefix in common with its topic but this one.
      return [`${names.transcriptBucket(place)}-`];
  }
}

/**
 * Event pattern of the alarms that an activity channel forwards. The security channel of the target forwards them, unless
 * it forwards nothing.
 */
export const forwardedActivityAlarms = (place: SecurityChannelOf["place"]) => ({
  ...ALARM_CHANGES,
  detail: {
    alarmName: [{ prefix: `${channelNames({ kind: "activity", place }).topic}-` }],
    state: { value: ["ALARM"] },
  },
});

/**
 * Event patterns of the rules on a central bus. Everything that EventBridge forwards to a bus for findings is a finding or
 * an alarm already, and to a bus for sessions a session or an alarm, so the patterns only tell apart which message it gets. A source that begins with `aws.` shows that an AWS
 * service sent the event: nobody else can put an event with such a source on a bus.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 */
export const CENTRAL_PATTERNS = {
  sessions: {
    source: ["aws.ssm"],
    ...VIA_CLOUDTRAIL,
    detail: { eventName: [...SESSION_EVENTS] },
  },
  tampering: {
    source: [{ prefix: "aws." }],
    ...VIA_CLOUDTRAIL,
    detail: { eventName: [{ "anything-but": [...SESSION_EVENTS] }] },
  },
  alarms: ALARM_CHANGES,
};

/** The key of a central channel, by which its topics are encrypted. */
export interface CentralKey {
  /** Id of the key, the last part of its ARN. */
  readonly keyId: string;
  /** Alias of the key. */
  readonly keyAlias: string;
}

/** The bus and the key of a central channel. */
export interface WatchedCentral {
  /** Name of the bus. */
  readonly bus: string;
  /** null: the channel has no key. */
  readonly key: CentralKey | null;
}

/**
 * Event pattern for changes to the buses and the keys of central channels, by every principal but the ignored roles. The
 * channel beside an archive is watched by the archive's own channel, whose topic does not depend on its key.
 * @param watched the central channels of an account and region, at least one
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export function centralTampering(watched: readonly WatchedCentral[], ignoredRoles: readonly string[]) {
  const buses = watched.map(({ bus }) => ({ suffix: bus }));
  const keys = watched.flatMap(({ key }) => key ?? []);
  return {
    source: ["aws.events", "aws.kms"],
    ...VIA_CLOUDTRAIL,
    detail: {
      ...byOthersThan(ignoredRoles),
      $or: [
        on("events", ["DeleteEventBus", "UpdateEventBus"], { name: buses }),
        on("events", ["PutPermission", "RemovePermission"], { eventBusName: buses }),
        ...(keys.length === 0
          ? []
          : [
              on(
                "kms",
                ["ScheduleKeyDeletion", { prefix: "DisableKey" }, "PutKeyPolicy", { suffix: "Grant" }],
                { keyId: keys.flatMap(({ keyId, keyAlias }) => [{ suffix: keyId }, { suffix: keyAlias }]) },
              ),
              on("kms", ["UpdateAlias", "DeleteAlias"], { aliasName: keys.map(({ keyAlias }) => keyAlias) }),
            ]),
      ],
    },
  };
}

const on = (service: string, eventName: readonly unknown[], requestParameters: object) => ({
  eventSource: [`${service}.amazonaws.com`],
  eventName,
  requestParameters,
});
