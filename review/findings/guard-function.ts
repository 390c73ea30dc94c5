import { isSet, numberOf } from "../numbers";
import {
  at,
  documentIn,
  isKnown,
  isList,
  isObject,
  say,
  type Step,
  type Value,
  type Values,
} from "../values";
import { called, CHANGING, type Found, type Rule, type Subject } from "./rule";
import { exchanged, lowered, raised, removed, weakening, type Plain, type Weakening } from "./weakening";

/** Rules about the function of the guard: what it is told to do, and what it runs. */

/** Terraform type of the function. */
export const FUNCTION = "aws_lambda_function";
/** The variable that holds the configuration (`CONFIGURATION_VARIABLE` in `guard/configuration.ts`). */
const CONFIGURATION = "GUARD";
const VARIABLES = ["environment", 0, "variables"] as const;

/** The configuration of the guard, which its function gets as JSON. undefined: it is another function. */
export function configurationIn(values: Values): Value | undefined {
  const text = at(values, [...VARIABLES, CONFIGURATION]);
  if (typeof text === "symbol") return text;
  return documentIn(text) as Value | undefined;
}

type Words = Omit<Weakening, "type" | "within" | "path">;
const configured = (path: readonly Step[], words: Words): Rule =>
  weakening({ type: FUNCTION, within: configurationIn, path, ...words });

const changed = (before: Plain, after: Plain): boolean => removed(before, after) || exchanged(before, after);
const kept = (before: Plain, after: Plain): boolean =>
  (numberOf(after) ?? Number.POSITIVE_INFINITY) < (numberOf(before) ?? Number.POSITIVE_INFINITY);

const SECURITY_MAP = "Keep notifications.security in the map.";
const MISSED = "Nobody is told that a session there has left no record.";

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
    detail: "Who reads this topic is not told of sessions that leave no record.",
    remedy: SECURITY_MAP,
  }),
  configured(path, {
    id: "guard-topic-changed",
    isWeaker: exchanged,
    severity: "high",
    title: ({ object, before, after }) => `The ${object} reports to ${after} instead of ${before}`,
    detail: "Who reads the former topic is not told of sessions that leave no record.",
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
      isWeaker: kept,
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
    detail: "Whoever has hidden a session has this time before anybody is told.",
    remedy: "Keep guard.gracePeriodMinutes short.",
  }),
  configured(["transcripts", "maximumDurationMinutes"], {
    id: "guard-check-duration-changed",
    isWeaker: (before, after, subject) =>
      [subject.before, subject.after].every((values) => has(values, ["transcripts"])) &&
      (before ?? null) !== (after ?? null),
    severity: "low",
    title: ({ object, before, after }) =>
      `The ${object} reckons with sessions of ${after} minutes at most instead of ${before}`,
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

const variablesOf = (values: Values | null): Values => {
  const variables = at(values ?? undefined, VARIABLES);
  return isObject(variables) ? (variables as Values) : {};
};

const ENVIRONMENT: readonly Rule[] = [
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
        title: `Nobody can tell from the plan what the ${called(subject)} is told to do`,
        detail: `Its configuration becomes ${say(now)}.`,
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
  {
    id: "guard-variable-set",
    types: [FUNCTION],
    kinds: ["create", ...CHANGING],
    find: (subject) => {
      const [before, after] = [variablesOf(subject.before), variablesOf(subject.after)];
      const isShown = (name: string) =>
        subject.change.attributes.some(({ path }) => path === `environment[0].variables.${name}`);
      return Object.entries(after)
        .filter(([name, value]) => name !== CONFIGURATION && (before[name] !== value || isShown(name)))
        .map(([name, value]): Found => ({
          severity: "high",
          title: `The ${called(subject)} gets the variable ${name}: ${say(value)}`,
          // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
          detail:
            "session-audit sets no other variable. One such as AWS_ENDPOINT_URL or NODE_OPTIONS makes the function call another address, or run other code.",
          remedy: "Take the variable away.",
        }));
    },
  },
];

const layersOf = (values: Values | null): readonly string[] => {
  const layers = values?.["layers"];
  return isList(layers) ? (layers as readonly Value[]).filter((layer) => layer !== null).map(say) : [];
};

/** Where Lambda takes code from, besides the archive that session-audit writes. */
const OTHER_CODE = ["image_uri", "s3_bucket", "s3_key", "s3_object_version"] as const;

/** What a lower or another value of a setting of the function does. */
const SETTINGS: readonly (Pick<Weakening, "id" | "path" | "isWeaker" | "severity" | "detail"> & {
  readonly words: string;
})[] = [
  {
    id: "guard-handler-changed",
    path: ["handler"],
    isWeaker: changed,
    severity: "high",
    words: "begins with the handler",
    detail: "Another function of the code runs, or none, so that each invocation fails.",
  },
  {
    id: "guard-runtime-changed",
    path: ["runtime"],
    isWeaker: changed,
    severity: "medium",
    words: "runs on",
    detail: "The code of the guard is for the runtime that session-audit names.",
  },
  {
    id: "guard-timeout-shortened",
    path: ["timeout"],
    isWeaker: lowered,
    // A run that looks for records needs minutes: with less than one, it hardly ends any session.
    severity: (_before, after) => (Number(after) < 60 ? "high" : "medium"),
    words: "is stopped after so many seconds:",
    detail: "Lambda stops a run that takes longer: sessions go on, and records are not looked for.",
  },
  {
    id: "guard-memory-lowered",
    path: ["memory_size"],
    isWeaker: lowered,
    severity: "medium",
    words: "has so many megabytes of memory:",
    detail: "It works more slowly, and fails if the memory does not suffice.",
  },
  {
    id: "guard-network-changed",
    path: ["vpc_config", 0, "subnet_ids"],
    isWeaker: (before, after) => isSet(after) && JSON.stringify(before) !== JSON.stringify(after),
    severity: "medium",
    words: "works in the subnets",
    detail: "If the subnets have no way to the endpoints of AWS, the guard can do nothing.",
  },
  {
    id: "guard-log-moved",
    path: ["logging_config", 0, "log_group"],
    isWeaker: changed,
    severity: "medium",
    words: "logs to",
    detail: "What the guard has done and why is not in its log group any more.",
  },
];

const CODE: readonly Rule[] = [
  {
    id: "guard-layer-added",
    types: [FUNCTION],
    kinds: ["create", ...CHANGING],
    find: (subject) => {
      const { before, after } = subject;
      const added = isList(after?.["layers"])
        ? layersOf(after).filter((layer) => !layersOf(before).includes(layer))
        : hiddenLayers(subject);
      if (added.length === 0) return undefined;
      return {
        severity: "high",
        title: `The ${called(subject)} also runs the code of ${added.join(", ")}`,
        detail:
          "session-audit has no layers. A layer runs with the role of the guard, and can replace its code.",
        remedy: "Take the layer away.",
      };
    },
  },
  ...OTHER_CODE.map((name) =>
    weakening({
      id: "guard-code-elsewhere",
      type: FUNCTION,
      path: [name],
      isWeaker: (before, after) => isSet(after) && before !== after,
      severity: "high",
      title: ({ object, after }) => `The ${object} takes its code from elsewhere (${name}: ${after})`,
      detail: "session-audit gives Lambda the code that it has bundled itself.",
      remedy: "Take it back.",
    }),
  ),
  ...SETTINGS.map(({ words, ...rest }) =>
    weakening({
      ...rest,
      type: FUNCTION,
      title: ({ object, before, after }) => `The ${object} ${words} ${after} (until now: ${before})`,
      remedy: "Keep what session-audit writes.",
    }),
  ),
];

/** Layers that the plan does not show. A function without layers has an empty list, which the plan knows. */
const hiddenLayers = ({ change, after }: Subject): readonly string[] =>
  typeof after?.["layers"] === "symbol" && change.attributes.some(({ path }) => path.startsWith("layers"))
    ? [say(after["layers"])]
    : [];

export const GUARD_FUNCTION_RULES: readonly Rule[] = [
  ...REPORTS,
  ...CHECKS,
  ...IDENTITY,
  ...ENVIRONMENT,
  ...CODE,
];
