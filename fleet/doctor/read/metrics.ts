import { GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";

/** A metric whose values are added up. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Queries of one call. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const AT_ONCE = 500;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The sums of metrics over a period, in the order of the metrics. A metric without a data point is 0: EventBridge, for
 * instance, publishes nothing about a rule that matches nothing.
 */
export async function readSums(
  cloudwatch: CloudWatchClient,
  metrics: readonly Metric[],
  { since, until }: { readonly since: Date; readonly until: Date },
): Promise<number[]> {
  // CloudWatch keeps minutes for 15 days, and hours for 15 months.
  const Period = until.getTime() - since.getTime() > DAY_MS ? 3600 : 60;
  const sums: number[] = metrics.map(() => 0);
  for (let start = 0; start < metrics.length; start += AT_ONCE) {
    const MetricDataQueries = metrics.slice(start, start + AT_ONCE).map((metric, index) => ({
      Id: `m${start + index}`,
      MetricStat: {
        Metric: {
          Namespace: metric.namespace,
          MetricName: metric.name,
          Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period,
        Stat: "Sum",
      },
    }));
    let NextToken: string | undefined;
    do {
      const page = await cloudwatch.send(
        new GetMetricDataCommand({ MetricDataQueries, StartTime: since, EndTime: until, NextToken }),
      );
      for (const { Id = "", Values = [] } of page.MetricDataResults ?? [])
        sums[Number(Id.slice(1))]! += Values.reduce((sum, value) => sum + value, 0);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
  return sums;
}
