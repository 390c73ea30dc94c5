import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface DeliveryAlarmsProps {
  /** Alarms are named `<name>-<what>`. */
  readonly name: string;
  readonly rule: string;
  readonly deadLetterQueue: string;
  /** Topic that is told. */
  readonly topic: { readonly arn: string };
}

/** Alarms for notifications that did not arrive: nothing else would say so. */
export class DeliveryAlarms extends Construct {
  constructor(scope: Construct, id: string, { name, rule, deadLetterQueue, topic }: DeliveryAlarmsProps) {
    super(scope, id);
    const common = {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      period: 300,
      // No data is the normal state of metrics that count failures.
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
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
    new CloudwatchMetricAlarm(this, "FailedInvocations", {
      ...common,
      alarmName: `${name}-failed-invocations`,
      alarmDescription: `EventBridge could not invoke a target of the rule ${rule}.`,
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { RuleName: rule },
      statistic: "Sum",
    });
    new CloudwatchMetricAlarm(this, "LostDeadLetters", {
      ...common,
      alarmName: `${name}-lost`,
      alarmDescription: `EventBridge could not even keep what it failed to deliver for the rule ${rule}: it is lost.`,
      namespace: "AWS/Events",
      metricName: "InvocationsFailedToBeSentToDlq",
      dimensions: { RuleName: rule },
      statistic: "Sum",
    });
  }
}
