import { SUBSCRIBER_RULES } from "../../../review/findings/subscribers";
import type { Json } from "../../../review/plan-json";
import { findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

const TOPIC = "arn:aws:sns:eu-central-1:444444444444:session-audit-acme-security";
const topic: Planned = {
  type: "aws_sns_topic",
  before: { name: "session-audit-acme-security", arn: TOPIC },
  after: { name: "session-audit-acme-security", arn: TOPIC },
};
type Settings = { readonly [name: string]: Json };
const subscribed = (before: Settings | null, after: Settings | null, name = "This"): Planned => {
  const whole = (settings: Settings | null) =>
    settings && { protocol: "email", endpoint: "a@example.com", topic_arn: TOPIC, ...settings };
  return { type: "aws_sns_topic_subscription", name, before: whole(before), after: whole(after) };
};
const logs = (before: Settings | null, after: Settings | null): Planned => {
  const whole = (settings: Settings | null) =>
    settings && {
      name: "siem",
      log_group_name: "/sessions",
      destination_arn: "theirs",
      filter_pattern: "",
      ...settings,
    };
  return { type: "aws_cloudwatch_log_subscription_filter", before: whole(before), after: whole(after) };
};
const group = (before: Settings | null): Planned => ({
  type: "aws_cloudwatch_log_group",
  before,
  after: { name: "/sessions" },
});
const target = (before: Settings | null, after: Settings | null): Planned => {
  const whole = (settings: Settings | null) => settings && { rule: "tampering", target_id: "x", ...settings };
  return { type: "aws_cloudwatch_event_target", before: whole(before), after: whole(after) };
};
const rule = (before: Settings | null): Planned => ({
  type: "aws_cloudwatch_event_rule",
  before,
  after: { name: "tampering" },
});
const notification = (before: readonly string[], after: readonly string[]): Planned => {
  const of = (arns: readonly string[]) => ({
    bucket: "audit",
    lambda_function: arns.map((arn) => ({ lambda_function_arn: arn })),
    queue: [],
    topic: [],
  });
  return { type: "aws_s3_bucket_notification", before: of(before), after: of(after) };
};

testRules(SUBSCRIBER_RULES, [
  {
    rule: "subscriber-added",
    severity: "medium",
    title: "email a@example.com is notified of what is published to session-audit-acme-security",
    found: [topic, subscribed(null, {})],
    not: {
      type: "aws_sns_topic_subscription",
      before: null,
      after: { protocol: "email", endpoint: "a@example.com" },
      unknown: { topic_arn: true },
    },
  },
  {
    rule: "subscriber-removed",
    severity: "high",
    title: "email a@example.com no longer receives what is published to session-audit-acme-security",
    found: [topic, subscribed({}, null)],
    not: [{ ...topic, after: null }, subscribed({}, null)],
  },
  {
    rule: "subscriber-removed",
    severity: "medium",
    title: "email a@example.com no longer receives what is published to session-audit-acme-security",
    found: [
      topic,
      subscribed({}, null),
      subscribed({ endpoint: "b@example.com" }, { endpoint: "b@example.com" }, "Other"),
    ],
    not: [topic, subscribed({}, {})],
  },
  {
    rule: "subscriber-changed",
    severity: "medium",
    title: "email b@example.com takes the place of email a@example.com at session-audit-acme-security",
    found: subscribed({}, { endpoint: "b@example.com" }),
    not: subscribed({}, { delivery_policy: "{}" }),
  },
  {
    rule: "subscriber-changed",
    severity: "medium",
    title: "email a@example.com is notified of other notifications of session-audit-acme-security",
    found: subscribed({}, { filter_policy: '{"action":["StartSession"]}' }),
    not: subscribed({ filter_policy: "{}" }, { filter_policy: "{}", raw_message_delivery: true }),
  },
  {
    rule: "log-subscription-added",
    severity: "high",
    title: "The session logs of payments, eu-central-1 are sent to theirs",
    found: [group({ name: "/sessions" }), logs(null, {})],
    not: [group(null), logs(null, {})],
  },
  {
    rule: "log-subscription-added",
    severity: "high",
    title: "The session logs of payments, eu-central-1 are sent to theirs",
    found: logs(null, {}),
    not: logs({}, null),
  },
  {
    rule: "log-subscription-moved",
    severity: "high",
    title: "The session logs of payments, eu-central-1 are sent to evil instead of theirs",
    found: logs({}, { destination_arn: "evil" }),
    not: logs({}, { filter_pattern: "x" }),
  },
  {
    rule: "log-subscription-filtered",
    severity: "medium",
    title: "The subscription of the session logs siem sends only lines that match sudo (until now: nothing)",
    found: logs({}, { filter_pattern: "sudo" }),
    not: logs({ filter_pattern: "sudo" }, {}),
  },
  {
    rule: "action-added",
    severity: "medium",
    title: "The rule tampering also invokes arn:aws:lambda:x",
    found: [rule({ name: "tampering" }), target(null, { arn: "arn:aws:lambda:x" })],
    not: [rule(null), target(null, { arn: "arn:aws:lambda:x" })],
  },
  {
    rule: "action-moved",
    severity: "high",
    title: "A rule invokes b instead of a",
    found: target({ arn: "a" }, { arn: "b" }),
    not: target({ arn: "a" }, { arn: "a", input: "{}" }),
  },
  {
    rule: "action-role-changed",
    severity: "medium",
    title: "The target of a rule tampering to x is invoked with the role b instead of a",
    found: target({ role_arn: "a" }, { role_arn: "b" }),
    not: target({ role_arn: "a" }, { role_arn: "a", input: "{}" }),
  },
  ...(["input", "input_path"] as const).map((name) => ({
    rule: "action-input-changed",
    severity: "medium" as const,
    title: `The target of a rule tampering to x gets the ${name} {} instead of nothing`,
    found: target({ [name]: null }, { [name]: "{}" }),
    not: target({ [name]: null }, { [name]: "" }),
  })),
  {
    rule: "action-input-changed",
    severity: "medium",
    title:
      'The target of a rule tampering to x gets the input_transformer nothing instead of [{"input_template":"a"}]',
    found: target({ input_transformer: [{ input_template: "a" }] }, { input_transformer: [] }),
    not: target({ input_transformer: [] }, { input_transformer: [], arn: "b" }),
  },
  {
    rule: "action-input-changed",
    severity: "low",
    title:
      'The target of a rule tampering to x gets the input_transformer [{"input_template":"b"}] instead of [{"input_template":"a"}]',
    found: target(
      { input_transformer: [{ input_template: "a" }] },
      { input_transformer: [{ input_template: "b" }] },
    ),
    not: target({ input_transformer: [] }, { input_transformer: [], arn: "b" }),
  },
  {
    rule: "action-input-changed",
    severity: "medium",
    title:
      'The target of a rule tampering to x gets the run_command_targets [{"key":"b"}] instead of [{"key":"a"}]',
    found: target({ run_command_targets: [{ key: "a" }] }, { run_command_targets: [{ key: "b" }] }),
    not: target({ run_command_targets: [] }, { run_command_targets: [], arn: "b" }),
  },
  {
    rule: "action-forgets-failures",
    severity: "medium",
    title: "Events that do not reach the target of a rule tampering to x are kept nowhere any more",
    found: target({ dead_letter_config: [{ arn: "q" }] }, { dead_letter_config: [] }),
    not: target({ dead_letter_config: [] }, { dead_letter_config: [{ arn: "q" }] }),
  },
  {
    rule: "bucket-notification-changed",
    severity: "medium",
    title: "Others are notified of new objects in the bucket audit",
    found: notification(["a"], ["b"]),
    not: notification(["a", "b"], ["b", "a"]),
  },
]);

it("counts the subscribers that are left, of the same topic only", () => {
  const elsewhere = subscribed({ topic_arn: "other" }, { topic_arn: "other" }, "Other");
  expect(findingsOf("subscriber-removed", [topic, subscribed({}, null), elsewhere])).toMatchObject([
    { severity: "high", detail: expect.stringMatching(/^No other subscriber/) },
  ]);
});
