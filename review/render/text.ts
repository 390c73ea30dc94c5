import type { AttributeChange, ChangeGroup, Finding, Review, Severity, Shown } from "../model";
import { isWidening } from "../policies/direction";
import {
  findingCounts,
  findingsInOrder,
  foldedSummary,
  groupsInOrder,
  policiesInOrder,
  statementsInOrder,
  strengthInOrder,
} from "./order";
import { NO_BREAK } from "./terminal/fold";
import { authorsPart } from "./terminal/authors";
import { failuresPart } from "./terminal/failures";
import { Page, type Format } from "./terminal/page";
import { clip, prose, visible } from "./visible";
import {
  COUNTED,
  differences,
  DIRECTION_LEGEND,
  DIRECTION_WORDS,
  findingsInWords,
  KIND_WORDS,
  LOSSES,
  number,
  originInWords,
  plural,
  QUALITY_WORDS,
  sameIn,
  sentencesOf,
  SEVERITY_WORDS,
  shownWords,
  STATEMENT_WORDS,
  stacksInWords,
  strengthTrend,
  strengthValue,
  verdict,
  waveWords,
} from "./words";

export interface TextOptions {
  /** Width of the terminal. @default 80 */
  readonly columns?: number;
  /** Whether the text has colours. @default false */
  readonly color?: boolean;
}

const TRENDS: Readonly<Record<"weaker" | "stronger" | "same" | "unknown", readonly Format[]>> = {
  weaker: ["red", "bold"],
  stronger: ["green"],
  unknown: ["yellow"],
  same: ["gray"],
};
const SEVERITIES: Readonly<Record<Severity, readonly Format[]>> = {
  critical: ["red", "bold"],
  high: ["red"],
  medium: ["yellow"],
  low: [],
  info: ["gray"],
};
/** What takes something away is red. */
const formatsOf = (isLoss: boolean): Format[] => (isLoss ? ["red"] : []);

/** Longest text and longest value in a terminal. */
const [TEXT_LIMIT, VALUE_LIMIT, NAMES, ATTRIBUTES] = [2_000, 400, 3, 40] as const;

const plain = (text: string, limit: number): string => clip(visible(text), limit);
const sentences = (text: string): string => clip(prose(text), TEXT_LIMIT);
const unbroken = (words: string): string => words.replaceAll(" ", NO_BREAK);
const names = (stacks: readonly string[]): string => {
  const left = stacks.length - NAMES;
  const first = stacks
    .slice(0, NAMES)
    .map((stack) => plain(stack, VALUE_LIMIT))
    .join(", ");
  return left > 0 ? `${first} and ${number(left)} more` : first;
};

/**
 * A review as text for a terminal. The worst comes first in each part.
 * @example text(review, { columns: process.stdout.columns, color: process.stdout.isTTY })
 */
export function text(review: Review, { columns = 80, color = false }: TextOptions = {}): string {
  const page = new Page(columns, color);
  const { trend, text: title } = verdict(review);
  page.entry("", title, { formats: TRENDS[trend], whole: true });
  page.entry(
    "",
    [findingsInWords(findingCounts(review)), stacksInWords(review), originInWords(review)].join(" "),
  );
  strengthPart(page, review);
  summaryPart(page, review);
  findingsPart(page, review);
  policiesPart(page, review);
  groupsPart(page, "Changes", groupsInOrder(review, "groups"));
  groupsPart(page, "Changed outside Terraform", groupsInOrder(review, "drift"));
  authorsPart(page, review.who ?? []);
  failuresPart(page, review);
  listPart(page, "Warnings about the map", review.mapWarnings);
  listPart(page, "Not covered", review.notCovered);
  return page.toString();
}

function listPart(page: Page, title: string, entries: readonly string[]): void {
  if (entries.length > 0) page.heading(title);
  for (const entry of entries) page.entry("- ", sentences(entry), { indent: 2 });
}

function strengthPart(page: Page, review: Review): void {
  const rows = strengthInOrder(review);
  if (rows.length === 0) return;
  page.heading("Recording, before → after");
  for (const row of rows) {
    const trend = strengthTrend(row);
    const [before, after] = [row.before, row.after].map((value) => unbroken(strengthValue(row, value)));
    page.entry(`${trend.padEnd(9)} `, `${QUALITY_WORDS[row.quality]}: ${before} →${NO_BREAK}${after}`, {
      indent: 2,
      formats: TRENDS[trend],
    });
    const targets = [
      ...(row.weaker.length > 0 ? [`weaker in ${names(row.weaker)}`] : []),
      ...(row.stronger.length > 0 ? [`stronger in ${names(row.stronger)}`] : []),
      ...(row.unknown.length > 0 ? [`not known for ${plural(row.unknown.length, "target")}`] : []),
    ];
    if (targets.length > 0)
      page.entry("", targets.join("; "), { indent: 12, formats: ["gray"], whole: true });
  }
}

function summaryPart(page: Page, review: Review): void {
  const rows = foldedSummary(review);
  if (rows.length === 0) return;
  page.heading("What changes");
  for (const { row, accounts } of rows) {
    const [first] = accounts;
    const account = `${plain(first!.account, 60)} (${plain(first!.accountId, 20)})`;
    const who =
      accounts.length === 1 ? account : `${account} and ${plural(accounts.length - 1, "other account")}`;
    const counts = COUNTED.filter((kind) => row[kind] > 0).map((kind) =>
      unbroken(`${number(row[kind] * accounts.length)} to ${KIND_WORDS[kind]}`),
    );
    const failed = row.failedStacks * accounts.length;
    const what = [
      ...counts,
      ...(failed > 0 ? [unbroken(`${plural(failed, "stack")} not planned`)] : []),
    ].join(", ");
    const lost = failed > 0 || COUNTED.some((kind) => LOSSES.includes(kind) && row[kind] > 0);
    page.entry(
      `${plain(waveWords(row.wave), 20).padEnd(11)} `,
      `${who}, ${plural(row.stacks * accounts.length, "stack")}: ${what || "no changes"}`,
      { indent: 2, formats: formatsOf(lost) },
    );
  }
}

function findingsPart(page: Page, review: Review): void {
  const findings = findingsInOrder(review);
  if (findings.length > 0) page.heading("Findings");
  for (const [index, finding] of findings.entries()) {
    if (index > 0) page.gap();
    const formats = SEVERITIES[finding.severity];
    page.entry(`${SEVERITY_WORDS[finding.severity].padEnd(9)} `, titleOf(finding), { indent: 2, formats });
    page.entry("", whereOf(finding), { indent: 12, formats: ["gray"], whole: true });
    detailPart(page, finding);
    page.entry("", `What to do: ${sentences(finding.remedy)}`, { indent: 12 });
  }
}

/** What a finding means: a paragraph, or a list if it is long. */
function detailPart(page: Page, { detail }: Finding): void {
  const { isShort, lead, more } = sentencesOf(detail);
  if (isShort) return page.entry("", sentences(detail), { indent: 12 });
  for (const sentence of lead) page.entry("- ", sentences(sentence), { indent: 12 });
  if (more.length > 0) page.entry("- ", `and ${plural(more.length, "more sentence")}`, { indent: 12 });
}

const titleOf = ({ title, places }: Finding): string =>
  sentences(places.length === 1 ? places[0]!.title : title);

function whereOf({ places }: Finding): string {
  const addresses = [...new Set(places.map(({ address }) => address ?? "the whole stack"))];
  return `${names(addresses)} in ${names([...new Set(places.map(({ stack }) => stack))])}`;
}

function policiesPart(page: Page, review: Review): void {
  const policies = policiesInOrder(review);
  if (policies.length === 0) return;
  page.heading("Policies by statement");
  page.entry("", DIRECTION_LEGEND, { indent: 2, formats: ["gray"], whole: true });
  for (const { group, attribute, policy } of policies) {
    page.entry(
      `${DIRECTION_WORDS[policy.direction].padEnd(9)} `,
      `${plain(attribute.path, VALUE_LIMIT)} of ${plain(group.change.address, VALUE_LIMIT)} in ${names(group.stacks)}`,
      { indent: 2, formats: formatsOf(isWidening(policy.direction)) },
    );
    for (const { statement, change, direction, words } of statementsInOrder(policy))
      page.entry(
        "- ",
        `${DIRECTION_WORDS[direction]}, ${plain(statement, VALUE_LIMIT)} ${STATEMENT_WORDS[change]}: ${words.map((one) => sentences(one)).join(" ")}`,
        { indent: 12 },
      );
  }
}

function groupsPart(page: Page, title: string, groups: readonly ChangeGroup[]): void {
  if (groups.length > 0) page.heading(title);
  for (const group of groups) {
    const { change, stacks, means } = group;
    const formats = formatsOf(LOSSES.includes(change.kind));
    const line = (words: string) => page.entry("- ", words, { indent: 12 });
    page.entry(
      `${KIND_WORDS[change.kind].padEnd(9)} `,
      `${plain(change.address, VALUE_LIMIT)}: ${sameIn(group)}`,
      {
        indent: 2,
        formats,
      },
    );
    page.entry("", `in ${names(stacks)}`, { indent: 12, formats: ["gray"], whole: true });
    if (means !== undefined) line(sentences(means));
    if (change.replacement !== undefined) line(`order: ${change.replacement}`);
    if (change.reason !== undefined) line(sentences(change.reason));
    if (change.previousAddress !== undefined)
      line(`moved from ${plain(change.previousAddress, VALUE_LIMIT)}`);
    if (change.importId !== undefined) line(`imported by the id ${plain(change.importId, VALUE_LIMIT)}`);
    for (const attribute of change.attributes.slice(0, ATTRIBUTES)) attributeLines(attribute).forEach(line);
    const left = change.attributes.length - ATTRIBUTES;
    if (left > 0) line(`and ${plural(left, "more attribute")}`);
    for (const { how, stacks: differing } of differences(group))
      line(`differs in ${names(differing)}: ${sentences(how)}`);
  }
}

function attributeLines({ path, before, after, forcesReplacement, meaning }: AttributeChange): string[] {
  const why = forcesReplacement ? " (forces the replacement)" : "";
  const shown = (at: string, one: Shown, other: Shown) =>
    `${plain(at, VALUE_LIMIT)}: ${clip(shownWords(one).text, VALUE_LIMIT)} → ${clip(shownWords(other).text, VALUE_LIMIT)}${why}`;
  if (meaning?.kind === "policy")
    return [
      `${plain(path, VALUE_LIMIT)}: ${DIRECTION_WORDS[meaning.direction]}, see the policies by statement${why}`,
    ];
  if (meaning?.kind === "document")
    return meaning.fields.map((field) => shown(`${path}: ${field.path}`, field.before, field.after));
  return [shown(path, before, after)];
}
