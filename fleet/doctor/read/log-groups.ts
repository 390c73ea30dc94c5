import { paginateDescribeLogGroups, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { LogGroupState } from "../checks/log-groups";

/** A log group; null: there is none of this name. */
export async function readLogGroup(
  client: CloudWatchLogsClient,
  logGroupNamePrefix: string,
): Promise<LogGroupState | null> {
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
    const group = logGroups.find(({ logGroupName }) => logGroupName === logGroupNamePrefix);
    if (group !== undefined) return { keyArn: group.kmsKeyId ?? null, days: group.retentionInDays ?? null };
  }
  return null;
}
