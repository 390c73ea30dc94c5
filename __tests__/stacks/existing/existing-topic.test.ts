import type { AccountsMap } from "../../../accounts/schema";
import { exampleWith, synthesizeOne } from "../../helpers/synth";

const SIEM = "arn:aws:sns:us-east-1:444444444444:siem";
const SECURITY = "arn:aws:sns:us-east-1:444444444444:session-audit-acme-security";

const withTopics = (topics: { activity?: string; security?: string }) =>
  exampleWith((map: AccountsMap) => {
    map.notifications = {
      activity: topics.activity === undefined ? {} : { topic: { existing: topics.activity } },
      security: topics.security === undefined ? {} : { topic: { existing: topics.security } },
    };
  });
const stackWith = (topics: { activity?: string; security?: string }) =>
  synthesizeOne("session-payments-us-east-1", withTopics(topics));
type Statements = { Statement: { Sid: string; Condition?: Record<string, Record<string, unknown>> }[] };

describe("a channel with an existing topic", () => {
  const stack = stackWith({ activity: "siem" });

  it("creates no topic, no topic policy and no subscription", () => {
    expect(stack.addresses.filter((address) => /aws_sns_topic\w*\.Activity/.test(address))).toEqual([]);
    expect(stack.the("aws_sns_topic")["name"]).toBe("session-audit-acme-security");
  });

  it("publishes to the topic of that name in the target's own account and region", () => {
    expect(stack.the("aws_cloudwatch_event_target", /Activity/)["arn"]).toBe(SIEM);
    expect(stack.json.output!["activity_topic_arn"]!.value).toBe(SIEM);
  });

  it("has its rule, queue and alarms at the same addresses as with a created topic", () => {
    const before = synthesizeOne("session-payments-us-east-1").addresses;
    expect(before).toEqual(expect.arrayContaining(stack.addresses));
    expect(before.filter((address) => !stack.addresses.includes(address))).toEqual([
      "aws_sns_topic.Activity_Topic_5AA473BB",
      "aws_sns_topic_policy.Activity_Topic_Policy_FD77723F",
      "aws_sns_topic_subscription.Activity_Topic_Subscriber-email-securityexamplecom_D09E022B",
    ]);
  });

  it("has a dead-letter queue for its rule, and not for the subscriptions of the topic", () => {
    const sids = stack
      .document<Statements>("aws_sqs_queue_policy", "policy", /Activity/)
      .Statement.map(({ Sid }) => Sid);
    expect(sids).toEqual(["EventBridgeKeepsUndelivered", "RefusePlainHttp"]);
  });

  it("sends the alarms of both channels to the topic", () => {
    for (const alarm of Object.values(stack.all("aws_cloudwatch_metric_alarm"))) {
      expect(alarm["alarm_actions"]).toEqual([SIEM, SECURITY]);
    }
  });

  it("outputs what the topic's policy must allow, and grants nothing in the key's policy", () => {
    const required = stack.json.output!["required_topic_statements"]!.value as Record<string, object[]>;
    expect(required).toEqual({
      [SIEM]: [
        expect.objectContaining({ Sid: "EventBridgePublishes", Resource: SIEM }),
        expect.objectContaining({ Sid: "AlarmsPublish", Resource: SIEM }),
      ],
    });
    expect(stack.the("aws_kms_key")["policy"]).not.toContain("siem");
  });

  it("reports changes of the topic as tampering", () => {
    expect(stack.the("aws_cloudwatch_event_rule", /Channels/)["event_pattern"]).toContain(SIEM);
  });

  it("uses the ARN of a topic unchanged", () => {
    const map = exampleWith((m) => {
      m.accounts["sandbox"]!.notifications = {
        activity: { topic: { existing: "arn:aws:sns:eu-central-1:222222222222:siem" }, subscribers: [] },
      };
    });
    const target = synthesizeOne("session-sandbox-eu-central-1", map).the(
      "aws_cloudwatch_event_target",
      /Activity/,
    );
    expect(target["arn"]).toBe("arn:aws:sns:eu-central-1:222222222222:siem");
  });

  it("can be the channel of an archive, with a topic of the archive's account", () => {
    const arn = "arn:aws:sns:eu-central-1:111111111111:siem";
    const map = exampleWith((m) => {
      m.accounts["log-archive"]!.notifications = { security: { topic: { existing: "siem" } } };
    });
    const archive = synthesizeOne("archive-eu-central-1", map);
    expect(archive.all("aws_sns_topic")).toEqual({});
    const targets = Object.values(archive.all("aws_cloudwatch_event_target"));
    expect(new Set(targets.map((target) => target["arn"]))).toEqual(new Set([arn]));
    expect(archive.json.output!["security_topic_arn"]!.value).toBe(arn);
    expect(Object.keys(archive.json.output!["required_topic_statements"]!.value as object)).toEqual([arn]);
    expect(archive.the("aws_kms_key")["policy"]).not.toContain("sns");
  });
});

it("both channels may have one topic, which receives each alarm once, and the key's policy allows no publisher", () => {
  const stack = stackWith({ activity: "siem", security: "siem" });
  for (const alarm of Object.values(stack.all("aws_cloudwatch_metric_alarm"))) {
    expect(alarm["alarm_actions"]).toEqual([SIEM]);
  }
  expect(stack.the("aws_kms_key")["policy"]).not.toContain("EventBridgePublishesToTopics");
});

it("a channel may have the created topic of the other channel, whose policy then needs no further statements", () => {
  const stack = stackWith({ activity: "session-audit-acme-security" });
  expect(stack.the("aws_cloudwatch_event_target", /Activity/)["arn"]).toBe(SECURITY);
  expect(stack.json.output!["required_topic_statements"]).toBeUndefined();
});
