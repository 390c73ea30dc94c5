import type { Rule } from "./rule";

/** Rules about the delivery of events and messages: what cannot be delivered must go to a dead-letter queue. */
export const DELIVERY_RULES: readonly Rule[] = [
  {
    id: "DeadLetters.1",
    says: "has a dead-letter queue for events that cannot be delivered",
    types: ["aws_cloudwatch_event_target"],
    holds: ({ attributes }) => attributes["dead_letter_config"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { dead_letter_config: { arn: "queue" } } },
  },
  {
    id: "DeadLetters.2",
    says: "has a dead-letter queue for messages that cannot be delivered, unless it delivers email",
    types: ["aws_sns_topic_subscription"],
    holds: ({ attributes }) =>
      /^email/.test(String(attributes["protocol"])) || attributes["redrive_policy"] !== undefined,
    bad: [{ subject: { protocol: "https" } }],
    good: { subject: { protocol: "https", redrive_policy: "{}" } },
  },
];
