import { Construct } from "constructs";
import type { Settings, Subscriber } from "../../accounts/model/settings";
import type { EventMessage } from "../events/event-message";
import { arns, chatTopic, topicArn, type Place } from "../names";
import { deadLetterPolicy } from "../policies/notification-policy";
import type { Members } from "../policies/principals";
import { CentralForwarding, type ChannelForwarding } from "./central-forwarding";
import { DeadLetterQueue } from "./dead-letter-queue";
import { DeliveryAlarms, numbered } from "./delivery-alarms";
import {
  NotificationRule,
  type CustomBus,
  type NotificationRuleProps,
  type RuleTarget,
} from "./notification-rule";
import { NotificationTopic } from "./notification-topic";

/** A rule of a channel: the events that it matches, its messages, and what it invokes in addition to the topics. */
export type ChannelRule = Omit<NotificationRuleProps, "targets" | "deadLetters" | "bus" | "provider"> & {
  /** Construct id. It is part of the rule's address in the state, so it must not change. */
  readonly id: string;
  /** The message to the channel's topic. */
  readonly message: EventMessage;
  /** The message to the channel's topic for chat. It is not sent if the channel has no chat. */
  readonly chat: EventMessage;
  /**
   * Targets in addition to the topics and the central bus. EventBridge allows five targets for a rule, so there can be
   * four of them, one less if the channel has chat, and one less if it forwards to the central bus.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
   */
  readonly targets: readonly RuleTarget[];
  /**
   * Whether the rule sends its events to the central bus, if the channel forwards at all.
   * @default true
   */
  readonly forwards?: boolean;
  /**
   * Last part of the construct ids of the rule's alarms.
   * @default the number of the rule among those without such a setting
   */
  readonly alarmSuffix?: string;
};

/** What a channel reports, and to whom. */
export interface NotificationChannelProps {
  /** Account and region of the channel. */
  readonly place: Place;
  /** Name of the topic that the channel creates. The names of its alarms begin with it. */
  readonly name: string;
  /**
   * Whether the channel creates a topic, publishes to an existing one, whose subscribers are its owner's, or has none. A
   * rule that has nothing to notify or to invoke is left out.
   */
  readonly topic: Settings["notifications"]["activity"]["topic"];
  /** Name of the queue for what cannot be delivered. */
  readonly deadLetterQueue: string;
  /**
   * ARN of the customer managed key that encrypts the created topics, and whose policy lets EventBridge and alarms
   * publish; null: the topics are not encrypted.
   */
  readonly keyArn: string | null;
  /** ARNs of roles that publish summaries of reports on the created topic. @default nobody does */
  readonly reporters?: readonly string[];
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
  /**
   * The custom event bus that has the rules.
   * @default the default bus of the account
   */
  readonly bus?: CustomBus;
  /**
   * The accounts whose guards publish to the created topics from elsewhere.
   * @default null none do
   */
  readonly guards?: Members | null;
  /** The central bus, to which rules send their events as well; null: the channel forwards nothing. */
  readonly forwarding: ChannelForwarding | null;
}

/** A topic as the target of rules. */
type PublishedTo = Pick<RuleTarget, "arn" | "ready">;

/**
 * A topic, the rules that publish to it, the queue for what cannot be delivered, and the alarms about that queue and
 * those rules.
 * @example
 * new NotificationChannel(this, "Activity", {
 *   place, name: "session-audit-acme-activity", deadLetterQueue: "session-audit-acme-activity-dead-letters",
 *   keyArn: key.arn, topic: { kind: "created" }, subscribers: [], chat: false, rules: [rule], alarmTopics: [],
 *   forwarding: null,
 * });
 */
export class NotificationChannel extends Construct {
  /** The topic for people and programs; null: the channel has none. */
  readonly topic: PublishedTo | null;
  /** The topic for chat; null: the channel has none. */
  readonly chat: PublishedTo | null;

  constructor(scope: Construct, id: string, props: NotificationChannelProps) {
    super(scope, id);
    const { place, name, deadLetterQueue: queue, bus = null, forwarding } = props;
    const reaches = ({ targets, forwards = true }: ChannelRule) =>
      props.topic.kind !== "none" || props.chat || targets.length > 0 || (forwards && forwarding !== null);
    const all = props.rules.map((rule) => (rule !== null && reaches(rule) ? rule : null));
    const present = all.filter((rule) => rule !== null);
    const rules = present.map((rule) => rule.name);
    const forwardingRules = present.filter(({ forwards = true }) => forwards).map((rule) => rule.name);
    const forwardedAlarms = forwarding?.alarms ? [forwarding.alarms.name] : [];
    const deadLetters = {
      arn: arns.queue(place, queue),
      ready: new DeadLetterQueue(this, "DeadLetters", {
        name: queue,
        policy: deadLetterPolicy(place, {
          queue,
          rules: [...rules, ...forwardedAlarms],
          topic: props.topic.kind === "created" ? name : null,
          bus: bus && bus.name,
        }),
      }).ready,
    };
    const central =
      forwarding === null
        ? []
        : [
            new CentralForwarding(this, "Forwarding", {
              place,
              rules: forwardingRules,
              deadLetters,
              forwarding,
            }).target,
          ];
    const { keyArn, subscribers, reporters, guards = null } = props;
    const common = { place, keyArn, guards, deadLetters };
    const arn = topicArn(place, props, name);
    this.topic =
      props.topic.kind === "created"
        ? new NotificationTopic(this, "Topic", { ...common, name, reporters, subscribers })
        : arn === null
          ? null
          : { arn, ready: [] };
    this.chat = props.chat
      ? new NotificationTopic(this, "Chat", { ...common, name: chatTopic(name), subscribers: [] })
      : null;
    for (const { id: ruleId, message, chat, targets, forwards = true, alarmSuffix: _, ...rule } of present) {
      const told = [
        ...(this.topic === null ? [] : [toTopic(this.topic, { id: "Target", targetId: "topic", message })]),
        ...(this.chat === null ? [] : [toTopic(this.chat, { id: "Chat", targetId: "chat", message: chat })]),
      ];
      new NotificationRule(this, ruleId, {
        ...rule,
        targets: [...told, ...targets, ...(forwards ? central : [])],
        deadLetters,
        bus,
      });
    }
    new DeliveryAlarms(this, "Alarms", {
      name,
      rules: [
        ...numbered(
          all
            .filter((_, index) => props.rules[index]?.alarmSuffix === undefined)
            .map((rule) => rule && rule.name),
        ),
        ...present.flatMap(({ name: rule, alarmSuffix: suffix }) =>
          suffix === undefined ? [] : { name: rule, suffix },
        ),
        ...forwardedAlarms.map((name) => ({ name, suffix: "Forwarding" })),
      ],
      bus: bus && bus.name,
      deadLetterQueue: queue,
      topicArns: props.alarmTopics,
    });
  }
}

/** A topic as the target of a rule. EventBridge needs no role, because the topic's policy lets it publish. */
export const toTopic = (
  { arn, ready }: PublishedTo,
  target: Pick<RuleTarget, "id" | "targetId" | "message">,
): RuleTarget => ({ ...target, arn, roleArn: null, ready });
