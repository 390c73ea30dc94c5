import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LogEvent } from "../../guard/log";
import { guardNames, LAMBDA_METRICS, type Place } from "../names";

/** Which guard the alarms are about, and which topics they publish to. */
export interface GuardAlarmsProps {
  /** Account and region of the guard. */
  readonly place: Place;
  /** Minutes between two checks for missing records; null: the guard does not look for records. */
  readonly checksEveryMinutes: number | null;
  /** ARNs of the topics that the alarms publish to. */
  readonly topicArns: readonly string[];
  /** The guard's log group, which must exist before its metric filter. */
  readonly log: ITerraformDependable;
}

/** A metric of the guard's log events. */
interface Counted {
  /** Construct id of the filter. The alarm has the same id and the suffix `Alarm`. */
  readonly id: string;
  /** Suffix of the names of the filter and the alarm. */
  readonly name: string;
  readonly metric: string;
  readonly events: readonly LogEvent[];
}

const MISSING: Counted = {
  id: "MissingTranscripts",
  name: "missing-transcripts",
  metric: "MissingTranscripts",
  events: ["TranscriptMissing"],
};
const REFUSED: Counted = {
  id: "RefusedEvents",
  name: "refused-events",
  metric: "RefusedEvents",
  events: ["EventRefused", "SessionRefused", "ReportItemRefused"],
};
const CHECKS: Counted = {
  id: "Checks",
  name: "overdue",
  metric: "ChecksUpToDate",
  events: ["CheckUpToDate"],
};

/**
 * Alarms about a guard that fails, that does not run, that is overdue, or that refuses what it is given, and about records
 * that it finds missing. Lambda counts runs and failures. Metric filters count the rest in the guard's log, so that the guard
 * needs no permission to write metrics.
 * @example
 * new GuardAlarms(this, "GuardAlarms", { place, checksEveryMinutes: 60, topicArns: alarmTopics, log: fn.log });
 */
export class GuardAlarms extends Construct {
  constructor(scope: Construct, id: string, props: GuardAlarmsProps) {
    super(scope, id);
    const { checksEveryMinutes, topicArns } = props;
    const names = guardNames(props.place);
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
      namespace: LAMBDA_METRICS,
      metricName: "Errors",
      dimensions: { FunctionName: names.function },
    });
    new CloudwatchMetricAlarm(this, `${REFUSED.id}Alarm`, {
      ...common,
      ...this.count(REFUSED, props, "0"),
      alarmDescription: `${names.function} refused an event, a session or an item of its table. Its log has the reason.`,
    });
    if (checksEveryMinutes === null) return;
    new CloudwatchMetricAlarm(this, `${MISSING.id}Alarm`, {
      ...common,
      ...this.count(MISSING, props, "0"),
      alarmDescription: `Sessions left no record. The security channel has one report of each.`,
    });
    const missing = {
      ...common,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // One period may have no run, because runs do not start to the second.
      evaluationPeriods: 2,
      period: checksEveryMinutes * 60,
      // A check that never runs writes nothing.
      treatMissingData: "breaching",
    };
    new CloudwatchMetricAlarm(this, `${CHECKS.id}Alarm`, {
      ...missing,
      ...this.count(CHECKS, props),
      alarmDescription: `${names.function} has not checked all sessions that ended. It runs every ${checksEveryMinutes} minutes.`,
    });
    // CloudWatch makes metrics from lines of any log group, by a filter or in the embedded metric format, so whoever writes
    // logs of their own can keep the alarm on the checks quiet. Namespaces that begin with AWS/ are reserved for AWS. A request
    // that Lambda throttles is no invocation, so a guard without concurrency sets off this alarm.
    // @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    // @see https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/examples-cloudwatch-publish-custom-metrics.html
    // @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    new CloudwatchMetricAlarm(this, "IdleAlarm", {
      ...missing,
      alarmName: `${names.function}-idle`,
      alarmDescription: `Lambda has not run ${names.function}, which runs every ${checksEveryMinutes} minutes.`,
      namespace: LAMBDA_METRICS,
      metricName: "Invocations",
      dimensions: { FunctionName: names.function },
    });
  }

  /** Declares the filter of a metric. Returns what an alarm needs to watch the metric. */
  private count(
    { id, name, metric, events }: Counted,
    { place, log }: GuardAlarmsProps,
    defaultValue?: string,
  ) {
    const { function: fn, logGroup, namespace } = guardNames(place);
    const conditions = events.map((event) => `$.message.event = "${event}"`);
    const filter = new CloudwatchLogMetricFilter(this, id, {
      name: `${fn}-${name}`,
      logGroupName: logGroup,
      pattern: `{ ${conditions.length === 1 ? conditions[0]! : conditions.map((one) => `(${one})`).join(" || ")} }`,
      metricTransformation: {
        name: metric,
        namespace,
        value: "1",
        ...(defaultValue !== undefined && { defaultValue }),
      },
      dependsOn: [log],
    });
    return { alarmName: `${fn}-${name}`, namespace, metricName: metric, dependsOn: [filter] };
  }
}
