import { Construct } from "constructs";
import type { Settings, Subscriber } from "../../accounts/model/settings";
import { arns, chatTopic, topicArn, type Place } from "../names";
import { deadLetterPolicy } from "../policies/notification-policy";
import { DeadLetterQueue } from "./dead-letter-queue";
import { DeliveryAlarms } from "./delivery-alarms";
import { NotificationRule, type NotificationRuleProps, type RuleTarget } from "./notification-rule";
import { NotificationTopic } from "./notification-topic";
import type { EventMessage } from "../events/event-message";

/** A rule of a channel: the events that it matches, its messages, and what it invokes in addition to the topics. */
export type ChannelRule = Omit<NotificationRuleProps, "targets" | "deadLetters" | "provider"> & {
  /** Construct id. It is part of the rule's address in the state, so it must not change. */
  readonly id: string;
  /** The message to the channel's topic. */
  readonly message: EventMessage;
  /** The message to the channel's topic for chat. It is not sent if the channel has no chat. */
  readonly chat: EventMessage;
  /**
   * Targets in addition to the topics. EventBridge allows five targets for a rule, so there can be four of them, or
   * three if the channel has chat.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
   */
  readonly targets: readonly RuleTarget[];
};

/** What a channel reports, and to whom. */
export interface NotificationChannelProps {
  /** Account and region of the channel. */
  readonly place: Place;
  /** Name of the topic that the channel creates. The names of its alarms begin with it. */
  readonly name: string;
  /** Whether the channel creates a topic, or publishes to an existing one, whose subscribers are its owner's. */
  readonly topic: Settings["notifications"]["activity"]["topic"];
  /** Name of the queue for what cannot be delivered. */
  readonly deadLetterQueue: string;
  /**
   * ARN of the customer managed key that encrypts the created topics, and whose policy lets EventBridge and alarms
   * publish; null: the topics are not encrypted.
   */
  readonly keyArn: string | null;
  /** Subscribers of a created topic: protocol, endpoint and filter policy of each. */
  readonly subscribers: readonly Subscriber[];
  /** Whether the channel has a second topic for chat. The stack of the account's chat subscribes channels to it. */
  readonly chat: boolean;
  /**
   * The rules of the channel. Use null for a rule that is switched off. Construct ids of alarms are numbered by
   * position, so removing the entry would replace the alarms after it.
   */
  readonly rules: readonly (ChannelRule | null)[];
  /** ARNs of the topics that the alarms about undelivered notifications of this channel publish to. */
  readonly alarmTopics: readonly string[];
}

/**
 * A topic, the rules that publish to it, the queue for what cannot be delivered, and the alarms about that queue and
 * those rules.
 * @example
 * new NotificationChannel(this, "Activity", {
 *   place, name: "session-audit-acme-activity", deadLetterQueue: "session-audit-acme-activity-dead-letters",
 *   keyArn: key.arn, topic: { kind: "created" }, subscribers: [], chat: false, rules: [rule], alarmTopics: [],
 * });
 */
export class NotificationChannel extends Construct {
  constructor(scope: Construct, id: string, props: NotificationChannelProps) {
    super(scope, id);
    const { place, name, deadLetterQueue: queue } = props;
    const present = props.rules.filter((rule) => rule !== null);
    const rules = present.map((rule) => rule.name);
    const deadLetters = {
      arn: arns.queue(place, queue),
      ready: new DeadLetterQueue(this, "DeadLetters", {
        name: queue,
        policy: deadLetterPolicy(place, {
          queue,
          rules,
          topic: props.topic.kind === "created" ? name : null,
        }),
      }).ready,
    };
    const { keyArn, subscribers } = props;
    const topic =
      props.topic.kind === "created"
        ? new NotificationTopic(this, "Topic", { place, name, keyArn, subscribers, deadLetters })
        : { arn: topicArn(place, props, name), ready: [] };
    const chatName = chatTopic(name);
    const forChat = props.chat
      ? new NotificationTopic(this, "Chat", { place, name: chatName, keyArn, subscribers: [], deadLetters })
      : null;
    for (const { id: ruleId, message, chat, targets, ...rule } of present) {
      const told = [
        toTopic(topic, { id: "Target", targetId: "topic", message }),
        ...(forChat === null ? [] : [toTopic(forChat, { id: "Chat", targetId: "chat", message: chat })]),
      ];
      new NotificationRule(this, ruleId, { ...rule, targets: [...told, ...targets], deadLetters });
    }
    new DeliveryAlarms(this, "Alarms", {
      name,
      rules: props.rules.map((rule) => rule && rule.name),
      deadLetterQueue: queue,
      topicArns: props.alarmTopics,
    });
  }
}

/** A topic as the target of a rule. EventBridge needs no role, because the topic's policy lets it publish. */
const toTopic = (
  { arn, ready }: Pick<RuleTarget, "arn" | "ready">,
  target: Pick<RuleTarget, "id" | "targetId" | "message">,
): RuleTarget => ({ ...target, arn, roleArn: null, ready });
