import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

/** A rule that alarms watch. */
export interface WatchedRule {
  /** Name of the rule. The names of its alarms begin with it. */
  readonly name: string;
  /** Last part of the construct ids of the rule's alarms. */
  readonly suffix: string;
}

/** What alarms watch, and which topics they publish to. */
export interface DeliveryAlarmsProps {
  /** Name of the channel. The name of the channel's own alarm begins with it. */
  readonly name: string;
  /** The rules of the channel. */
  readonly rules: readonly WatchedRule[];
  /**
   * Name of the custom event bus that has the rules.
   * @default the default bus of the account
   */
  readonly bus?: string | null;
  /** Name of the channel's dead-letter queue. */
  readonly deadLetterQueue: string;
  /** ARNs of the topics that the alarms publish to. */
  readonly topicArns: readonly string[];
}

/**
 * The rules that alarms watch, with the suffix of their construct ids. The suffix is the position of the rule. Use null
 * for a rule that is switched off: if the entry were missing, Terraform would replace the alarms of the rules after it.
 * The first rule has no suffix, so that adding a second rule does not change its addresses.
 * @param rules names of rules
 */
export const numbered = (rules: readonly (string | null)[]): WatchedRule[] =>
  rules.flatMap((name, index) =>
    name === null ? [] : { name, suffix: index === 0 ? "" : String(index + 1) },
  );

/**
 * Alarms for notifications that are not delivered. Without the alarms, nobody would notice that a notification is
 * missing.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 * @example
 * new DeliveryAlarms(this, "Alarms", {
 *   name: "session-audit-acme-activity",
 *   rules: numbered(["session-audit-acme-activity"]),
 *   deadLetterQueue: "session-audit-acme-activity-dead-letters",
 *   topicArns: [securityTopicArn],
 * });
 */
export class DeliveryAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DeliveryAlarmsProps) {
    super(scope, id);
    const { name, rules, bus = null, deadLetterQueue, topicArns } = props;
    const common = {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      period: 300,
      // Metrics that count failures have no data points while nothing fails.
      treatMissingData: "notBreaching",
      // There are no okActions: a new alarm changes from INSUFFICIENT_DATA to OK, which would notify every
      // subscriber once for each alarm.
      // @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      alarmActions: [...topicArns],
    };
    new CloudwatchMetricAlarm(this, "DeadLetters", {
      ...common,
      alarmName: `${name}-undelivered`,
      alarmDescription: `Notifications wait in ${deadLetterQueue}: they could not be delivered.`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetterQueue },
      statistic: "Maximum",
    });
    for (const { name: rule, suffix } of rules) {
      // EventBridge names the bus in the metrics of a rule on a custom bus, and only there.
      const dimensions = { ...(bus !== null && { EventBusName: bus }), RuleName: rule };
      new CloudwatchMetricAlarm(this, `FailedInvocations${suffix}`, {
        ...common,
        alarmName: `${rule}-failed-invocations`,
        alarmDescription: `EventBridge could not invoke a target of the rule ${rule}.`,
        namespace: "AWS/Events",
        metricName: "FailedInvocations",
        dimensions,
        statistic: "Sum",
      });
      new CloudwatchMetricAlarm(this, `LostDeadLetters${suffix}`, {
        ...common,
        alarmName: `${rule}-lost`,
        alarmDescription: `EventBridge could not even keep what it failed to deliver for the rule ${rule}: it is lost.`,
        namespace: "AWS/Events",
        metricName: "InvocationsFailedToBeSentToDlq",
        dimensions,
        statistic: "Sum",
      });
    }
  }
}
