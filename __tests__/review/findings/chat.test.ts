import { CHAT_RULES } from "../../../review/findings/chat";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules, type Case } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

type Settings = { readonly [name: string]: Json };
const SLACK = "aws_chatbot_slack_channel_configuration";
const TEAMS = "aws_chatbot_teams_channel_configuration";
const channel = (before: Settings | null, after: Settings | null, type = SLACK): Planned => {
  const whole = (settings: Settings | null) =>
    settings && {
      configuration_name: "chat",
      [type === SLACK ? "slack_channel_id" : "channel_id"]: "C1",
      sns_topic_arns: ["a"],
      guardrail_policy_arns: ["DenyAll"],
      user_authorization_required: true,
      ...settings,
    };
  return { type, before: whole(before), after: whole(after) };
};
const role: Planned = { type: "aws_iam_role", before: { name: "chat" }, after: { name: "chat" } };

testRules(CHAT_RULES, [
  {
    rule: "chat-added",
    severity: "medium",
    title: "The chat channel C1 is notified of sessions and findings in payments",
    found: [role, channel(null, {})],
    not: channel(null, {}),
  },
  {
    rule: "chat-changed",
    severity: "medium",
    title: "The chat channel C2 takes the place of C1",
    found: channel({}, { slack_channel_id: "C2" }),
    not: channel({}, { logging_level: "INFO" }),
  },
  {
    rule: "chat-changed",
    severity: "medium",
    title: "The chat channel C1 of payments, eu-central-1 is notified of other topics",
    found: channel({}, { sns_topic_arns: ["b"] }),
    not: channel({ sns_topic_arns: ["a", "b"] }, { sns_topic_arns: ["b", "a"] }),
  },
  ...[SLACK, TEAMS].flatMap((type): Case[] => {
    const [id, noun] = type === SLACK ? ["slack", "Slack channel"] : ["teams", "Teams channel"];
    return [
      {
        rule: `${id}-guardrails-widened`,
        severity: "high",
        title: `What people in the ${noun} chat may do is limited by nothing instead of ["DenyAll"]`,
        found: channel({}, { guardrail_policy_arns: [] }, type),
        not: channel({ guardrail_policy_arns: [] }, {}, type),
      },
      bothWays(
        `${id}-authorization-off`,
        "medium",
        `People in the ${noun} chat act with the role of the channel instead of their own`,
        channel({}, { user_authorization_required: false }, type),
      ),
    ];
  }),
]);

it("says which topics a channel gains and loses", () => {
  const moved = channel({ sns_topic_arns: ["a", "b"] }, { sns_topic_arns: ["b", "c"] });
  expect(findingsOf("chat-changed", moved)[0]!.detail).toBe("No longer receives: a. Now also receives: c.");
});
