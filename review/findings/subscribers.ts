import { isSet } from "../numbers";
import { ofType, attributeOf } from "../resources";
import { at, isKnown, isList, say, type Value, type Values } from "../values";
import { beginsWithParent } from "./parents";
import { CHANGING, nameOf, placeOf, type Found, type Rule, type Subject } from "./rule";
import { exchanged, removed, weakening, type Plain } from "./weakening";

/** Rules about who is notified of sessions, and to whom the records themselves are sent. */

/** For people who are notified of sessions. */
export const CONFIRM = "Make sure that the recipients may know who opens which session, where and why.";
const subscriber = (values: Values | null) => `${say(values?.["protocol"])} ${say(values?.["endpoint"])}`;
const topicOf = (values: Values | null) => {
  const arn = values?.["topic_arn"];
  return isKnown(arn) ? String(arn).split(":").at(-1)! : "a topic";
};

/** How many subscriptions of a topic are left after a plan. */
const leftOn = (topicArn: Value | undefined, { resources }: Subject): number =>
  ofType(resources.after, "aws_sns_topic_subscription").filter(
    (resource) => attributeOf(resource, "topic_arn") === topicArn,
  ).length;

const SUBSCRIPTIONS: readonly Rule[] = [
  {
    id: "subscriber-added",
    types: ["aws_sns_topic_subscription"],
    kinds: ["create"],
    find: (subject) => {
      const { after } = subject;
      if (beginsWithParent(subject)) return undefined;
      return {
        severity: "medium",
        title: `${subscriber(after)} is notified of what is published to ${topicOf(after)}`,
        detail: "SNS sends each notification there from now on. Email subscribers have to confirm.",
        remedy: CONFIRM,
      };
    },
  },
  {
    id: "subscriber-removed",
    types: ["aws_sns_topic_subscription"],
    kinds: ["delete"],
    find: (subject) => {
      const { before, resources } = subject;
      const arn = before?.["topic_arn"];
      const topic = ofType(resources.before, "aws_sns_topic").find((one) => attributeOf(one, "arn") === arn);
      if (topic !== undefined && subject.destroyed.has(topic.address)) return undefined;
      const left = leftOn(arn, subject);
      return {
        severity: left === 0 ? "high" : "medium",
        title: `${subscriber(before)} no longer receives what is published to ${topicOf(before)}`,
        detail:
          left === 0
            ? "No other subscriber of the topic is left in this stack. Chat channels and actions are counted apart."
            : `${left} other ${left === 1 ? "subscriber is" : "subscribers are"} left.`,
        remedy: "Make sure that somebody else is notified.",
      };
    },
  },
  {
    id: "subscriber-changed",
    types: ["aws_sns_topic_subscription"],
    kinds: CHANGING,
    find: ({ before, after }): Found | undefined => {
      const isOther = subscriber(before) !== subscriber(after);
      const filters = [before, after].map((values) => say(values?.["filter_policy"]));
      if (!isOther && filters[0] === filters[1]) return undefined;
      return {
        severity: "medium",
        title: isOther
          ? `${subscriber(after)} takes the place of ${subscriber(before)} at ${topicOf(before)}`
          : `${subscriber(after)} is notified of other notifications of ${topicOf(before)}`,
        detail: `The filter was ${filters[0]}, and is ${filters[1]}. Without a filter, every notification is sent.`,
        remedy: CONFIRM,
      };
    },
  },
];

const LOGS = "aws_cloudwatch_log_subscription_filter";
const LOG_SUBSCRIPTIONS: readonly Rule[] = [
  {
    id: "log-subscription-added",
    types: [LOGS],
    kinds: ["create"],
    find: (subject) => {
      const { after } = subject;
      if (beginsWithParent(subject)) return undefined;
      const name = after?.["log_group_name"];
      return {
        severity: "high",
        title: `The session logs of ${placeOf(subject)} are sent to ${say(after?.["destination_arn"])}`,
        detail: `CloudWatch Logs sends there each line of ${say(name)} from now on, with the filter ${say(after?.["filter_pattern"])}.`,
        remedy:
          "Make sure that the people who can read the destination may see what people type and see in sessions.",
      };
    },
  },
  weakening({
    id: "log-subscription-moved",
    type: LOGS,
    path: ["destination_arn"],
    isWeaker: exchanged,
    severity: "high",
    title: ({ place, before, after }) =>
      `The session logs of ${place} are sent to ${after} instead of ${before}`,
    detail: "The former destination receives nothing from now on.",
    remedy:
      "Make sure that the people who can read the destination may see what people type and see in sessions.",
  }),
  weakening({
    id: "log-subscription-filtered",
    type: LOGS,
    path: ["filter_pattern"],
    isWeaker: (before, after) => (before ?? "") !== (after ?? "") && (after ?? "") !== "",
    severity: "medium",
    title: ({ object, before, after }) =>
      `The ${object} sends only lines that match ${after} (until now: ${before})`,
    detail: "The destination does not get the other lines.",
    remedy: "Keep logs.subscription.filterPattern empty.",
  }),
];

const TARGET = "aws_cloudwatch_event_target";
/** What EventBridge gives a target instead of the event, and the instances that a command runs on. */
const INPUTS = ["input", "input_path", "input_transformer", "run_command_targets"] as const;
const isOther = (before: Plain, after: Plain): boolean =>
  JSON.stringify(isSet(before) ? before : null) !== JSON.stringify(isSet(after) ? after : null);
const ACTIONS: readonly Rule[] = [
  {
    id: "action-added",
    types: [TARGET],
    kinds: ["create"],
    find: (subject) => {
      const { after } = subject;
      if (beginsWithParent(subject)) return undefined;
      return {
        severity: "medium",
        title: `The rule ${say(after?.["rule"])} also invokes ${say(after?.["arn"])}`,
        detail: "EventBridge sends there what the rule matches: who opened which session, where and why.",
        remedy: CONFIRM,
      };
    },
  },
  weakening({
    id: "action-moved",
    type: TARGET,
    path: ["arn"],
    isWeaker: exchanged,
    severity: "high",
    title: ({ before, after }) => `A rule invokes ${after} instead of ${before}`,
    detail: "The former target receives nothing from now on.",
    remedy: CONFIRM,
  }),
  weakening({
    id: "action-role-changed",
    type: TARGET,
    path: ["role_arn"],
    isWeaker: isOther,
    severity: "medium",
    title: ({ object, before, after }) =>
      `The ${object} is invoked with the role ${after} instead of ${before}`,
    detail: "If the role may not invoke the target, the events are lost or end in the dead-letter queue.",
    remedy: "Make sure that the role may invoke this target, and nothing else.",
  }),
  ...INPUTS.map((path) =>
    weakening({
      id: "action-input-changed",
      type: TARGET,
      path: [path],
      isWeaker: isOther,
      // A new version of session-audit may word a notification in another way.
      severity: (before, after) =>
        path === "input_transformer" && isSet(before) && isSet(after) ? "low" : "medium",
      title: ({ object, before, after }) => `The ${object} gets the ${path} ${after} instead of ${before}`,
      detail: "The target may no longer learn what has happened, or do something else.",
      remedy: "Make sure that this is intended.",
    }),
  ),
  weakening({
    id: "action-forgets-failures",
    type: TARGET,
    path: ["dead_letter_config", 0, "arn"],
    isWeaker: removed,
    severity: "medium",
    title: ({ object }) => `Events that do not reach the ${object} are kept nowhere any more`,
    detail: "Its dead-letter queue is taken away.",
    remedy: "Keep the dead-letter queue.",
  }),
];

const OBJECTS: Rule = {
  id: "bucket-notification-changed",
  types: ["aws_s3_bucket_notification"],
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const { before, after } = subject;
    const gained = destinationsIn(after).filter((arn) => !destinationsIn(before).includes(arn));
    const lost = destinationsIn(before).filter((arn) => !destinationsIn(after).includes(arn));
    if (gained.length + lost.length === 0) return undefined;
    return {
      severity: "medium",
      title: `Others are notified of new objects in the bucket ${nameOf(subject)}`,
      detail: `Newly told: ${gained.join(", ") || "nobody"}. No longer told: ${lost.join(", ") || "nobody"}.`,
      remedy: CONFIRM,
    };
  },
};

/** Destinations of a bucket's notifications. */
const destinationsIn = (values: Values | null): readonly string[] =>
  ["lambda_function", "queue", "topic"].flatMap((kind) => {
    const entries = values?.[kind];
    if (!isList(entries)) return [];
    return (entries as readonly Value[])
      .map((entry) => at(entry, [kind === "lambda_function" ? "lambda_function_arn" : `${kind}_arn`]))
      .filter(isKnown)
      .map(String);
  });

export const SUBSCRIBER_RULES: readonly Rule[] = [
  ...SUBSCRIPTIONS,
  ...LOG_SUBSCRIPTIONS,
  ...ACTIONS,
  OBJECTS,
];
