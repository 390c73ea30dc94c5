import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { ACTIVITY_PATHS, activityTemplate } from "../events/activity-message";
import { alarmChat, alarmMessage } from "../events/alarm-message";
import { CENTRAL_PATTERNS, type WatchedCentral } from "../events/central-patterns";
import { activityChat, sessionChat, tamperingChat } from "../events/chat-message";
import type { EventMessage } from "../events/event-message";
import { SECURITY_PATHS, sessionTemplate, tamperingTemplate } from "../events/security-message";
import { channelNames, names, type CentralChannelOf, type CentralKind, type Place } from "../names";
import { centralKeyPolicy } from "../policies/central-policy";
import { createdTopics } from "../policies/key-policy";
import type { Members } from "../policies/principals";
import { CentralBus } from "./central-bus";
import type { ChannelActions } from "./channel-actions";
import { declareKey } from "./encryption-key";
import { NotificationChannel, type ChannelRule } from "./notification-channel";

/** Where a central channel is, who sends to it, and who is notified. */
export interface CentralChannelProps extends CentralChannelOf {
  /** The settings of the account in this region. */
  readonly settings: Pick<Settings, "encryption" | "protect">;
  /** The topic, the subscribers and the chat channels. */
  readonly notifications: Settings["notifications"]["activity" | "security"];
  /** The accounts that send to the channel. */
  readonly members: Members;
  /** The accounts whose guards publish to the channel's topics; null: no guard does. */
  readonly guards: Members | null;
  /** The actions of the channel, with their roles and permissions; null: it invokes none. */
  readonly actions: ChannelActions | null;
  /** ARNs of the roles that publish summaries of reports on the topic. */
  readonly reporters: readonly string[];
  /** Name of the organization, for the description of the key. */
  readonly organization: string;
  /** ARNs of the topics that the alarms about undelivered notifications publish to. */
  readonly alarmTopics: readonly string[];
}

/** What the key and the bus of each central channel are described as. */
const DESCRIPTIONS: Readonly<Record<CentralKind, { readonly key: string; readonly bus: string }>> = {
  central: {
    key: "Central notifications",
    bus: "Findings and alarms of the security channels of all accounts",
  },
  "all-activity": { key: "Notifications about sessions of all accounts", bus: "Sessions of all accounts" },
  "all-security": { key: "Findings of all accounts", bus: "Findings and alarms of all accounts" },
};

/**
 * A central channel: the bus to which channels of all accounts forward what they report, and a topic with a key of its
 * own. What a person does to the key of a target, of an archive or of a replica does not keep this channel from
 * reporting it.
 * @example
 * new CentralChannel(this, "Central", {
 *   kind: "central", place, settings: site.settings, notifications: site.settings.notifications.security,
 *   members: membersOf(organization), guards: null, actions: null, reporters: [], organization: organization.name,
 *   alarmTopics: [],
 * });
 */
export class CentralChannel extends Construct {
  /** The bus, and the key of the channel's topics, which another channel watches. */
  readonly watched: WatchedCentral;
  /** The bus, which must exist before a rule of the same stack can forward to it. */
  readonly ready: readonly ITerraformDependable[];
  /** The topic for people and programs, and the one for chat; null: there is none. */
  readonly topics: Pick<NotificationChannel, "topic" | "chat">;

  constructor(scope: Construct, id: string, props: CentralChannelProps) {
    super(scope, id);
    const { kind, place, settings, notifications, members } = props;
    const { reporters, guards, organization, alarmTopics } = props;
    const { topic, deadLetters } = channelNames({ kind, place });
    const topics = createdTopics(topic, notifications);
    const encrypts = topics.length > 0 && settings.encryption.mode !== "s3-managed";
    const { deletionWindowDays, rotationPeriodDays } = settings.encryption;
    const keyAlias = names.centralKeyAlias({ kind, place });
    // The key is created even if the account's own key is an existing one: a key that is used elsewhere as well could be
    // disabled for another reason, and this channel would be silent, too.
    const { keyArn, keyId } = declareKey(
      this,
      { mode: encrypts ? "customer-managed" : "s3-managed", deletionWindowDays, rotationPeriodDays },
      {
        description: `${DESCRIPTIONS[kind].key} of ${organization} in ${place.region}`,
        alias: keyAlias,
        policy: centralKeyPolicy(place, topics, reporters, guards),
        protect: settings.protect,
      },
    );
    const bus = new CentralBus(this, "Bus", {
      channel: { kind, place },
      receives: DESCRIPTIONS[kind].bus,
      members,
    });
    this.watched = { bus: bus.name, key: keyId === null ? null : { keyId, keyAlias } };
    this.ready = bus.ready;
    this.topics = new NotificationChannel(this, "Channel", {
      place,
      name: topic,
      topic: notifications.topic,
      deadLetterQueue: deadLetters,
      keyArn,
      reporters,
      subscribers: notifications.subscribers,
      chat: notifications.chat.length > 0,
      guards,
      alarmTopics,
      bus,
      forwarding: null,
      rules: rulesOf(props),
    });
  }
}

/** The rules on the bus of a central channel. */
function rulesOf({ kind, place, actions }: CentralChannelProps): ChannelRule[] {
  const { sessions, tampering, alarms } = channelNames({ kind, place });
  // The messages are those of the other channels, but the place in them is the one of the event.
  const anywhere: Place = { ...place, region: "<region>" };
  const findings = (template: string): EventMessage => ({ paths: SECURITY_PATHS, template });
  const rule = (more: Omit<ChannelRule, "targets">): ChannelRule => ({
    ...more,
    targets: actions?.targetsOf(more.name) ?? [],
  });
  const alarmChanges = rule({
    id: "AlarmChanges",
    name: alarms,
    description: "Alarms, from all accounts",
    pattern: CENTRAL_PATTERNS.alarms,
    message: alarmMessage(anywhere),
    chat: alarmChat(anywhere),
  });
  if (kind === "all-activity") {
    return [
      rule({
        id: "Sessions",
        name: sessions,
        description: "Sessions that start, resume and end, from all accounts",
        pattern: CENTRAL_PATTERNS.sessions,
        message: { paths: ACTIVITY_PATHS, template: activityTemplate(anywhere) },
        chat: activityChat(anywhere),
      }),
      alarmChanges,
    ];
  }
  return [
    rule({
      id: "Sessions",
      name: sessions,
      description: "Findings about sessions, from all accounts",
      pattern: CENTRAL_PATTERNS.sessions,
      message: findings(sessionTemplate(anywhere)),
      chat: sessionChat(anywhere),
    }),
    rule({
      id: "Tampering",
      name: tampering,
      description: "Changes to what records sessions, from all accounts",
      pattern: CENTRAL_PATTERNS.tampering,
      message: findings(tamperingTemplate(anywhere)),
      chat: tamperingChat(anywhere),
    }),
    alarmChanges,
  ];
}
