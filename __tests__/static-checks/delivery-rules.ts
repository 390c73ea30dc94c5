import type { Rule } from "./rule";

/** Checks of what delivers messages: nothing that fails may be lost without a trace. */
export const DELIVERY_RULES: readonly Rule[] = [
  {
    id: "DeadLetters.1",
    says: "keeps events that its target does not take",
    types: ["aws_cloudwatch_event_target"],
    holds: ({ attributes }) => attributes["dead_letter_config"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { dead_letter_config: { arn: "queue" } } },
  },
  {
    id: "DeadLetters.2",
    says: "keeps messages that a machine does not take",
    types: ["aws_sns_topic_subscription"],
    holds: ({ attributes }) =>
      /^email/.test(String(attributes["protocol"])) || attributes["redrive_policy"] !== undefined,
    bad: [{ subject: { protocol: "https" } }],
    good: { subject: { protocol: "https", redrive_policy: "{}" } },
  },
];
