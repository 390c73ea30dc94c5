import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { alarmChat, alarmMessage } from "../events/alarm-message";
import { CENTRAL_PATTERNS, type CentralKey } from "../events/central-patterns";
import { sessionChat, tamperingChat } from "../events/chat-message";
import type { EventMessage } from "../events/event-message";
import { SECURITY_PATHS, sessionTemplate, tamperingTemplate } from "../events/security-message";
import { channelNames, names, type Place } from "../names";
import { centralKeyPolicy } from "../policies/central-policy";
import { createdTopics } from "../policies/key-policy";
import type { Members } from "../policies/principals";
import { CentralBus } from "./central-bus";
import { declareKey } from "./encryption-key";
import { NotificationChannel, type ChannelRule } from "./notification-channel";

/** Where the central channel is, who sends to it, and whom it notifies. */
export interface CentralChannelProps {
  /** Account and region of the archive beside which the channel is. */
  readonly place: Place;
  /** The settings of the archive account in this region. */
  readonly settings: Pick<Settings, "encryption" | "notifications" | "protect">;
  /** The accounts that send to the channel. */
  readonly members: Members;
  /** Name of the organization, for the description of the key. */
  readonly organization: string;
  /** ARNs of the topics that the alarms about undelivered findings publish to. */
  readonly alarmTopics: readonly string[];
}

/**
 * The central channel: the bus to which the security channels of all accounts forward their findings and alarms, and a
 * topic with a key of its own. What a person does to the key of a target, of an archive or of a replica does not keep
 * this channel from reporting it.
 * @example
 * new CentralChannel(this, "Central", {
 *   place, settings: site.settings, members: membersOf(organization), organization: organization.name, alarmTopics: [],
 * });
 */
export class CentralChannel extends Construct {
  /** The key of the channel's topics; null: they are not encrypted, or the map names an existing topic. */
  readonly key: CentralKey | null;
  /** The bus, which must exist before a rule of the same stack can forward to it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: CentralChannelProps) {
    super(scope, id);
    const { place, settings, members, organization, alarmTopics } = props;
    const { security } = settings.notifications;
    const { topic, deadLetters, sessions, tampering, alarms } = channelNames({ kind: "central", place });
    const topics = createdTopics(topic, security);
    const encrypts = topics.length > 0 && settings.encryption.mode !== "s3-managed";
    const { deletionWindowDays, rotationPeriodDays } = settings.encryption;
    const keyAlias = names.centralKeyAlias(place);
    // The key is created even if the archive's own key is an existing one: a key that is used elsewhere as well could be
    // disabled for another reason, and this channel would be silent, too.
    const { keyArn, keyId } = declareKey(
      this,
      { mode: encrypts ? "customer-managed" : "s3-managed", deletionWindowDays, rotationPeriodDays },
      {
        description: `Central notifications of ${organization} in ${place.region}`,
        alias: keyAlias,
        policy: centralKeyPolicy(place, topics),
        protect: settings.protect,
      },
    );
    this.key = keyId === null ? null : { keyId, keyAlias };
    const bus = new CentralBus(this, "Bus", { place, members });
    this.ready = bus.ready;
    // The messages are those of the other channels, but the place in them is the one of the event.
    const anywhere: Place = { ...place, region: "<region>" };
    const findings = (template: string): EventMessage => ({ paths: SECURITY_PATHS, template });
    const rule = (more: Omit<ChannelRule, "targets">): ChannelRule => ({ ...more, targets: [] });
    new NotificationChannel(this, "Channel", {
      place,
      name: topic,
      topic: security.topic,
      deadLetterQueue: deadLetters,
      keyArn,
      subscribers: security.subscribers,
      chat: security.chat.length > 0,
      alarmTopics,
      bus,
      forwarding: null,
      rules: [
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
        rule({
          id: "AlarmChanges",
          name: alarms,
          description: "Alarms, from all accounts",
          pattern: CENTRAL_PATTERNS.alarms,
          message: alarmMessage(anywhere),
          chat: alarmChat(anywhere),
        }),
      ],
    });
  }
}
