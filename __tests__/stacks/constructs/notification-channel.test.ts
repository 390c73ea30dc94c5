import { sessionStack } from "../../helpers/session-stack";

describe("notifications", () => {
  it("report the calls of the map, and only those that succeeded", () => {
    const stack = sessionStack((m) => (m.notifications!.activity!.events = ["StartSession"]));
    expect(stack.document("aws_cloudwatch_event_rule", "event_pattern", /^Activity/)).toMatchObject({
      source: ["aws.ssm"],
      detail: { eventName: ["StartSession"], errorCode: [{ exists: false }] },
    });
  });

  it("are not set up where they are off", () => {
    const stack = sessionStack((m) => (m.notifications!.activity!.enabled = false));
    expect(stack.addresses.filter((address) => /Activity/.test(address))).toEqual([]);
  });

  it("filter on the body of the message, and keep what machines do not take", () => {
    const stack = sessionStack((m) => {
      m.accounts["payments"]!.notifications = {
        activity: {
          subscribers: [
            {
              protocol: "sqs",
              endpoint: "arn:aws:sqs:us-east-1:444444444444:siem",
              filterPolicy: { action: ["StartSession"] },
            },
          ],
        },
      };
    });
    expect(stack.the("aws_sns_topic_subscription")).toMatchObject({
      filter_policy: '{"action":["StartSession"]}',
      filter_policy_scope: "MessageBody",
      redrive_policy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:444444444444:session-audit-acme-activity-dead-letters"}',
    });
  });

  it("are retried for a day, then kept for two weeks, and alarms tell", () => {
    const stack = sessionStack();
    expect(stack.the("aws_cloudwatch_event_target", /^Activity/)).toMatchObject({
      retry_policy: { maximum_event_age_in_seconds: 86400, maximum_retry_attempts: 185 },
      dead_letter_config: {
        arn: "arn:aws:sqs:us-east-1:444444444444:session-audit-acme-activity-dead-letters",
      },
    });
    expect(stack.the("aws_sqs_queue", /^Activity/)["message_retention_seconds"]).toBe(1209600);
    const alarms = Object.entries(stack.all("aws_cloudwatch_metric_alarm"))
      .filter(([id]) => id.startsWith("Activity"))
      .map(([, alarm]) => alarm);
    expect(alarms.map((alarm) => alarm["metric_name"]).sort()).toEqual([
      "ApproximateNumberOfMessagesVisible",
      "FailedInvocations",
      "InvocationsFailedToBeSentToDlq",
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        comparison_operator: "GreaterThanThreshold",
        threshold: 0,
        treat_missing_data: "notBreaching",
      });
      expect(alarm["alarm_actions"]).toContain(
        "arn:aws:sns:us-east-1:444444444444:session-audit-acme-activity",
      );
    }
  });
});
