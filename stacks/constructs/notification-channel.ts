import { Construct } from "constructs";
import type { Subscriber } from "../../accounts/settings";
import { arns, type Place } from "../names";
import { deadLetterPolicy } from "../policies/notification-policy";
import { DeadLetterQueue } from "./dead-letter-queue";
import { DeliveryAlarms } from "./delivery-alarms";
import {
  NotificationRule,
  type EventMessage,
  type NotificationRuleProps,
  type RuleTarget,
} from "./notification-rule";
import { NotificationTopic } from "./notification-topic";

/** A rule of a channel: what it matches, and who is told how. */
export type ChannelRule = Omit<NotificationRuleProps, "targets" | "deadLetters"> & {
  /** Construct id: part of the rule's address, which stays. */
  readonly id: string;
  /** What the topic is told. */
  readonly message: EventMessage;
  /** What is invoked besides the topic: at most four. */
  readonly targets: readonly RuleTarget[];
};

export interface NotificationChannelProps {
  readonly place: Place;
  /** Name of the topic; alarms are named after it. */
  readonly name: string;
  readonly deadLetterQueue: string;
  /** ARN of a customer managed key that lets EventBridge and alarms publish; null: not encrypted. */
  readonly keyArn: string | null;
  readonly subscribers: readonly Subscriber[];
  readonly rules: readonly ChannelRule[];
  /** Names of topics that are told when notifications of this channel do not arrive. */
  readonly alarmTopics: readonly string[];
}

/** A topic, the rules that publish to it, what keeps the undelivered, and alarms that tell. */
export class NotificationChannel extends Construct {
  constructor(scope: Construct, id: string, props: NotificationChannelProps) {
    super(scope, id);
    const { place, name, deadLetterQueue: queue } = props;
    const rules = props.rules.map((rule) => rule.name);
    const deadLetters = {
      arn: arns.queue(place, queue),
      ready: new DeadLetterQueue(this, "DeadLetters", {
        name: queue,
        policy: deadLetterPolicy(place, { queue, rules, topic: name }),
      }).ready,
    };
    const { keyArn, subscribers } = props;
    const topic = new NotificationTopic(this, "Topic", { place, name, keyArn, subscribers, deadLetters });
    for (const { id: ruleId, message, targets, ...rule } of props.rules) {
      const told: RuleTarget = {
        id: "Target",
        targetId: "topic",
        arn: topic.arn,
        roleArn: null,
        message,
        ready: topic.ready,
      };
      new NotificationRule(this, ruleId, { ...rule, targets: [told, ...targets], deadLetters });
    }
    const topicArns = props.alarmTopics.map((alarmTopic) => arns.topic(place, alarmTopic));
    new DeliveryAlarms(this, "Alarms", { name, rules, deadLetterQueue: queue, topicArns });
  }
}
