import type { Review, StrengthRow } from "../../model";
import { findingCounts, foldedSummary, strengthInOrder, type FoldedRow } from "../order";
import {
  COUNT_WORDS,
  COUNTED,
  findingsInWords,
  LOSSES,
  number,
  originInWords,
  plural,
  QUALITY_WORDS,
  stacksInWords,
  strengthTrend,
  strengthValue,
  verdict,
  waveWords,
} from "../words";
import { countCell } from "./changes";
import { badge } from "./findings";
import { h, rangesOf, type Tree } from "./tree";

const HEADS = { weaker: "bad", unknown: "unsure", stronger: "good", same: "same" } as const;

/** The head of the page: what happens to recording, and how many findings there are. */
export function head(review: Review): Tree {
  const { trend, text } = verdict(review);
  const counts = findingCounts(review);
  const tally = [...counts].map(([severity, count]) =>
    h(
      "li",
      {},
      h("a", { class: `badge ${severity}`, href: `#severity=${severity}` }, `${number(count)} ${severity}`),
    ),
  );
  return h(
    "header",
    { class: `top ${HEADS[trend]}` },
    h("p", { class: "kicker" }, "session-audit: review of planned changes"),
    h("h1", {}, text),
    tally.length === 0
      ? h("p", {}, findingsInWords(counts))
      : h("ul", { class: "tally", "aria-label": "Findings by severity" }, ...tally),
    h("p", { class: "facts" }, `${stacksInWords(review)} ${originInWords(review)}`),
  );
}

const columns = (...names: string[]): Tree =>
  h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));

/** One row for each quality of recording, with an arrow from before to after. */
export const strengthTable = (review: Review, indexOf: ReadonlyMap<string, number>): Tree =>
  h(
    "table",
    { class: "strength" },
    columns("Quality", "Before", "", "After", "Trend", "Targets"),
    h("tbody", {}, ...strengthInOrder(review).map((row) => strengthRow(row, indexOf))),
  );

function strengthRow(row: StrengthRow, indexOf: ReadonlyMap<string, number>): Tree {
  const trend = strengthTrend(row);
  const targets = (["weaker", "stronger", "unknown"] as const).flatMap((side) =>
    row[side].length === 0
      ? []
      : [
          h(
            "details",
            {},
            h(
              "summary",
              {},
              `${side === "unknown" ? "not known for" : `${side} in`} ${plural(row[side].length, "target")}`,
            ),
            { stacks: rangesOf(row[side].flatMap((stack) => indexOf.get(stack) ?? [])) },
          ),
        ],
  );
  return h(
    "tr",
    { class: trend },
    h("th", { scope: "row" }, QUALITY_WORDS[row.quality]),
    h("td", { class: "number", "data-label": "Before" }, strengthValue(row, row.before)),
    h("td", { class: "arrow", "aria-hidden": "true" }, "→"),
    h("td", { class: "number after", "data-label": "After" }, strengthValue(row, row.after)),
    h("td", {}, badge(trend, trend)),
    h("td", {}, ...targets),
  );
}

/** One row for each wave and account; accounts of a wave whose numbers are equal share one. */
export const summaryTable = (review: Review): Tree =>
  h(
    "table",
    { class: "summary" },
    columns("Wave", "Accounts", "Stacks", ...COUNTED.map((kind) => COUNT_WORDS[kind])),
    h("tbody", {}, ...foldedSummary(review).map(summaryRow)),
    h(
      "tbody",
      { class: "total" },
      h(
        "tr",
        {},
        h("th", { scope: "row", colspan: "2" }, "Total"),
        h("td", { class: "number", "data-label": "Stacks" }, number(review.stacks.length)),
        ...COUNTED.map((kind) => countCell(review.totals[kind], LOSSES.includes(kind), COUNT_WORDS[kind])),
      ),
    ),
  );

function summaryRow({ row, accounts }: FoldedRow): Tree {
  const [first] = accounts;
  const names = accounts.map(({ account, accountId }) =>
    h("li", {}, `${account} `, h("span", { class: "id" }, accountId)),
  );
  const failed = row.failedStacks * accounts.length;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, waveWords(row.wave)),
    h(
      "td",
      {},
      accounts.length === 1
        ? h("span", {}, `${first!.account} `, h("span", { class: "id" }, first!.accountId))
        : h(
            "details",
            {},
            h("summary", {}, `${first!.account} and ${plural(accounts.length - 1, "other account")}`),
            h("ul", { class: "stacks" }, ...names),
          ),
    ),
    h(
      "td",
      { class: "number", "data-label": "Stacks" },
      number(row.stacks * accounts.length),
      ...(failed > 0 ? [" ", badge("loss", `${number(failed)} failed`)] : []),
    ),
    ...COUNTED.map((kind) =>
      countCell(row[kind] * accounts.length, LOSSES.includes(kind), COUNT_WORDS[kind]),
    ),
  );
}
