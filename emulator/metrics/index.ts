import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeMetricFiltersCommand, type MetricFilter } from "@aws-sdk/client-cloudwatch-logs";
import type { AccountClients } from "../clients/account-clients";
import { jsonPattern } from "../patterns/json-pattern";

/** A metric of an account and region. */
export interface Metric {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * The metrics that AWS's services publish by themselves, and those that metric filters count. Moto keeps them and answers
 * for them, but its services publish none.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export class Metrics {
  constructor(private readonly accounts: AccountClients) {}

  /** Adds a data point of this moment. */
  async add({ accountId, region, namespace, name, dimensions }: Metric, value = 1): Promise<void> {
    const { cloudwatch } = await this.accounts.in(accountId, region);
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const MetricData = [{ MetricName: name, Dimensions, Value: value, Timestamp: new Date() }];
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  }

  /**
   * Counts lines that were written to a log group, for each metric filter of the group.
   * @throws AwsError for a filter whose pattern the emulator does not know
   */
  async count(
    {
      accountId,
      region,
      group,
    }: { readonly accountId: string; readonly region: string; readonly group: string },
    lines: readonly string[],
  ): Promise<void> {
    for (const filter of await this.filtersOf(accountId, region, group)) {
      const matches = jsonPattern(filter.filterPattern ?? "");
      const matched = lines.filter(matches).length;
      for (const metric of filter.metricTransformations ?? []) {
        const { metricNamespace: namespace = "", metricName: name = "", metricValue, defaultValue } = metric;
        const at = { accountId, region, namespace, name, dimensions: {} };
        // The default counts once for each minute in which lines came that do not match.
        if (matched > 0) await this.add(at, matched * Number(metricValue));
        else if (defaultValue !== undefined) await this.add(at, defaultValue);
      }
    }
  }

  private async filtersOf(accountId: string, region: string, logGroupName: string): Promise<MetricFilter[]> {
    const { logs } = await this.accounts.in(accountId, region);
    try {
      const { metricFilters = [] } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName }));
      return metricFilters;
    } catch (error) {
      if ((error as Error).name === "ResourceNotFoundException") return [];
      throw error;
    }
  }
}
