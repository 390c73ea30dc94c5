import { one, subjectOf, type Rule } from "./rule";

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
  {
    id: "EventBridge.3",
    says: "has a policy that says who puts events on it",
    types: ["aws_cloudwatch_event_bus"],
    holds: (subject, plan) =>
      plan.referring("aws_cloudwatch_event_bus_policy", "event_bus_name", subject).length > 0,
    bad: [{ subject: {} }],
    good: {
      subject: {},
      beside: {
        aws_cloudwatch_event_bus_policy: {
          Its: {
            event_bus_name: subjectOf("aws_cloudwatch_event_bus", "name"),
            policy: one({
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::1:root" },
              Action: "events:PutEvents",
            }),
          },
        },
      },
    },
  },
];
