import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface DeliveryAlarmsProps {
  /** Name of the channel: alarms are named `<name>-<what>`. */
  readonly name: string;
  /** Names of the channel's rules; null keeps the place of one that may come back: alarms have numbers. */
  readonly rules: readonly (string | null)[];
  readonly deadLetterQueue: string;
  /** ARNs of topics that are told. */
  readonly topicArns: readonly string[];
}

/** Alarms for notifications that did not arrive: nothing else would say so. */
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
      // No data is the normal state of metrics that count failures.
      treatMissingData: "notBreaching",
      // No okActions: each new alarm turns to OK once, and would greet every subscriber.
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
      // The first rule's alarms have no number: a channel may have one rule more without moving them.
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
