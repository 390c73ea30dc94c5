import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { guardNames, type Place } from "../names";

export interface GuardAlarmsProps {
  readonly place: Place;
  /** Whether it looks for transcripts. */
  readonly looks: boolean;
  /** ARNs of topics that are told. */
  readonly topicArns: readonly string[];
  /** The guard's log group. */
  readonly log: ITerraformDependable;
}

/** The metric's name, and what the guard writes for each transcript that it found missing. */
const MISSING = { metric: "MissingTranscripts", event: "TranscriptMissing" };

/** Alarms for a guard that fails, and for transcripts that it misses: counted from its log, so that it need not write metrics. */
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
