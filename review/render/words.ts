import type {
  Axis,
  ChangeGroup,
  ChangeKind,
  Counts,
  Direction,
  Quality,
  Review,
  Severity,
  Shown,
  StatementChange,
  StrengthRow,
} from "../model";
import { FOREVER_DAYS } from "../model";
import { prose, visible } from "./visible";

/** The words that every form of a review uses. */

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  info: "Info",
};

export const QUALITY_WORDS: Readonly<Record<Quality, string>> = {
  recordedToS3: "Recorded to S3",
  recordedToCloudWatch: "Recorded to CloudWatch Logs",
  refusedIfUnrecorded: "Refused if unrecorded",
  encryptedWithCustomerKey: "Encrypted with a customer managed key",
  retention: "Shortest retention",
  objectLock: "Object Lock",
  replication: "Replicated",
  notified: "Subscribers notified",
  watchedForTampering: "Watched for tampering",
  guard: "Guard",
  guardrails: "Guardrails",
};

export const DIRECTION_WORDS: Readonly<Record<Direction, string>> = {
  wider: "wider",
  "maybe-wider": "wider?",
  other: "other",
  narrower: "narrower",
  same: "same",
};

export const DIRECTION_LEGEND =
  'A policy gets "wider" if it permits more, "narrower" if it permits less, "other" if it permits more and less, and "wider?" if the review cannot tell: read it as wider.';

export const STATEMENT_WORDS: Readonly<Record<StatementChange["change"], string>> = {
  added: "added",
  removed: "removed",
  changed: "changed",
};

export const AXIS_WORDS: Readonly<Record<Axis, string>> = {
  effect: "Effect",
  principal: "Principal",
  action: "Action",
  resource: "Resource",
  condition: "Condition",
};

/** What happens to an object, as the verb of a headline. */
export const KIND_WORDS: Readonly<Record<ChangeKind, string>> = {
  create: "add",
  update: "change",
  replace: "replace",
  delete: "destroy",
  import: "import",
  move: "move",
  forget: "forget",
  read: "read",
  deferred: "deferred",
};

/** What takes something away. */
export const LOSSES: readonly ChangeKind[] = ["delete", "replace", "forget"];

/** Columns of a table of counts, in the order in which Terraform's summary has them. */
export const COUNT_WORDS: Readonly<Record<keyof Counts, string>> = {
  create: "Add",
  update: "Change",
  replace: "Replace",
  delete: "Destroy",
  import: "Import",
  move: "Move",
  forget: "Forget",
};
export const COUNTED = Object.keys(COUNT_WORDS) as (keyof Counts)[];

/** @example number(1996) // "1,996" */
export const number = (value: number): string => value.toLocaleString("en-US");

/** @example plural(2000, "stack") // "2,000 stacks" */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${number(count)} ${count === 1 ? noun : nouns}`;

/** @example list(["a", "b", "c"]) // "a, b and c" */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** The wave of a stack. */
export const waveWords = (wave: string | null): string => visible(wave ?? "every wave");

/** A value of a quality: a number of targets, or days. */
export function strengthValue({ quality, of }: StrengthRow, value: number | null): string {
  if (value === null) return "not known";
  if (quality === "retention" && value >= FOREVER_DAYS) return "forever";
  return quality === "retention" ? plural(value, "day") : `${number(value)} of ${number(of)}`;
}

/** Whether a quality gets weaker, stronger or neither in the targets of the plan folder. */
export const strengthTrend = ({ weaker, stronger }: StrengthRow): "weaker" | "stronger" | "same" =>
  weaker.length > 0 ? "weaker" : stronger.length > 0 ? "stronger" : "same";

/** A value that is not itself in the plan. A known value is JSON, so that these words cannot be a value. */
const NOT_KNOWN: Readonly<Record<Exclude<Shown["is"], "known">, string>> = {
  unknown: "known after apply",
  sensitive: "sensitive, not shown",
  absent: "not set",
};

/** A value in words, or as JSON on one line in which every character can be seen. */
export const shownWords = (shown: Shown): { readonly isValue: boolean; readonly text: string } =>
  shown.is === "known"
    ? { isValue: true, text: visible(JSON.stringify(shown.value)) }
    : { isValue: false, text: NOT_KNOWN[shown.is] };

/** Stacks of a group that differ, by how they differ; the most frequent difference first. */
export function differences({ differing }: ChangeGroup): { how: string; stacks: string[] }[] {
  const byHow = new Map<string, string[]>();
  for (const { stack, how } of differing) byHow.set(how, [...(byHow.get(how) ?? []), stack]);
  return [...byHow]
    .map(([how, stacks]) => ({ how, stacks }))
    .sort((one, other) => other.stacks.length - one.stacks.length);
}

/**
 * In how many stacks a change is the same.
 * @example sameIn(group) // "the same in 1,996 of 2,000 stacks; 4 differ"
 */
export function sameIn({ stacks, of, differing }: ChangeGroup): string {
  if (of === 1) return "in the only stack of its kind";
  if (stacks.length === of)
    return of === 2 ? "the same in both stacks" : `the same in all ${plural(of, "stack")}`;
  const share = `${number(stacks.length)} of ${plural(of, "stack")}`;
  if (stacks.length === 1) return `in ${share}`;
  const differ = differing.length === 1 ? "1 differs" : `${number(differing.length)} differ`;
  return `the same in ${share}${differing.length > 0 ? `; ${differ}` : ""}`;
}

/** What the review says first: what happens to recording. */
export function verdict({ strength, stacks }: Pick<Review, "strength" | "stacks">): {
  readonly trend: "weaker" | "stronger" | "same" | "unknown";
  readonly text: string;
} {
  const targets = (side: "weaker" | "stronger" | "unknown") =>
    new Set(strength.flatMap((row) => row[side])).size;
  const [weaker, stronger, unknown] = [targets("weaker"), targets("stronger"), targets("unknown")];
  const failed = stacks.filter(({ result }) => result === "failed").length;
  if (weaker > 0) return { trend: "weaker", text: `Recording gets weaker in ${plural(weaker, "target")}` };
  if (failed > 0)
    return {
      trend: "unknown",
      text: `${plural(failed, "stack")} could not be planned: nobody knows what changes there`,
    };
  if (unknown > 0)
    return {
      trend: "unknown",
      text: `Nothing gets weaker that the plans show; ${plural(unknown, "target")} cannot be judged`,
    };
  if (stronger > 0)
    return { trend: "stronger", text: `Recording gets stronger in ${plural(stronger, "target")}` };
  return { trend: "same", text: "Recording stays as strong as it is" };
}

/** Longest text that is one paragraph, and how much of a longer one is shown at once, in characters. */
const [PARAGRAPH, LEAD] = [450, 800];

/** A text whose beginning is shown first. */
export interface Sentences {
  /** Whether the text is short enough for a paragraph. A longer one is a list of its sentences. */
  readonly isShort: boolean;
  /** The first sentences, at least one. */
  readonly lead: readonly string[];
  readonly more: readonly string[];
}

/** @example sentencesOf("It ends. arn:aws:iam::1:role/x can read.").lead // ["It ends.", "arn:aws:iam::1:role/x can read."] */
export function sentencesOf(text: string, lead = LEAD): Sentences {
  const all = prose(text).split(/(?<=[.!?:]) (?=\p{Lu}|arn:)/u);
  let length = 0;
  const end = all.findIndex((sentence, index) => (length += sentence.length) > lead && index > 0);
  const count = end === -1 ? all.length : end;
  return { isShort: text.length <= PARAGRAPH, lead: all.slice(0, count), more: all.slice(count) };
}

/** How many stacks change, fail and stay. @example "4 stacks change, 1 failed, 3 stay as they are" */
export function stacksInWords({ stacks }: Pick<Review, "stacks">): string {
  const count = (wanted: string) => stacks.filter(({ result }) => result === wanted).length;
  const [changed, failed, same] = [count("changes"), count("failed"), count("no changes")];
  const parts = [
    ...(changed > 0 ? [`${number(changed)} ${changed === 1 ? "changes" : "change"}`] : []),
    ...(failed > 0 ? [`${number(failed)} could not be planned`] : []),
    ...(same > 0 ? [`${number(same)} ${same === 1 ? "stays as it is" : "stay as they are"}`] : []),
  ];
  return `${plural(stacks.length, "stack")}${parts.length > 0 ? `: ${list(parts)}` : ""}.`;
}

/** How many findings of each severity. @example "2 critical, 1 high and 3 low findings" */
export function findingsInWords(counts: ReadonlyMap<Severity, number>): string {
  const parts = [...counts].map(([severity, count]) => `${number(count)} ${severity}`);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return total === 0 ? "No findings." : `${list(parts)} ${total === 1 ? "finding" : "findings"}.`;
}

/** When and from what the plans were made. */
export function originInWords({ origin: { commit, dirty, plannedAt } }: Pick<Review, "origin">): string {
  const when = `Planned at ${visible(plannedAt).slice(0, 24)}`;
  if (commit === null) return `${when}, outside of a Git repository.`;
  return `${when} from commit ${visible(commit).slice(0, 12)}${dirty ? " with uncommitted changes" : ""}.`;
}
