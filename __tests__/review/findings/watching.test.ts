import { mayMatchLess, WATCHING_RULES } from "../../../review/findings/watching";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

type Settings = { readonly [name: string]: Json };
const changed = (type: string, before: Settings, after: Settings): Planned => ({
  type,
  before: { name: "own", ...before },
  after: { name: "own", ...after },
});
const rule = (before: Settings, after: Settings) => changed("aws_cloudwatch_event_rule", before, after);
const alarm = (before: Settings, after: Settings) => changed("aws_cloudwatch_metric_alarm", before, after);
const above = { comparison_operator: "GreaterThanThreshold" };
const below = { comparison_operator: "LessThanThreshold" };
const pattern = (...names: string[]) => ({ event_pattern: JSON.stringify({ detail: { eventName: names } }) });
const masking = (...identifiers: string[]) => ({
  log_group_name: "/sessions",
  policy_document: JSON.stringify({
    Statement: [
      { Operation: { Audit: {} }, DataIdentifier: ["x/Secret", "x/Key"] },
      { Operation: { Deidentify: {} }, DataIdentifier: identifiers },
    ],
  }),
});

testRules(WATCHING_RULES, [
  bothWays(
    "rule-disabled",
    "high",
    "The rule own is disabled",
    rule({ state: "ENABLED" }, { state: "DISABLED" }),
  ),
  {
    rule: "schedule-changed",
    severity: "low",
    title: "The rule own runs at rate(1 day) instead of rate(1 hour)",
    found: rule({ schedule_expression: "rate(1 hour)" }, { schedule_expression: "rate(1 day)" }),
    not: rule({ schedule_expression: null }, { schedule_expression: "rate(1 day)" }),
  },
  bothWays(
    "pattern-narrowed",
    "high",
    "The rule own may match less than before",
    rule(pattern("DeleteTrail", "StopLogging"), pattern("DeleteTrail")),
  ),
  {
    rule: "pattern-narrowed",
    severity: "low",
    title: "Nobody can tell from the plan what the rule own matches",
    found: { ...rule(pattern("DeleteTrail"), {}), unknown: { event_pattern: true } },
    not: rule(pattern("DeleteTrail"), { ...pattern("DeleteTrail"), description: "other" }),
  },
  bothWays(
    "alarm-disabled",
    "high",
    "The alarm own tells nobody (actions_enabled is false)",
    alarm({ actions_enabled: true }, { actions_enabled: false }),
  ),
  bothWays(
    "alarm-tells-fewer",
    "medium",
    "The alarm own no longer tells a",
    alarm({ alarm_actions: ["a", "b"] }, { alarm_actions: ["b"] }),
  ),
  bothWays(
    "alarm-tells-fewer",
    "high",
    "The alarm own no longer tells a",
    alarm({ alarm_actions: ["a"] }, { alarm_actions: [] }),
  ),
  bothWays(
    "alarm-threshold-raised",
    "medium",
    "The alarm own has the threshold 100 instead of 0",
    alarm({ threshold: 0, ...above }, { threshold: 100, ...above }),
  ),
  bothWays(
    "alarm-threshold-lowered",
    "medium",
    "The alarm own has the threshold 0 instead of 1",
    alarm({ threshold: 1, ...below }, { threshold: 0, ...below }),
  ),
  bothWays(
    "alarm-slower",
    "medium",
    "The alarm own is raised after so many periods: 24 instead of 1",
    alarm({ evaluation_periods: 1 }, { evaluation_periods: 24 }),
  ),
  bothWays(
    "alarm-datapoints-raised",
    "medium",
    "The alarm own needs so many data points: 3 instead of 1",
    alarm({ datapoints_to_alarm: 1 }, { datapoints_to_alarm: 3 }),
  ),
  bothWays(
    "alarm-period-lengthened",
    "medium",
    "The alarm own looks at periods of so many seconds: 86400 instead of 300",
    alarm({ period: 300 }, { period: 86400 }),
  ),
  {
    rule: "alarm-operator-changed",
    severity: "medium",
    title: "The alarm own compares by LessThanThreshold instead of GreaterThanThreshold",
    found: alarm({ ...above }, { comparison_operator: "LessThanThreshold" }),
    not: alarm({ ...above }, { comparison_operator: "GreaterThanOrEqualToThreshold" }),
  },
  ...(["metric_name", "namespace", "statistic", "extended_statistic"] as const).map((name) => ({
    rule: "alarm-measures-other",
    severity: "medium" as const,
    title: `The alarm own has the ${name} other instead of Errors`,
    found: alarm({ [name]: "Errors" }, { [name]: "other" }),
    not: alarm({ [name]: "Errors" }, { [name]: "Errors", period: 60 }),
  })),
  {
    rule: "alarm-measures-other",
    severity: "medium",
    title: 'The alarm own has the dimensions {"FunctionName":"other"} instead of {"FunctionName":"guard"}',
    found: alarm({ dimensions: { FunctionName: "guard" } }, { dimensions: { FunctionName: "other" } }),
    not: alarm(
      { dimensions: { FunctionName: "guard" } },
      { dimensions: { FunctionName: "guard" }, period: 60 },
    ),
  },
  {
    rule: "alarm-measures-other",
    severity: "medium",
    title: 'The alarm own has the metric_query [{"id":"b"}] instead of [{"id":"a"}]',
    found: alarm({ metric_query: [{ id: "a" }] }, { metric_query: [{ id: "b" }] }),
    not: alarm({ metric_query: [{ id: "a" }] }, { metric_query: [{ id: "a" }], period: 60 }),
  },
  bothWays(
    "alarm-ignores-silence",
    "medium",
    "The alarm own is not raised if there are no data (notBreaching)",
    alarm({ treat_missing_data: "breaching" }, { treat_missing_data: "notBreaching" }),
  ),
  {
    rule: "metric-filter-changed",
    severity: "medium",
    title: "The metric filter own counts lines that match never instead of error",
    found: changed("aws_cloudwatch_log_metric_filter", { pattern: "error" }, { pattern: "never" }),
    not: changed(
      "aws_cloudwatch_log_metric_filter",
      { pattern: "error" },
      { pattern: "error", log_group_name: "x" },
    ),
  },
  bothWays(
    "public-sharing-allowed",
    "high",
    "The setting of Systems Manager own is Enable",
    changed("aws_ssm_service_setting", { setting_value: "Disable" }, { setting_value: "Enable" }),
  ),
  bothWays(
    "masking-weakened",
    "medium",
    "No longer masked in /sessions: Key",
    changed("aws_cloudwatch_log_data_protection_policy", masking("x/Secret", "x/Key"), masking("x/Secret")),
  ),
  bothWays(
    "masking-weakened",
    "high",
    "No longer masked in /sessions: Secret",
    changed("aws_cloudwatch_log_data_protection_policy", masking("x/Secret"), masking()),
  ),
]);

it("lowers the severity where the topic that is not told any more is destroyed by the same plan", () => {
  const topic: Planned = { type: "aws_sns_topic", before: { name: "chat", arn: "a" }, after: null };
  const found = findingsOf("alarm-tells-fewer", [
    topic,
    alarm({ alarm_actions: ["a", "b"] }, { alarm_actions: ["b"] }),
  ]);
  expect(found).toMatchObject([{ severity: "low" }]);
});

it.each([
  ["if a rule forwards alarms to the central bus", "central", "session-audit-acme-security-alarms", "low"],
  ["unless the rule has another target", "topic", "session-audit-acme-security-alarms", "high"],
  ["unless the rule forwards something else", "central", "session-audit-acme-security-tampering", "high"],
])("lowers the severity of an alarm that tells nobody %s", (_when, target_id, rule, severity) => {
  const forwarding = { rule, target_id, arn: "bus" };
  const found = findingsOf("alarm-tells-fewer", [
    { type: "aws_cloudwatch_event_target", before: forwarding, after: forwarding },
    alarm({ alarm_actions: ["a"] }, { alarm_actions: [] }),
  ]);
  expect(found).toMatchObject([{ severity }]);
});

describe("a pattern may match less", () => {
  it.each<[string, Json, Json, boolean]>([
    ["with a field more", { a: ["x"] }, { a: ["x"], b: ["y"] }, true],
    ["with a field less", { a: ["x"], b: ["y"] }, { a: ["x"] }, false],
    ["with an alternative less", { a: ["x", "y"] }, { a: ["x"] }, true],
    ["with an alternative more", { a: ["x"] }, { a: ["x", "y"] }, false],
    ["with alternatives in another order", { a: ["x", "y"] }, { a: ["y", "x"] }, false],
    ["with another value", { a: ["x"] }, { a: ["y"] }, true],
    [
      "with a further exception",
      { a: [{ "anything-but": ["x"] }] },
      { a: [{ "anything-but": ["x", "y"] }] },
      true,
    ],
    ["with another nested field", { a: { b: ["x"] } }, { a: { b: ["x"], c: ["y"] } }, true],
    ["with a branch of $or less", { $or: [{ a: ["x"] }, { b: ["y"] }] }, { $or: [{ a: ["x"] }] }, true],
    ["if it is the same", { a: { b: ["x"] } }, { a: { b: ["x"] } }, false],
  ])("%s", (_what, before, after, expected) => {
    expect(mayMatchLess(before, after)).toBe(expected);
  });
});

it("finds no fault in a higher threshold of an alarm that is raised below it", () => {
  const higher = alarm({ threshold: 1, ...below }, { threshold: 2, ...below });
  expect(findingsOf("alarm-threshold-raised", higher)).toEqual([]);
});
