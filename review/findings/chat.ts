import { isKnown, isList, say, type Value, type Values } from "../values";
import { CHANGING, placeOf, type Found, type Rule } from "./rule";
import { CONFIRM } from "./subscribers";
import { exchanged, turnedOff, weakening, type Plain } from "./weakening";

/** Rules about chat channels: who is notified there, and what people may do from there. */

const CHATS = ["aws_chatbot_slack_channel_configuration", "aws_chatbot_teams_channel_configuration"];
const channelOf = (values: Values | null) => say(values?.["slack_channel_id"] ?? values?.["channel_id"]);
const topicsOf = (values: Values | null): readonly string[] => {
  const topics = values?.["sns_topic_arns"];
  return isList(topics) ? (topics as readonly Value[]).filter(isKnown).map(String) : [];
};

export const CHAT_RULES: readonly Rule[] = [
  {
    id: "chat-added",
    types: CHATS,
    kinds: ["create"],
    find: (subject) => {
      if (subject.resources.before.size === 0) return undefined;
      return {
        severity: "medium",
        title: `The chat channel ${channelOf(subject.after)} is notified of sessions and findings in ${subject.stack.account}`,
        detail: `It gets what is published to ${topicsOf(subject.after).join(", ") || "its topics"}.`,
        remedy: CONFIRM,
      };
    },
  },
  {
    id: "chat-changed",
    types: CHATS,
    kinds: CHANGING,
    find: (subject): Found | undefined => {
      const { before, after } = subject;
      if (!isList(after?.["sns_topic_arns"])) return undefined;
      const lost = topicsOf(before).filter((topic) => !topicsOf(after).includes(topic));
      const gained = topicsOf(after).filter((topic) => !topicsOf(before).includes(topic));
      const isOther = channelOf(before) !== channelOf(after);
      if (!isOther && lost.length + gained.length === 0) return undefined;
      return {
        severity: "medium",
        title: isOther
          ? `The chat channel ${channelOf(after)} takes the place of ${channelOf(before)}`
          : `The chat channel ${channelOf(after)} of ${placeOf(subject)} is notified of other topics`,
        detail: `No longer receives: ${lost.join(", ") || "nothing"}. Now also receives: ${gained.join(", ") || "nothing"}.`,
        remedy: CONFIRM,
      };
    },
  },
  ...CHATS.map((type) =>
    weakening({
      id: `${type.includes("slack") ? "slack" : "teams"}-guardrails-widened`,
      type,
      path: ["guardrail_policy_arns"],
      isWeaker: (before, after) => exchanged(before, after) || (!isEmpty(before) && isEmpty(after)),
      severity: "high",
      title: ({ object, before, after }) =>
        `What people in the ${object} may do is limited by ${after} instead of ${before}`,
      detail: "The guardrail policies limit what people may run from chat.",
      remedy: "Keep AWSDenyAll.",
    }),
  ),
  ...CHATS.map((type) =>
    weakening({
      id: `${type.includes("slack") ? "slack" : "teams"}-authorization-off`,
      type,
      path: ["user_authorization_required"],
      isWeaker: turnedOff,
      severity: "medium",
      title: ({ object }) => `People in the ${object} act with the role of the channel instead of their own`,
      detail: "user_authorization_required is false.",
      remedy: "Keep user_authorization_required.",
    }),
  ),
];

const isEmpty = (value: Plain) => !isList(value) || value.length === 0;
