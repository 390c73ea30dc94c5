import { join } from "node:path";
import { script, style } from "../../pages/assets";
import { page } from "../../pages/document";
import { escapeHtml, h, write, type Element, type Node } from "../../pages/tree";
import type { Report } from "../model";
import type { Recording } from "../replay/recording";
import { MEANINGS, VERDICTS } from "../verdicts";
import { FACTS } from "./facts";
import { durations, heatMap, perDay, workingWords } from "./html/charts";
import { coverageTrees, mapWarnings } from "./html/coverage";
import { headOf, verdictTable } from "./html/head";
import type { PageData, PageReplay, PageRow } from "./html/page-data";
import { rankingTable } from "./html/rankings";
import { CHUNK, cell, facetsOf, factChunks, pageRows } from "./html/rows";
import { timesIn } from "./times";

const SHARED = join(__dirname, "..", "..", "pages", "page");
const OWN = join(__dirname, "page");

/** The parts of the page's style. The last ones change the others for narrow windows and for paper. */
const STYLE = () =>
  style([
    ...["base", "tables", "tools"].map((name) => join(SHARED, `${name}.css`)),
    ...["charts", "sessions", "player"].map((name) => join(OWN, `${name}.css`)),
    join(SHARED, "media.css"),
    join(OWN, "media.css"),
  ]);
const SCRIPT = () => script(join(OWN, "main.js"));

/** Rows of the table that are in the page before its script runs. */
const PRERENDERED = 50;

/** What the page can play and show of a session. */
export interface Replay {
  readonly recording: Recording;
  /** The transcript as plain text; null: it was not read. */
  readonly transcript: string | null;
}

const number = (value: number): string => value.toLocaleString("en-US");
const toHtml = (tree: Node): string => write(tree, (never: never) => never);

/**
 * A report as one HTML file that needs nothing else: it opens from disk, and its policy forbids every request and every
 * script but its own. Numbers are of all rows; the table has the rows of the report. Numbers, coverage and the beginning
 * of the table can be read without scripts.
 * @param replays what was read of sessions, by `rowKey`
 * @throws RangeError if the report's time zone does not exist
 * @example writeFileSync("report.html", html(report))
 */
export function html(report: Report, replays: ReadonlyMap<string, Replay> = new Map()): string {
  const times = timesIn(report.header.timeZone);
  const positions = new Map([...replays.keys()].map((key, index) => [key, index]));
  const rows = pageRows(report, times, positions);
  const data: PageData = {
    verdicts: VERDICTS.map((kind) => ({ title: MEANINGS[kind].title, level: MEANINGS[kind].level })),
    facts: FACTS.map(({ group, label }) => ({ group, label })),
    rows,
    chunk: CHUNK,
    facets: facetsOf(rows),
    timeZone: report.header.timeZone,
  };
  const chunks = factChunks(report.rows, times).map((chunk, index) => [`facts-${index}`, chunk] as const);
  const played = [...replays.values()].map(({ recording: { start, frames }, transcript }, index) => {
    const replay: PageReplay = { start, frames, transcript };
    return [`replay-${index}`, replay] as const;
  });
  const head = headOf(report);
  return page({
    title: head.title,
    style: STYLE(),
    script: SCRIPT(),
    body: body(report, rows, head.tree),
    data: { data, ...Object.fromEntries([...chunks, ...played]) },
  });
}

const SECTIONS = [
  ["coverage", "Coverage"],
  ["verdicts", "Verdicts"],
  ["when", "When"],
  ["who", "Who and where"],
  ["sessions", "Sessions"],
] as const;

const body = (
  report: Report,
  rows: readonly PageRow[],
  head: Node,
): string => `<a class="skip" href="#sessions">Skip to the sessions</a>
${toHtml(head)}
<nav aria-label="Parts of the report">${SECTIONS.map(([id, title]) => `<a href="#${id}">${title}</a>`).join(" ")}</nav>
<div class="page">
<aside id="tools" hidden aria-label="Search and filters"></aside>
<main>
<noscript><p class="status">Without scripts, this page shows the first ${PRERENDERED} rows and no evidence. The CSV and JSON outputs have all.</p></noscript>
${toHtml(section("coverage", ...coverageTrees(report), ...mapWarnings(report)))}
${toHtml(section("verdicts", verdictTable(report), ...alarms(rows)))}
${toHtml(section("when", ...when(report)))}
${toHtml(section("who", ...who(report)))}
${toHtml(section("sessions", ...sessions(report, rows)))}
</main>
</div>
<footer><p>${escapeHtml(`Everything in this file was read from AWS at ${report.header.generatedAt}. The file loads nothing and sends nothing.`)}</p></footer>`;

const section = (id: (typeof SECTIONS)[number][0], ...children: readonly Node[]): Element =>
  h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, SECTIONS.find(([name]) => name === id)![1]),
    ...children,
  );

/** Alarms that are listed on top. The table of sessions has the others. */
const ALARMS = 10;

const levelOf = ({ verdict }: PageRow) => MEANINGS[VERDICTS[verdict]!].level;

/** The worst rows, before any chart. */
function alarms(rows: readonly PageRow[]): Node[] {
  const all = rows.filter((row) => levelOf(row) === "alarm");
  if (all.length === 0) return [];
  const items = all
    .slice(0, ALARMS)
    .map(({ key, verdict, started, person, account, region, instance, id }) =>
      h(
        "li",
        {},
        h("span", { class: "badge alarm" }, MEANINGS[VERDICTS[verdict]!].title),
        ` ${[started, person, `${account} ${region}`, instance].filter(Boolean).join(", ")}: `,
        h("a", { href: hash({ session: key }) }, id),
      ),
    );
  const more =
    all.length > ALARMS
      ? [h("li", {}, h("a", { href: "#level=alarm" }, `All ${number(all.length)} alarms in the table`))]
      : [];
  return [h("h3", {}, "Alarms"), h("ol", { class: "alarms" }, ...items, ...more)];
}

function when({ header, summary: { aggregates } }: Report): Node[] {
  const { timeZone, workingHours } = header;
  return [
    h(
      "p",
      {},
      h("strong", {}, number(aggregates.outOfHours)),
      ` ${aggregates.outOfHours === 1 ? "session" : "sessions"} started out of hours, in the time zone ${timeZone}. Working hours are ${workingWords(workingHours)}. `,
      h("a", { href: "#hours=out+of+hours" }, "Show them"),
    ),
    perDay(aggregates),
    heatMap(aggregates, workingHours, timeZone),
    durations(aggregates),
  ];
}

const hash = (values: Readonly<Record<string, string>>): string =>
  `#${new URLSearchParams(values).toString()}`;

/** The key of a target is its account's name and its region, between which is a space. */
const ofTarget = (key: string): string => {
  const [account, region] = [key.slice(0, key.lastIndexOf(" ")), key.slice(key.lastIndexOf(" ") + 1)];
  return hash({ account: cell(account), region: cell(region) });
};

const who = ({ summary: { aggregates } }: Report): Node[] => [
  rankingTable(aggregates.people, {
    id: "people",
    title: "Per person",
    column: "Person",
    many: "people",
    href: (key) => hash({ person: cell(key) }),
  }),
  rankingTable(aggregates.targets, {
    id: "targets",
    title: "Per account and region",
    column: "Account and region",
    many: "accounts and regions",
    href: ofTarget,
  }),
  rankingTable(aggregates.instances, {
    id: "instances",
    title: "Per instance",
    column: "Instance",
    many: "instances",
    href: (key) => hash({ search: cell(key) }),
  }),
];

/** Columns of the table, with the names by which the page's script sorts them. */
const COLUMNS = [
  "Verdict",
  "Start",
  "Duration",
  "Person",
  "Account",
  "Region",
  "Instance",
  "Session",
] as const;

function sessions({ summary, omitted }: Report, rows: readonly PageRow[]): Node[] {
  const total = summary.aggregates.rows;
  const left =
    omitted === 0
      ? []
      : [
          h(
            "p",
            { class: "alert" },
            `The table has the ${number(rows.length)} worst and newest of ${number(total)} rows, and leaves out ${number(omitted)}. The numbers above count all of them. The CSV and JSON outputs have all rows.`,
          ),
        ];
  if (rows.length === 0)
    return [
      ...left,
      h(
        "p",
        {},
        "No session was found where the report could look. Read the coverage before you conclude anything.",
      ),
    ];
  return [
    ...left,
    h(
      "p",
      { class: "status", id: "status", role: "status" },
      `${number(rows.length)} rows, the worst first.`,
    ),
    h(
      "table",
      { class: "sessions", id: "table" },
      h("caption", { class: "unseen" }, "Sessions, and records without a session"),
      h("thead", {}, h("tr", {}, ...COLUMNS.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", { id: "rows" }, ...rows.slice(0, PRERENDERED).map(rowTree)),
    ),
  ];
}

const rowTree = (row: PageRow): Element => {
  const [{ title }, level] = [MEANINGS[VERDICTS[row.verdict]!], levelOf(row)];
  const cells = [row.started, row.lasted, row.person, row.account, row.region, row.instance, row.id];
  return h(
    "tr",
    { class: `item ${level}` },
    h("th", { scope: "row" }, h("span", { class: `badge ${level}` }, title)),
    ...cells.map((value, index) => h("td", { "data-label": COLUMNS[index + 1]! }, value)),
  );
};
