import { Construct } from "constructs";
import type { Settings, Subscriber } from "../../accounts/model/settings";
import { arns, chatTopic, topicArn, type Place } from "../names";
import { deadLetterPolicy } from "../policies/notification-policy";
import { DeadLetterQueue } from "./dead-letter-queue";
import { DeliveryAlarms } from "./delivery-alarms";
import { NotificationRule, type NotificationRuleProps, type RuleTarget } from "./notification-rule";
import { NotificationTopic } from "./notification-topic";
import type { EventMessage } from "../events/event-message";

/** A rule of a channel: what it matches, and who is told how. */
export type ChannelRule = Omit<NotificationRuleProps, "targets" | "deadLetters"> & {
  /** Construct id: part of the rule's address, which stays. */
  readonly id: string;
  /** What the topic is told. */
  readonly message: EventMessage;
  /** What chat is told, where there is any. */
  readonly chat: EventMessage;
  /** What is invoked besides the topic: at most four, or three where there is chat. */
  readonly targets: readonly RuleTarget[];
};

export interface NotificationChannelProps {
  readonly place: Place;
  /** Alarms are named after it, and so is the topic that is created. */
  readonly name: string;
  /** The topic: one that is created, or one that exists, which has subscribers of its own. */
  readonly topic: Settings["notifications"]["activity"]["topic"];
  readonly deadLetterQueue: string;
  /** ARN of a customer managed key that lets EventBridge and alarms publish; null: not encrypted. */
  readonly keyArn: string | null;
  readonly subscribers: readonly Subscriber[];
  /** Whether there is a topic for chat besides, which another stack subscribes chat channels to. */
  readonly chat: boolean;
  /** null keeps the place of a rule that may come: the alarms of those after it have numbers. */
  readonly rules: readonly (ChannelRule | null)[];
  /** ARNs of topics that are told when notifications of this channel do not arrive. */
  readonly alarmTopics: readonly string[];
}

/** A topic or what exists as one, the rules that publish to it, what keeps the undelivered, and alarms that tell. */
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

/** The topic's policy lets EventBridge publish: no role is needed. */
const toTopic = (
  { arn, ready }: Pick<RuleTarget, "arn" | "ready">,
  target: Pick<RuleTarget, "id" | "targetId" | "message">,
): RuleTarget => ({ ...target, arn, roleArn: null, ready });
