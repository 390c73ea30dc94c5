import { documentIn, isKnown, isList, isObject, say, type Value, type Values } from "../values";
import { attributeOf, ofType } from "../resources";
import { called, CHANGING, type Rule, type Subject } from "./rule";
import { changed, exchanged, raised, removed, turnedOff, weakening } from "./weakening";

/** Rules about what notices sessions and changes to the recording: EventBridge rules, alarms, filters, masking. */

const EVENTS: readonly Rule[] = [
  weakening({
    id: "rule-disabled",
    type: "aws_cloudwatch_event_rule",
    path: ["state"],
    isWeaker: (before, after) => before !== "DISABLED" && after === "DISABLED",
    severity: "high",
    title: ({ object }) => `The ${object} is disabled`,
    detail: "EventBridge no longer reports what the rule matches.",
    remedy: "Keep the rule enabled.",
  }),
  weakening({
    id: "schedule-changed",
    type: "aws_cloudwatch_event_rule",
    path: ["schedule_expression"],
    isWeaker: (before, after) => removed(before, after) || exchanged(before, after),
    severity: "low",
    title: ({ object, before, after }) => `The ${object} runs at ${after} instead of ${before}`,
    detail: "If it runs less often, missing transcripts are noticed later.",
    remedy: "Keep guard.checkTranscriptsEveryMinutes.",
  }),
  {
    id: "pattern-narrowed",
    types: ["aws_cloudwatch_event_rule"],
    kinds: CHANGING,
    find: (subject) => {
      const [old, now] = [subject.before, subject.after].map((values) =>
        documentIn(values?.["event_pattern"]),
      );
      const attribute = subject.change.attributes.find(({ path }) => path === "event_pattern");
      if (attribute === undefined || old === undefined) return undefined;
      const isUntold = attribute.after.is === "unknown" || attribute.after.is === "sensitive";
      if (!isUntold && now !== undefined && !mayMatchLess(old as Value, now as Value)) return undefined;
      return {
        severity: isUntold ? "low" : "high",
        title: isUntold
          ? `Nobody can tell from the plan what the ${called(subject)} matches`
          : `The ${called(subject)} may match less than before`,
        detail: isUntold
          ? "The pattern is known only after the apply, because it names something that AWS has yet to create."
          : "Values are missing from its pattern, or it has further conditions. What it no longer matches is not reported.",
        remedy: "Compare the patterns field by field.",
      };
    },
  },
];

/**
 * Whether a pattern may match fewer events: it has a field more, an alternative less, or another condition. Every
 * difference that is no further alternative counts as less.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function mayMatchLess(before: Value, after: Value): boolean {
  if (isObject(before) && isObject(after)) {
    const [old, now] = [before as Values, after as Values];
    const isNarrower = Object.keys(now).some((key) => !(key in old));
    return isNarrower || Object.keys(old).some((key) => key in now && mayMatchLess(old[key]!, now[key]!));
  }
  if (isList(before) && isList(after)) {
    const kept = new Set(after.map((value) => JSON.stringify(value)));
    return before.some((value) => !kept.has(JSON.stringify(value)));
  }
  return JSON.stringify(before) !== JSON.stringify(after);
}

const ALARM = "aws_cloudwatch_metric_alarm";
/** What an alarm looks at. */
const MEASURED = [
  ...["metric_name", "namespace", "dimensions", "statistic", "extended_statistic", "metric_query"],
] as const;
const ALARMS: readonly Rule[] = [
  weakening({
    id: "alarm-disabled",
    type: ALARM,
    path: ["actions_enabled"],
    isWeaker: turnedOff,
    severity: "high",
    title: ({ object }) => `The ${object} tells nobody (actions_enabled is false)`,
    detail: "CloudWatch shows its state in the console only.",
    remedy: "Keep actions_enabled.",
  }),
  {
    id: "alarm-tells-fewer",
    types: [ALARM],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [textsIn(subject.before), textsIn(subject.after)];
      if (before === null || after === null) return undefined;
      const lost = before.filter((arn) => !after.includes(arn));
      if (lost.length === 0) return undefined;
      if (after.length === 0 && isForwarded(subject)) {
        return {
          severity: "low",
          title: `The ${called(subject)} no longer tells ${lost.join(", ")}`,
          titleOfAll: `Alarms no longer tell ${lost.join(", ")}`,
          detail: "A rule of the stack forwards the alarms to the central event bus.",
          remedy: "Make sure that the central topic has subscribers.",
        };
      }
      return {
        severity: after.length === 0 ? "high" : lost.every((arn) => ends(arn, subject)) ? "low" : "medium",
        title: `The ${called(subject)} no longer tells ${lost.join(", ")}`,
        titleOfAll: `Alarms no longer tell ${lost.join(", ")}`,
        detail: after.length === 0 ? "It tells nobody any more." : `It still tells ${after.join(", ")}.`,
        remedy: "Make sure that somebody else is notified.",
      };
    },
  },
  ...(
    [
      ["threshold", "alarm-threshold-raised", "has the threshold"],
      ["evaluation_periods", "alarm-slower", "is raised after so many periods:"],
      ["datapoints_to_alarm", "alarm-datapoints-raised", "needs so many data points:"],
      ["period", "alarm-period-lengthened", "looks at periods of so many seconds:"],
    ] as const
  ).map(([path, id, words]) =>
    weakening({
      id,
      type: ALARM,
      path: [path],
      isWeaker: (before, after, { after: now }) =>
        raised(before, after) && !(path === "threshold" && isBelow(now?.["comparison_operator"])),
      severity: "medium",
      title: ({ object, before, after }) => `The ${object} ${words} ${after} instead of ${before}`,
      detail: "It is raised later, or not at all.",
      remedy: "Make sure that this is intended.",
    }),
  ),
  weakening({
    id: "alarm-threshold-lowered",
    type: ALARM,
    path: ["threshold"],
    isWeaker: (before, after, { after: now }) =>
      raised(after, before) && isBelow(now?.["comparison_operator"]),
    severity: "medium",
    title: ({ object, before, after }) => `The ${object} has the threshold ${after} instead of ${before}`,
    detail: "It is raised later, or not at all.",
    remedy: "Make sure that this is intended.",
  }),
  weakening({
    id: "alarm-operator-changed",
    type: ALARM,
    path: ["comparison_operator"],
    // With "or equal to", it is raised in more cases than without.
    isWeaker: (before, after) =>
      changed(before, after) &&
      String(after) !== String(before).replace("ThanThreshold", "ThanOrEqualToThreshold"),
    severity: "medium",
    title: ({ object, before, after }) => `The ${object} compares by ${after} instead of ${before}`,
    detail: "It is raised in other cases, or not at all.",
    remedy: "Make sure that this is intended.",
  }),
  ...MEASURED.map((path) =>
    weakening({
      id: "alarm-measures-other",
      type: ALARM,
      path: [path],
      isWeaker: changed,
      severity: "medium",
      title: ({ object, before, after }) => `The ${object} has the ${path} ${after} instead of ${before}`,
      detail: "It looks at other numbers: what it was for may go unnoticed.",
      remedy: "Make sure that this is intended.",
    }),
  ),
  weakening({
    id: "alarm-ignores-silence",
    type: ALARM,
    path: ["treat_missing_data"],
    isWeaker: (before, after) => before === "breaching" && after !== "breaching",
    severity: "medium",
    title: ({ object, after }) => `The ${object} is not raised if there are no data (${after})`,
    detail: "An alarm that treats missing data as breaching notices that something does not run at all.",
    remedy: "Keep breaching.",
  }),
];

const isBelow = (operator: Value | undefined) =>
  typeof operator === "string" && operator.startsWith("LessThan");

/** Whether a rule of the stack forwards alarms to a central bus after the plan (`forwardingOf` in `stacks/events`). */
const isForwarded = ({ resources }: Subject): boolean =>
  ofType(resources.after, "aws_cloudwatch_event_target").some(
    (target) =>
      attributeOf(target, "target_id") === "central" && /-alarms$/.test(String(attributeOf(target, "rule"))),
  );

/** Whether a topic is destroyed by the same plan, which is a finding of its own. */
const ends = (arn: string, { resources, destroyed }: Subject): boolean =>
  ofType(resources.before, "aws_sns_topic").some(
    (topic) => attributeOf(topic, "arn") === arn && destroyed.has(topic.address),
  );

/** Whom an alarm tells; null: nobody can tell. */
const textsIn = (values: Values | null): readonly string[] | null => {
  const actions = values?.["alarm_actions"];
  if (typeof actions === "symbol") return null;
  return isList(actions) ? (actions as readonly Value[]).filter(isKnown).map(String) : [];
};

const SETTINGS: readonly Rule[] = [
  weakening({
    id: "metric-filter-changed",
    type: "aws_cloudwatch_log_metric_filter",
    path: ["pattern"],
    isWeaker: (before, after) => (before ?? "") !== (after ?? ""),
    severity: "medium",
    title: ({ object, before, after }) =>
      `The ${object} counts lines that match ${after} instead of ${before}`,
    detail: "The alarm on its metric is raised in other cases.",
    remedy: "Make sure that this is intended.",
  }),
  weakening({
    id: "public-sharing-allowed",
    type: "aws_ssm_service_setting",
    path: ["setting_value"],
    isWeaker: (before, after) => before === "Disable" && after !== "Disable",
    severity: "high",
    title: ({ object, after }) => `The ${object} is ${after}`,
    detail: "Documents of the account can be shared with the public.",
    remedy: "Keep the setting at Disable.",
  }),
  {
    id: "masking-weakened",
    types: ["aws_cloudwatch_log_data_protection_policy"],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [maskedIn(subject.before), maskedIn(subject.after)];
      if (before === null || after === null) return undefined;
      const lost = before.filter((identifier) => !after.includes(identifier));
      if (lost.length === 0) return undefined;
      return {
        severity: after.length === 0 ? "high" : "medium",
        title: `No longer masked in ${say(subject.after?.["log_group_name"])}: ${lost.map((arn) => arn.split("/").at(-1)).join(", ")}`,
        detail: "Whoever may read the log group can read them.",
        remedy: "Keep logs.masking in the map.",
      };
    },
  },
];

/** The identifiers of what a data protection policy masks; null: nobody can tell. */
function maskedIn(values: Values | null): readonly string[] | null {
  const document = documentIn(values?.["policy_document"]) as
    | {
        readonly Statement?: readonly {
          readonly DataIdentifier?: readonly string[];
          readonly Operation?: object;
        }[];
      }
    | undefined;
  if (document === undefined) return null;
  return (document.Statement ?? [])
    .filter(({ Operation }) => Operation !== undefined && "Deidentify" in Operation)
    .flatMap(({ DataIdentifier }) => DataIdentifier ?? []);
}

export const WATCHING_RULES: readonly Rule[] = [...EVENTS, ...ALARMS, ...SETTINGS];
