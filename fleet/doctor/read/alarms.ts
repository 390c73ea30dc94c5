import { paginateDescribeAlarms, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { AlarmState } from "../checks/alarms";

/** Most names that one DescribeAlarms call takes. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const AT_ONCE = 100;

/** Alarms by their names. An alarm that does not exist is not among them. */
export async function readAlarms(
  client: CloudWatchClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, AlarmState>> {
  const found = new Map<string, AlarmState>();
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const AlarmNames = names.slice(start, start + AT_ONCE);
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNames })) {
      for (const alarm of MetricAlarms) {
        found.set(alarm.AlarmName ?? "", {
          state: alarm.StateValue ?? "",
          since: alarm.StateUpdatedTimestamp ?? null,
          reason: alarm.StateReason ?? "",
          acts: alarm.ActionsEnabled !== false,
          actions: alarm.AlarmActions ?? [],
        });
      }
    }
  }
  return found;
}
