import { h, type Element, type Node } from "../../../pages/tree";
import type { Report } from "../../model";
import { MEANINGS, VERDICTS, type Level } from "../../verdicts";
import { timesIn } from "../times";
import { wide } from "./wide";

const number = (value: number): string => value.toLocaleString("en-US");
const plural = (count: number, word: string): string => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

/** Rows of each level. */
function levels({ summary: { aggregates } }: Report): Readonly<Record<Level, number>> {
  const counts = { alarm: 0, gap: 0, warning: 0, info: 0, good: 0 };
  for (const kind of VERDICTS) counts[MEANINGS[kind].level] += aggregates.byVerdict[kind];
  return counts;
}

/** The first sentence of a report. Nothing is called recorded while something could not be read. */
export function sentence(report: Report): {
  readonly tone: "bad" | "unsure" | "good";
  readonly text: string;
} {
  const { summary } = report;
  const { rows, byVerdict } = summary.aggregates;
  const counts = levels(report);
  const open = summary.targets - summary.coveredTargets;
  const but = open > 0 ? `, and ${plural(open, "target")} could not be read` : "";
  if (byVerdict.unrecorded > 0)
    return {
      tone: "bad",
      text: `${plural(byVerdict.unrecorded, "session")} ${byVerdict.unrecorded === 1 ? "is" : "are"} not recorded and should be${but}`,
    };
  if (counts.alarm > 0)
    return {
      tone: "bad",
      text: `${plural(counts.alarm, "alarm")}: sessions and records contradict each other${but}`,
    };
  if (summary.targets === 0) return { tone: "unsure", text: "No target was selected" };
  if (open > 0)
    return {
      tone: "unsure",
      text: `${number(open)} of ${plural(summary.targets, "target")} could not be read: sessions may be missing`,
    };
  if (counts.gap > 0)
    return { tone: "unsure", text: `The records of ${plural(counts.gap, "session")} could not be read` };
  if (rows === 0)
    return {
      tone: "good",
      text: `No session in ${plural(summary.targets, "target")}, all of which could be read`,
    };
  if (counts.warning > 0)
    return {
      tone: "unsure",
      text: `No session is without a record that should have one; ${plural(counts.warning, "session")} may lack a part`,
    };
  return { tone: "good", text: "Every session that should be recorded is recorded" };
}

const LEVEL_WORDS: Readonly<Record<Level, readonly [one: string, many: string]>> = {
  alarm: ["alarm", "alarms"],
  gap: ["gap", "gaps"],
  warning: ["warning", "warnings"],
  info: ["explained", "explained"],
  good: ["recorded", "recorded"],
};

/** The head of the page. */
export function headOf(report: Report): { readonly title: string; readonly tree: Node } {
  const { organization, period, timeZone, generatedAt, filters } = report.header;
  const { tone, text } = sentence(report);
  const { local } = timesIn(timeZone);
  const minute = (time: string) => local(time).slice(0, -3);
  const counts = levels(report);
  const tally = (Object.keys(LEVEL_WORDS) as Level[])
    .filter((level) => counts[level] > 0)
    .map((level) =>
      h(
        "li",
        {},
        h(
          "a",
          { class: `badge ${level}`, href: `#level=${level}` },
          `${number(counts[level])} ${LEVEL_WORDS[level][counts[level] === 1 ? 0 : 1]}`,
        ),
      ),
    );
  const only = Object.entries(filters).map(([name, value]) => `${name} ${value}`);
  const tree = h(
    "header",
    { class: `top ${tone}` },
    h("p", { class: "kicker" }, `session-audit: sessions of ${organization}`),
    h("h1", {}, text),
    ...(tally.length === 0 ? [] : [h("ul", { class: "tally", "aria-label": "Rows by level" }, ...tally)]),
    h(
      "p",
      { class: "facts" },
      `${plural(report.summary.aggregates.rows, "row")} from ${minute(period.since)} until ${minute(period.until)}, read at ${minute(generatedAt)}. Times are those of ${timeZone}.`,
    ),
    ...(only.length === 0
      ? []
      : [h("p", { class: "facts" }, `Filtered: only ${only.join(", ")}. Everything else is left out.`)]),
  );
  return { title: `${organization}: ${text}`, tree };
}

/** How many rows have each verdict, and what it means. */
export const verdictTable = ({ summary: { aggregates } }: Report): Element =>
  wide(
    "Rows by verdict",
    h(
      "table",
      { class: "verdicts" },
      h("caption", { class: "unseen" }, "Rows by verdict"),
      h(
        "thead",
        {},
        h("tr", {}, ...["Verdict", "Rows", "What it means"].map((name) => h("th", { scope: "col" }, name))),
      ),
      h(
        "tbody",
        {},
        ...VERDICTS.filter((kind) => aggregates.byVerdict[kind] > 0 || kind === "unrecorded").map((kind) => {
          const { title, level, means } = MEANINGS[kind];
          const count = aggregates.byVerdict[kind];
          return h(
            "tr",
            { "data-key": kind, "data-count": String(count) },
            h(
              "th",
              { scope: "row" },
              h(
                "a",
                {
                  class: `badge ${count === 0 ? "plain" : level}`,
                  href: `#${new URLSearchParams({ verdict: title }).toString()}`,
                },
                title,
              ),
            ),
            h("td", { class: `number${count === 0 ? " zero" : ""}`, "data-label": "Rows" }, number(count)),
            h("td", {}, means),
          );
        }),
      ),
    ),
  );
