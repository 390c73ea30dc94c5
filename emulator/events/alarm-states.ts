import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Alarms } from "../sns/alarms";
import { alarmEvent } from "./cloudtrail-event";
import type { EventBus } from "./event-bus";

/** The outcome of an alarm's notification at one topic. */
export interface AlarmNotification {
  readonly topicArn: string;
  readonly outcome: "delivered" | "refused";
  /** Why the topic refused the notification. */
  readonly reason?: string;
}

/** Changes the state of deployed alarms, as CloudWatch does when a metric breaches a threshold. */
export class AlarmStates {
  constructor(
    private readonly accounts: AccountClients,
    private readonly bus: EventBus,
    private readonly alarms: Alarms,
  ) {}

  /**
   * Changes an alarm to ALARM: an event goes to EventBridge, and a notification to each topic of the alarm's actions. A
   * topic that refuses is an outcome and not an error.
   * @throws Error when there is no such alarm
   */
  async breach(accountId: string, region: string, alarmName: string): Promise<readonly AlarmNotification[]> {
    const { cloudwatch } = await this.accounts.in(accountId, region);
    const { MetricAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [alarmName] }),
    );
    const [alarm] = MetricAlarms;
    if (alarm === undefined) throw new Error(`There is no alarm ${alarmName} in ${accountId}, ${region}`);
    const { AlarmArn: arn = "", AlarmDescription: description = "", AlarmActions = [] } = alarm;
    await this.bus.send(alarmEvent({ account: accountId, region, arn, name: alarmName, description }));
    const topics = AlarmActions.filter((action) => arnParts(action).service === "sns");
    const told: AlarmNotification[] = [];
    for (const topicArn of topics) {
      try {
        await this.alarms.sound({ accountId, region, alarmName, topicArn });
        told.push({ topicArn, outcome: "delivered" });
      } catch (error) {
        told.push({ topicArn, outcome: "refused", reason: (error as Error).message });
      }
    }
    return told;
  }
}
