import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

/** What alarms watch, and which topics they publish to. */
export interface DeliveryAlarmsProps {
  /** Name of the channel, with which the name of its own alarm begins. */
  readonly name: string;
  /**
   * Names of the channel's rules. Use null for a rule that is switched off: construct ids of alarms are numbered by
   * position, so removing the entry would replace the alarms after it.
   */
  readonly rules: readonly (string | null)[];
  /** Name of the channel's dead-letter queue. */
  readonly deadLetterQueue: string;
  /** ARNs of the topics that the alarms publish to. */
  readonly topicArns: readonly string[];
}

/**
 * Alarms for notifications that do not arrive. Nothing else makes their absence visible.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 * @example
 * new DeliveryAlarms(this, "Alarms", {
 *   name: "session-audit-acme-activity",
 *   rules: ["session-audit-acme-activity"],
 *   deadLetterQueue: "session-audit-acme-activity-dead-letters",
 *   topicArns: [securityTopicArn],
 * });
 */
export class DeliveryAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, rules, deadLetterQueue, topicArns }: DeliveryAlarmsProps,
  ) {
    super(scope, id);
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
    rules.forEach((rule, index) => {
      if (rule === null) return;
      // Alarms of the first rule have no number, so that adding a second rule does not change their addresses.
      const number = index === 0 ? "" : String(index + 1);
      new CloudwatchMetricAlarm(this, `FailedInvocations${number}`, {
        ...common,
        alarmName: `${rule}-failed-invocations`,
        alarmDescription: `EventBridge could not invoke a target of the rule ${rule}.`,
        namespace: "AWS/Events",
        metricName: "FailedInvocations",
        dimensions: { RuleName: rule },
        statistic: "Sum",
      });
      new CloudwatchMetricAlarm(this, `LostDeadLetters${number}`, {
        ...common,
        alarmName: `${rule}-lost`,
        alarmDescription: `EventBridge could not even keep what it failed to deliver for the rule ${rule}: it is lost.`,
        namespace: "AWS/Events",
        metricName: "InvocationsFailedToBeSentToDlq",
        dimensions: { RuleName: rule },
        statistic: "Sum",
      });
    });
  }
}
