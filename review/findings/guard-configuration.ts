import { isSet, numberOf } from "../numbers";
import { at, documentIn, isKnown, say, type Step, type Value, type Values } from "../values";
import { called, CHANGING, type Rule } from "./rule";
import { changed, exchanged, raised, removed, weakening, type Plain, type Weakening } from "./weakening";

/** Rules about the configuration of the guard: where it looks for records, and to whom it reports. */

/** Terraform type of the function. */
export const FUNCTION = "aws_lambda_function";
/** The variable that holds the configuration (`CONFIGURATION_VARIABLE` in `guard/configuration.ts`). */
export const CONFIGURATION = "GUARD";
/** Path of the variables of a function. */
export const VARIABLES = ["environment", 0, "variables"] as const;

/** The configuration of the guard, which its function gets as JSON. undefined: it is another function. */
export function configurationIn(values: Values): Value | undefined {
  const text = at(values, [...VARIABLES, CONFIGURATION]);
  if (typeof text === "symbol") return text;
  return documentIn(text) as Value | undefined;
}

type Words = Omit<Weakening, "type" | "within" | "path">;
const configured = (path: readonly Step[], words: Words): Rule =>
  weakening({ type: FUNCTION, within: configurationIn, path, ...words });

/** Whether records are kept for fewer days. Without a number, they are kept for good. */
const keptShorter = (before: Plain, after: Plain): boolean =>
  (numberOf(after) ?? Number.POSITIVE_INFINITY) < (numberOf(before) ?? Number.POSITIVE_INFINITY);

const SECURITY_MAP = "Keep notifications.security in the map.";
const MISSED = "Nobody is notified of a session that has left no record there.";

/** The longest grace period that a map can have. */
const DAY_IN_MINUTES = 1440;

const TOPICS: readonly (readonly [path: readonly Step[], isWorst: boolean])[] = [
  [["topicArn"], true],
  [["chatTopicArn"], false],
  [["central", "topicArn"], false],
  [["central", "chatTopicArn"], false],
];

const REPORTS: readonly Rule[] = TOPICS.flatMap(([path, isWorst]) => [
  configured(path, {
    id: "guard-topic-removed",
    isWeaker: removed,
    severity: isWorst ? "high" : "medium",
    title: ({ object, before }) => `The ${object} no longer reports to ${before}`,
    detail: "The subscribers of this topic are not notified of sessions that leave no record.",
    remedy: SECURITY_MAP,
  }),
  configured(path, {
    id: "guard-topic-changed",
    isWeaker: exchanged,
    severity: "high",
    title: ({ object, before, after }) => `The ${object} reports to ${after} instead of ${before}`,
    detail: "The subscribers of the former topic are not notified of sessions that leave no record.",
    remedy: "Make sure that the new topic is yours, and that somebody reads it.",
  }),
  configured(path, {
    id: "guard-topic-added",
    // A channel of the same account comes with the stack: its subscribers are findings of their own.
    isWeaker: (before, after, { stack }) =>
      !isSet(before) && isSet(after) && !String(after).includes(`:${stack.accountId}:`),
    severity: "medium",
    title: ({ object, after }) => `The ${object} also reports to ${after}`,
    detail: "The reports say who held which session, where and when.",
    remedy: "Make sure that the topic is yours.",
  }),
]);

const CHECKS: readonly Rule[] = [
  configured(["transcripts"], {
    id: "guard-check-off",
    isWeaker: removed,
    severity: "high",
    title: ({ object }) => `The ${object} no longer looks for the records of sessions`,
    detail: MISSED,
    remedy: "Keep guard.checkTranscriptsEveryMinutes in the map.",
  }),
  ...(
    [
      ["bucket", "the bucket"],
      ["logGroup", "the log group"],
    ] as const
  ).flatMap(([place, words]) => [
    configured(["transcripts", place], {
      id: "guard-check-narrowed",
      // If nothing is looked for any more, the finding of the whole check says so.
      isWeaker: (before, after, { after: values }) => removed(before, after) && has(values, ["transcripts"]),
      severity: "high",
      title: ({ object }) => `The ${object} no longer looks for records in ${words}`,
      detail: MISSED,
      remedy: "Keep what the guard looks for equal to what the preferences name.",
    }),
    configured(["transcripts", place, "name"], {
      id: "guard-check-moved",
      isWeaker: exchanged,
      severity: "high",
      title: ({ object, before, after }) =>
        `The ${object} looks for records in ${words} ${after} instead of ${before}`,
      detail: "Whoever can write there can make a session look recorded.",
      remedy: "Make sure that sessions are recorded there.",
    }),
    configured(["transcripts", place, "keptDays"], {
      id: "guard-check-shortened",
      isWeaker: keptShorter,
      // A record that has expired before the grace period ends is never looked for.
      severity: (_before, after, { after: values }) =>
        Number(after) * DAY_IN_MINUTES <= (numberOf(graceIn(values)) ?? 0) ? "high" : "low",
      title: ({ object, before, after }) =>
        `The ${object} looks for records in ${words} for ${after} days after a session (until now: ${before})`,
      detail: "It takes older records for expired, and does not miss them.",
      remedy: "Keep it equal to the retention of the records.",
    }),
  ]),
  configured(["transcripts", "bucket", "prefix"], {
    id: "guard-check-prefix-changed",
    isWeaker: (before, after, { after: values }) =>
      changed(before, after) && has(values, ["transcripts", "bucket"]),
    severity: "medium",
    title: ({ object, before, after }) =>
      `The ${object} looks for transcripts with the prefix ${after} instead of ${before}`,
    detail: "Transcripts with the former prefix count as missing.",
    remedy: "Make sure that the preferences have the same prefix.",
  }),
  configured(["transcripts", "gracePeriodMinutes"], {
    id: "guard-check-later",
    isWeaker: raised,
    severity: (_before, after) => (Number(after) > DAY_IN_MINUTES ? "high" : "medium"),
    title: ({ object, before, after }) =>
      `The ${object} looks for records ${after} minutes after a session instead of ${before}`,
    detail: "Whoever has hidden a session has this time before anybody is notified.",
    remedy: "Keep guard.gracePeriodMinutes short.",
  }),
  configured(["transcripts", "maximumDurationMinutes"], {
    id: "guard-check-duration-changed",
    isWeaker: (before, after, subject) =>
      [subject.before, subject.after].every((values) => has(values, ["transcripts"])) &&
      (before ?? null) !== (after ?? null),
    severity: "low",
    title: ({ object, before, after }) =>
      `The ${object} expects sessions of ${after} minutes at most instead of ${before}`,
    detail: "It looks for the records of longer sessions later, or not at all.",
    remedy: "Keep it equal to preferences.maximumDurationMinutes.",
  }),
];

const graceIn = (values: Values | null): Plain => {
  const configuration = values === null ? undefined : configurationIn(values);
  return at(configuration, ["transcripts", "gracePeriodMinutes"]) as Plain;
};
/** Whether the configuration still has a part. */
const has = (values: Values | null, path: readonly Step[]): boolean =>
  values !== null && isKnown(at(configurationIn(values), path));

/** Fields that say whose sessions the guard looks after. A map never changes them in an existing stack. */
const OTHER_FIELDS = ["partition", "accountNumber", "region", "table", "preferences", "console"] as const;

const IDENTITY: readonly Rule[] = OTHER_FIELDS.map((name) =>
  configured([name], {
    id: "guard-configuration-changed",
    isWeaker: changed,
    severity: name === "console" ? "medium" : "high",
    title: ({ object, before, after }) =>
      `The ${object} works with the ${name} ${after} instead of ${before}`,
    detail: "It decides which sessions the guard looks after, and what people open who read a report.",
    remedy: "Take it back: session-audit derives it from the account and region.",
  }),
);

/** Rules about a configuration that the plan does not show, or that is gone. */
const AS_A_WHOLE: readonly Rule[] = [
  {
    id: "guard-untold",
    types: [FUNCTION],
    kinds: CHANGING,
    find: (subject) => {
      const now = at(subject.after ?? undefined, [...VARIABLES, CONFIGURATION]);
      const isChange = subject.change.attributes.some(({ path }) => path.startsWith("environment"));
      if (typeof now !== "symbol" || !isChange) return undefined;
      return {
        severity: "high",
        title: `The plan does not show the configuration of the ${called(subject)}`,
        detail: `It becomes ${say(now)}.`,
        remedy: "Apply first what the configuration depends on, and plan again.",
      };
    },
  },
  {
    id: "guard-unconfigured",
    types: [FUNCTION],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [subject.before, subject.after].map(
        (values) => values && configurationIn(values),
      );
      if (!isKnown(before) || after !== undefined) return undefined;
      return {
        severity: "high",
        title: `The ${called(subject)} has no configuration any more`,
        detail: `Without the variable ${CONFIGURATION}, the function fails: it ends no session, and reports none.`,
        remedy: "Keep the variable as session-audit writes it.",
      };
    },
  },
];

export const GUARD_CONFIGURATION_RULES: readonly Rule[] = [...REPORTS, ...CHECKS, ...IDENTITY, ...AS_A_WHOLE];
