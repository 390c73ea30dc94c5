import { say, type Values } from "../values";
import { called, CHANGING, type Rule } from "./rule";
import { exchanged, turnedOff, weakening, type Weakening } from "./weakening";

/** Rules about the trail, which EventBridge and the guard depend on. */

const TRAIL = "aws_cloudtrail";
const SWITCHES: readonly (Pick<Weakening, "severity" | "detail"> & {
  readonly path: string;
  readonly words: string;
})[] = [
  {
    path: "enable_logging",
    words: "no longer logs",
    severity: "critical",
    detail:
      "EventBridge gets no API calls from a trail that does not log: nobody is notified of sessions and of changes to the recording, and the guard ends sessions only on its schedule (`guard.checkTranscriptsEveryMinutes`), or none if it has no schedule.",
  },
  {
    path: "is_multi_region_trail",
    words: "records one region only",
    severity: "high",
    detail: "In every other region, nobody is notified of sessions and of changes to the recording.",
  },
  {
    path: "include_global_service_events",
    words: "no longer records global services",
    severity: "high",
    detail: "Calls to IAM, STS and other global services are not recorded.",
  },
  {
    path: "enable_log_file_validation",
    words: "no longer signs its log files",
    severity: "medium",
    detail: "Nobody can prove that a log file was not changed.",
  },
  {
    path: "is_organization_trail",
    words: "no longer records the accounts of the organization",
    severity: "high",
    detail: "In these accounts, nobody is notified of sessions and of changes to the recording.",
  },
];

const SELECTORS = ["event_selector", "advanced_event_selector"] as const;

export const TRAIL_RULES: readonly Rule[] = [
  ...SWITCHES.map(({ path, words, severity, detail }) =>
    weakening({
      id: `trail-${path.replaceAll("_", "-")}-off`,
      type: TRAIL,
      path: [path],
      isWeaker: turnedOff,
      severity,
      title: ({ object }) => `The ${object} ${words}`,
      detail,
      remedy: `Keep ${path}.`,
    }),
  ),
  weakening({
    id: "trail-bucket-changed",
    type: TRAIL,
    path: ["s3_bucket_name"],
    isWeaker: exchanged,
    severity: "high",
    title: ({ object, before, after }) => `The ${object} writes to the bucket ${after} instead of ${before}`,
    detail: "Log files that exist stay where they are.",
    remedy: "Make sure that the new bucket is yours, and as protected as the old one.",
  }),
  {
    id: "trail-selectors-changed",
    types: [TRAIL],
    kinds: CHANGING,
    find: (subject) => {
      const { before, after } = subject;
      const told = (values: Values | null) => SELECTORS.map((name) => say(values?.[name]));
      const [old, now] = [told(before), told(after)];
      const changed = SELECTORS.filter((_, index) => old[index] !== now[index]);
      if (changed.length === 0) return undefined;
      return {
        severity: "medium",
        title: `The ${called(subject)} selects other events`,
        detail: changed
          .map((name) => `${name} was ${say(before?.[name])}, and is ${say(after?.[name])}.`)
          .join(" "),
        remedy: "Make sure that management events, read and write, stay selected.",
      };
    },
  },
];
