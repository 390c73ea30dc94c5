import { h, shown, type Element, type Node } from "../../../pages/tree";
import type { Ranking, Tally } from "../../model";
import { durationWords } from "../times";
import { wide } from "./wide";

const number = (value: number): string => value.toLocaleString("en-US");

/** Lines that are shown at once. The others open on demand. */
const SHOWN = 10;

/** What a table of the greatest lines is about. */
export interface RankingProps {
  readonly id: string;
  readonly title: string;
  /** What a line is, like `Person`. */
  readonly column: string;
  /** What more than one of them are, like `people`. */
  readonly many: string;
  /** Address of the rows of a line, in the hash of the page's URL. */
  readonly href: (key: string) => string;
}

/** A table of numbers with a bar in each line, which links to the rows that it counts. */
export function rankingTable(ranking: Ranking, props: RankingProps): Element {
  const { id, title, column, many } = props;
  const { top, others, left } = ranking;
  const greatest = Math.max(1, ...top.map(({ sessions }) => sessions));
  const columns = [column, "Sessions", "Alarms", "Warnings and gaps", "Time"];
  const table = (lines: readonly Tally[], more: readonly Node[] = []): Element =>
    wide(
      title,
      h(
        "table",
        { class: "ranking" },
        h("caption", { class: "unseen" }, title),
        h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...lines.map((tally) => line(tally, greatest, props)), ...more),
      ),
    );
  const rest = top.slice(SHOWN);
  const sum = others === null ? [] : [totals(`${number(left)} other ${many}`, others)];
  return h(
    "figure",
    { class: "figure", id },
    h("h3", {}, title),
    ...(top.length === 0
      ? [h("p", { class: "about" }, `No ${many} in the rows of this report.`)]
      : [
          table(top.slice(0, SHOWN), rest.length === 0 ? sum : []),
          ...(rest.length === 0
            ? []
            : [
                h(
                  "details",
                  {},
                  h(
                    "summary",
                    {},
                    `${number(rest.length)} more${others === null ? "" : `, and the sum of ${number(left)} others`}`,
                  ),
                  table(rest, sum),
                ),
              ]),
        ]),
  );
}

function line(tally: Tally, greatest: number, { href }: RankingProps): Element {
  const width = Math.round((tally.sessions / greatest) * 1000) / 10;
  const alarms = Math.round((tally.alarms / greatest) * 1000) / 10;
  return h(
    "tr",
    { "data-key": shown(tally.key) },
    h(
      "th",
      { scope: "row" },
      h("a", { href: href(tally.key) }, tally.key),
      h(
        "svg",
        { class: "chart mini", viewBox: "0 0 100 4", "aria-hidden": "true" },
        h("rect", { class: "other", x: "0", y: "0", width: String(width), height: "4" }),
        h("rect", { class: "alarm", x: "0", y: "0", width: String(alarms), height: "4" }),
      ),
    ),
    ...cells(tally),
  );
}

const totals = (name: string, tally: Omit<Tally, "key">): Element =>
  h("tr", { class: "others" }, h("th", { scope: "row" }, name), ...cells(tally));

const cells = ({ sessions, alarms, warnings, seconds }: Omit<Tally, "key">): Element[] => [
  h("td", { class: "number", "data-label": "Sessions" }, number(sessions)),
  h("td", { class: `number${alarms > 0 ? " loss" : " zero"}`, "data-label": "Alarms" }, number(alarms)),
  h(
    "td",
    { class: `number${warnings > 0 ? "" : " zero"}`, "data-label": "Warnings and gaps" },
    number(warnings),
  ),
  h("td", { class: "number", "data-label": "Time" }, durationWords(seconds)),
];
