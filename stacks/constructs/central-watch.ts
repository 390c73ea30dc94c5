import { Construct } from "constructs";
import { centralTampering, type WatchedCentral } from "../events/central-patterns";
import { tamperingChat } from "../events/chat-message";
import type { EventMessage } from "../events/event-message";
import { SECURITY_PATHS, tamperingTemplate } from "../events/security-message";
import {
  channelFindings,
  deliveryFindings,
  tamperingFindings,
  type WatchedResources,
} from "../events/security-patterns";
import { channelNames, type Place } from "../names";
import { NotificationChannel, toTopic, type ChannelRule } from "./notification-channel";
import type { RuleTarget } from "./notification-rule";

/** What is watched, and which topics have the findings. */
export interface CentralWatchProps {
  /** Account and region of the central channels. */
  readonly place: Place;
  /** The buses and keys of the central channels. */
  readonly channels: readonly WatchedCentral[];
  /** The topics of each central channel, which has a key of its own. */
  readonly topics: readonly Pick<NotificationChannel, "topic" | "chat">[];
  /** The rules, topics, queues and alarms of the account in this region. */
  readonly watched: WatchedResources;
  /** ARNs of roles whose changes are expected and not reported. */
  readonly ignoredRoles: readonly string[];
  /** ARNs of the topics that the alarms about undelivered findings publish to. */
  readonly alarmTopics: readonly string[];
}

/**
 * Reports changes to the central channels themselves, on the topics of all of them: what a person does to the key of one
 * topic is on the other one. The calls are events of the account's default bus, and no other account forwards them.
 * @example
 * new CentralWatch(this, "Watch", {
 *   place, channels: [activity.watched, security.watched], topics: [activity.topics, security.topics],
 *   watched: centralWatchedResourcesOf(organization, central), ignoredRoles: [], alarmTopics,
 * });
 */
export class CentralWatch extends Construct {
  constructor(scope: Construct, id: string, props: CentralWatchProps) {
    super(scope, id);
    const { place, channels, topics, watched, ignoredRoles, alarmTopics } = props;
    const names = channelNames({ kind: "watch", place });
    const message: EventMessage = { paths: SECURITY_PATHS, template: tamperingTemplate(place) };
    const chat = tamperingChat(place);
    const targets = topics.flatMap((of, index) => [
      ...told(of.topic, { id: `Topic${index + 1}`, targetId: `topic-${index + 1}`, message }),
      ...told(of.chat, { id: `Chat${index + 1}`, targetId: `chat-${index + 1}`, message: chat }),
    ]);
    const rule = (of: Pick<ChannelRule, "id" | "name" | "description" | "pattern">): ChannelRule => ({
      ...of,
      message,
      chat,
      targets,
    });
    new NotificationChannel(this, "Channel", {
      place,
      name: names.topic,
      topic: { kind: "none" },
      deadLetterQueue: names.deadLetters,
      keyArn: null,
      subscribers: [],
      chat: false,
      alarmTopics,
      forwarding: null,
      rules: [
        rule({
          id: "Central",
          name: names.central,
          description: "Changes to the buses and the keys of the central channels",
          pattern: centralTampering(channels, ignoredRoles),
        }),
        rule({
          id: "Tampering",
          name: names.tampering,
          description: "Changes to the trail that findings depend on",
          pattern: tamperingFindings(watched, ignoredRoles),
        }),
        rule({
          id: "Channels",
          name: names.channels,
          description: "Changes to what reports sessions and findings",
          pattern: channelFindings(place, watched, ignoredRoles),
        }),
        rule({
          id: "Delivery",
          name: names.delivery,
          description: "Changes to what carries events and messages",
          pattern: deliveryFindings(place, watched, ignoredRoles),
        }),
      ],
    });
  }
}

/** A topic as the target of the rules, if the channel has it. */
const told = (
  topic: NotificationChannel["topic"],
  target: Pick<RuleTarget, "id" | "targetId" | "message">,
): RuleTarget[] => (topic === null ? [] : [toTopic(topic, target)]);
