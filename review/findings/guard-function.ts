import { isSet } from "../numbers";
import { at, isList, isObject, say, type Value, type Values } from "../values";
import { CONFIGURATION, FUNCTION, VARIABLES } from "./guard-configuration";
import { called, CHANGING, type Found, type Rule, type Subject } from "./rule";
import { changed, lowered, weakening, type Weakening } from "./weakening";

/** Rules about what the function of the guard runs: its code, its variables and its settings. */

const variablesOf = (values: Values | null): Values => {
  const variables = at(values ?? undefined, VARIABLES);
  return isObject(variables) ? (variables as Values) : {};
};

const ENVIRONMENT: readonly Rule[] = [
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

export const GUARD_FUNCTION_RULES: readonly Rule[] = [...ENVIRONMENT, ...CODE];
