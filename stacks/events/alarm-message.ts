import { consoleAlarmsUrl, type Place } from "../names";
import { customNotification } from "./chat-message";
import type { EventMessage } from "./event-message";

/**
 * Paths into the event of an alarm whose state changes.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
const ALARM_PATHS = {
  alarm: "$.detail.alarmName",
  state: "$.detail.state.value",
  reason: "$.detail.state.reason",
  description: "$.detail.configuration.description",
  when: "$.time",
  account: "$.account",
  region: "$.region",
} as const;

/**
 * The message about an alarm that came from EventBridge and not from CloudWatch. Like the notification of CloudWatch, it
 * has no field `action`, so that a filter policy on that field keeps both out.
 */
export const alarmMessage = (place: Place): EventMessage => ({
  paths: ALARM_PATHS,
  template: JSON.stringify(
    {
      summary: "The alarm <alarm> changed to <state> in account <account>, <region>",
      alarm: "<alarm>",
      state: "<state>",
      description: "<description>",
      reason: "<reason>",
      when: "<when>",
      account: "<account>",
      region: "<region>",
      console: consoleAlarmsUrl(place),
    },
    null,
    2,
  ),
});

/**
 * Chat message about an alarm. It leaves out the reason of the new state, which the caller of `SetAlarmState` writes
 * freely.
 */
export const alarmChat = (place: Place): EventMessage =>
  customNotification(ALARM_PATHS, {
    title: "Alarm <alarm> in account <account>, <region>",
    lines: ["`<alarm>` changed to <state> at <when>", consoleAlarmsUrl(place)],
  });
