import type { Finding, Review, StrengthRow } from "../../model";
import { findingsInOrder, foldedSummary, strengthInOrder, type FoldedRow } from "../order";
import {
  COUNT_WORDS,
  COUNTED,
  LOSSES,
  number,
  plural,
  sentencesOf,
  QUALITY_WORDS,
  SEVERITY_WORDS,
  strengthTrend,
  strengthValue,
  waveWords,
} from "../words";
import { text, textInHtml } from "./escape";
import type { Section } from "./fit";
import { stackNamesInHtml, where } from "./places";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
const header = (cells: readonly string[], align: readonly string[]): string =>
  `${row(cells)}|${align.join("|")}|\n`;

/** One row for each quality of recording: before and after. */
export function strengthSection(review: Review): Section {
  return {
    name: "qualities of recording",
    open: `\n### Recording, before → after\n\n${header(["", "Quality", "Before", "After", "Targets"], ["---", "---", "--:", "--:", "---"])}`,
    blocks: strengthInOrder(review).map((quality) => ({
      forms: [
        strengthRow(quality, stackNamesInHtml),
        strengthRow(quality, (stacks) => plural(stacks.length, "target")),
      ],
    })),
    share: 0.12,
  };
}

function strengthRow(one: StrengthRow, names: (stacks: readonly string[]) => string): string {
  const { quality, before, after, weaker, stronger, unknown } = one;
  const trend = strengthTrend(one);
  const targets = [
    ...(weaker.length > 0 ? [`weaker in ${number(weaker.length)}: ${names(weaker)}`] : []),
    ...(stronger.length > 0 ? [`stronger in ${number(stronger.length)}: ${names(stronger)}`] : []),
    ...(unknown.length > 0 ? [`not known for ${number(unknown.length)}`] : []),
  ];
  return row([
    trend === "weaker" ? "**weaker**" : trend,
    QUALITY_WORDS[quality],
    strengthValue(one, before),
    `→ ${strengthValue(one, after)}`,
    targets.join("; "),
  ]);
}

/** One row for each wave and account; accounts of a wave whose numbers are equal share one. */
export function summarySection(review: Review): Section {
  const counts = COUNTED.map((kind) => COUNT_WORDS[kind]);
  return {
    name: "rows of waves and accounts",
    open: `\n### What changes\n\n${header(["Wave", "Accounts", "Stacks", ...counts], ["---", "---", "--:", ...counts.map(() => "--:")])}`,
    blocks: foldedSummary(review).map((folded) => ({ forms: [summaryRow(folded)] })),
    share: 0.13,
  };
}

function summaryRow({ row: numbers, accounts }: FoldedRow): string {
  const [first] = accounts;
  const name = textInHtml(first!.account, 60);
  const stacks = numbers.stacks * accounts.length;
  const failed = numbers.failedStacks * accounts.length;
  return row([
    textInHtml(waveWords(numbers.wave), 60),
    accounts.length === 1
      ? `${name} (${textInHtml(first!.accountId, 20)})`
      : `${name} and ${plural(accounts.length - 1, "other account")}`,
    number(stacks) + (failed > 0 ? ` (**${number(failed)} failed**)` : ""),
    ...COUNTED.map((kind) => {
      const count = numbers[kind] * accounts.length;
      // A number that takes something away is bold.
      return count === 0 ? "–" : LOSSES.includes(kind) ? `**${number(count)}**` : number(count);
    }),
  ]);
}

/** The findings, each with where it is, what it means and what to do. */
export function findingsSection(review: Review): Section {
  return {
    name: "findings",
    open: "\n### Findings\n",
    blocks: findingsInOrder(review).map((finding) => {
      const title = `\n**${SEVERITY_WORDS[finding.severity]}: ${titleOf(finding)}**  \n`;
      const place = `${where(finding)}\n`;
      return {
        forms: [
          `${title}${place}\n${detail(finding, MUCH)}\n**What to do:** ${text(finding.remedy)}\n`,
          `${title}${place}\n${detail(finding, LITTLE)}\n**What to do:** ${text(finding.remedy)}\n`,
          title + place,
          `\n**${SEVERITY_WORDS[finding.severity]}: ${text(finding.title, 200)}**\n`,
        ],
      };
    }),
    share: 0.3,
  };
}

/** Characters of a long detail in the longer forms of a finding. */
const [MUCH, LITTLE] = [1_500, 300];

/** What a finding means: a paragraph, or a list if it is long. */
function detail({ detail: all }: Finding, limit: number): string {
  const { isShort, lead, more } = sentencesOf(all, limit);
  if (isShort) return `${text(all)}\n`;
  const lines = lead.map((sentence) => `- ${text(sentence, 600)}\n`).join("");
  return lines + (more.length > 0 ? `- and ${plural(more.length, "more sentence")}\n` : "");
}

/** A finding in one place has the title with its own values. */
const titleOf = ({ title, places }: Finding): string => text(places.length === 1 ? places[0]!.title : title);
