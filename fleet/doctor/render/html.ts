import { join } from "node:path";
import { script, style } from "../../../pages/assets";
import { page } from "../../../pages/document";
import { escapeHtml, h, write, type Element, type Node } from "../../../pages/tree";
import { countsOf, VERDICTS, type Diagnosis, type Line, type Verdict } from "../model";
import { sentence, VERDICT_WORDS } from "./words";

const SHARED = join(__dirname, "..", "..", "..", "pages", "page");

/** Stacks whose every line is in the page. The JSON output has all. */
const LISTED = 200;

/** Classes of the shared style. */
const BADGES: Readonly<Record<Verdict, string>> = {
  fault: "badge bad",
  "not-looked-at": "badge unsure",
  warning: "badge unsure",
  ok: "badge good",
};

const toHtml = (tree: Node): string => write(tree, (never: never) => never);

/**
 * A diagnosis as one HTML file that needs nothing else: it opens from disk, and its policy forbids every request and every
 * script but its own. All of it can be read without scripts.
 * @example writeFileSync("doctor.html", html(diagnosis))
 */
export function html(diagnosis: Diagnosis): string {
  const { organization, generatedAt } = diagnosis;
  return page({
    title: `Doctor: ${organization}`,
    style: style(["base", "tables", "tools", "doctor", "media"].map((name) => join(SHARED, `${name}.css`))),
    script: script(join(SHARED, "plain.js")),
    body: `<a class="skip" href="#findings">Skip to the findings</a>
${toHtml(head(diagnosis))}
<nav aria-label="Parts of the page"><a href="#findings">Findings</a> <a href="#stacks">Stacks</a> <a href="#everything">Everything</a></nav>
<div class="page">
<aside id="tools" hidden aria-label="Tools"></aside>
<main>
${toHtml(section("findings", "Findings", ...findings(diagnosis)))}
${toHtml(section("stacks", "Stacks", stacks(diagnosis)))}
${toHtml(section("everything", "Everything that was looked at", ...everything(diagnosis)))}
</main>
</div>
<footer><p>${escapeHtml(`Everything in this file was read from AWS at ${generatedAt}. The file loads nothing and sends nothing.`)}</p></footer>`,
    data: {},
  });
}

function head(diagnosis: Diagnosis): Node {
  const counts = countsOf(diagnosis.lines);
  const tone = counts.fault > 0 ? "bad" : counts["not-looked-at"] > 0 ? "unsure" : "good";
  return h(
    "header",
    { class: `top ${tone}` },
    h("p", { class: "kicker" }, `What is deployed of ${diagnosis.organization}`),
    h("h1", {}, sentence(diagnosis)),
    h("p", { class: "facts" }, `${diagnosis.stacks.length} stacks, at ${diagnosis.generatedAt}`),
  );
}

const section = (id: string, title: string, ...children: readonly Node[]): Element =>
  h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), ...children);

const badge = (verdict: Verdict): Element => h("span", { class: BADGES[verdict] }, VERDICT_WORDS[verdict]);

function findings({ lines }: Diagnosis): Node[] {
  const open = lines
    .filter(({ verdict }) => verdict !== "ok")
    .sort((one, other) => VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict));
  if (open.length === 0) return [h("p", {}, "Nothing was found that a person should look at.")];
  return [lineTable("What is not well, the worst first", open, true)];
}

const columns = (...titles: readonly string[]): Element =>
  h("thead", {}, h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title))));

const wide = (label: string, inner: Element): Element =>
  h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": `${label}: table` }, inner);

const lineTable = (caption: string, lines: readonly Line[], withStack: boolean): Element =>
  wide(
    caption,
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      columns("Verdict", ...(withStack ? ["Stack"] : []), "Check", "Subject", "Found", "Why", "Remedy"),
      h(
        "tbody",
        {},
        ...lines.map(({ verdict, stack, check, subject, found, why, remedy }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, badge(verdict)),
            ...(withStack ? [h("td", {}, stack)] : []),
            ...[check, subject, found, why ?? "", remedy ?? ""].map((value) => h("td", {}, value)),
          ),
        ),
      ),
    ),
  );

const stacks = (diagnosis: Diagnosis): Node =>
  wide(
    "Stacks",
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, "Findings of each stack"),
      columns("Stack", ...VERDICTS.map((verdict) => VERDICT_WORDS[verdict])),
      h(
        "tbody",
        {},
        ...diagnosis.stacks.map((id) => {
          const counts = countsOf(diagnosis.lines.filter(({ stack }) => stack === id));
          return h(
            "tr",
            {},
            h("th", { scope: "row" }, id),
            ...VERDICTS.map((verdict) =>
              h("td", { class: counts[verdict] === 0 ? "number zero" : "number" }, String(counts[verdict])),
            ),
          );
        }),
      ),
    ),
  );

function everything({ stacks: ids, lines }: Diagnosis): Node[] {
  const left = ids.length - LISTED;
  return [
    ...ids.slice(0, LISTED).map((id) =>
      h(
        "details",
        {},
        h("summary", {}, id),
        lineTable(
          `Everything of ${id}`,
          lines.filter(({ stack }) => stack === id),
          false,
        ),
      ),
    ),
    ...(left > 0 ? [h("p", {}, `The JSON output has the other ${left} stacks as well.`)] : []),
  ];
}
