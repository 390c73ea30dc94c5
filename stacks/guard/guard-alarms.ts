import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { guardNames, type Place } from "../names";

/** Which guard the alarms are about, and which topics they publish to. */
export interface GuardAlarmsProps {
  /** Account and region of the guard. */
  readonly place: Place;
  /** Whether the guard looks for the records of sessions. */
  readonly looks: boolean;
  /** ARNs of the topics that the alarms publish to. */
  readonly topicArns: readonly string[];
  /** The guard's log group, which must exist before its metric filter. */
  readonly log: ITerraformDependable;
}

/** Name of the metric, and the `event` in the log entry that the guard writes for each missing record. */
const MISSING = { metric: "MissingTranscripts", event: "TranscriptMissing" };

/**
 * Alarms about a guard that fails, and about records that the guard finds missing. A metric filter counts the missing
 * records in the guard's log, so that the guard needs no permission to write metrics.
 * @example
 * new GuardAlarms(this, "GuardAlarms", { place, looks: duties.looks, topicArns: alarmTopics, log: fn.log });
 */
export class GuardAlarms extends Construct {
  constructor(scope: Construct, id: string, { place, looks, topicArns, log }: GuardAlarmsProps) {
    super(scope, id);
    const names = guardNames(place);
    const common = {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      period: 300,
      statistic: "Sum",
      treatMissingData: "notBreaching",
      alarmActions: [...topicArns],
    };
    new CloudwatchMetricAlarm(this, "Errors", {
      ...common,
      alarmName: `${names.function}-errors`,
      alarmDescription: `${names.function} failed: a session may run on, or transcripts are not looked for.`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: names.function },
    });
    if (!looks) return;
    const filter = new CloudwatchLogMetricFilter(this, "MissingTranscripts", {
      name: `${names.function}-missing-transcripts`,
      logGroupName: names.logGroup,
      pattern: `{ $.message.event = "${MISSING.event}" }`,
      metricTransformation: {
        name: MISSING.metric,
        namespace: names.namespace,
        value: "1",
        defaultValue: "0",
      },
      dependsOn: [log],
    });
    new CloudwatchMetricAlarm(this, "MissingTranscriptsAlarm", {
      ...common,
      alarmName: `${names.function}-missing-transcripts`,
      alarmDescription: `Sessions left no record. The security channel has one report of each.`,
      namespace: names.namespace,
      metricName: MISSING.metric,
      dependsOn: [filter],
    });
  }
}
