import { join } from "node:path";
import { style } from "../../../pages/assets";
import { page } from "../../../pages/document";
import { escapeHtml, h, write, type Element, type Node } from "../../../pages/tree";
import { changesIn } from "../judge";
import { allLines, type Adoption, type FieldChange, type Line, type TargetResult } from "../model";
import { cell, EFFECT_WORDS, headline, tally, VERDICT_WORDS } from "./text";

const PAGES = join(__dirname, "..", "..", "..", "pages", "page");
const STYLE = () =>
  style([
    ...["base", "tables", "media"].map((name) => join(PAGES, `${name}.css`)),
    join(__dirname, "adopt.css"),
  ]);

const toHtml = (tree: Node): string => write(tree, (never: never) => never);

/** Longest value of a field on the page, in characters. */
const LONGEST = 2_000;

/**
 * What was found as one HTML file that needs nothing else, and that can be read without scripts.
 * @example writeFileSync("adopt.html", adoptionHtml(adoption))
 */
export function adoptionHtml(adoption: Adoption): string {
  const { organization, lookedAt, shared, accounts, targets } = adoption;
  const title = `${organization}: before the first rollout`;
  const tone = toneOf(allLines(adoption));
  const sections = [
    section("targets", "Targets", overview(targets)),
    section("shared", "All stacks", linesTable(shared)),
    ...accounts.map(({ account, accountId, lines }) =>
      section(`account-${accountId}`, `Account ${account}`, h("p", {}, accountId), linesTable(lines)),
    ),
    ...targets.map((target) =>
      section(target.stack, `${target.account}, ${target.region}`, ...targetParts(target)),
    ),
  ];
  return page({
    title,
    style: STYLE(),
    script: null,
    data: {},
    body: `<a class="skip" href="#targets">Skip to the targets</a>
${toHtml(h("header", { class: `top ${tone}` }, h("p", { class: "kicker" }, "session-audit adopt"), h("h1", {}, title), h("p", {}, headline(adoption))))}
<main>
${sections.map(toHtml).join("\n")}
</main>
<footer><p>${escapeHtml(`Everything in this file was read from AWS at ${lookedAt}. The file loads nothing and sends nothing.`)}</p></footer>`,
  });
}

const toneOf = (lines: readonly Line[]): string =>
  lines.some(({ verdict }) => verdict === "to-do")
    ? "bad"
    : lines.some(({ verdict }) => verdict === "not-looked-at")
      ? "unsure"
      : "good";

const section = (id: string, title: string, ...children: readonly Node[]): Element =>
  h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), ...children);

const headRow = (...names: readonly string[]): Element =>
  h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));

const overview = (targets: readonly TargetResult[]): Element =>
  h(
    "table",
    {},
    headRow("Target", "Kept by", "Version", "Would change", "Found"),
    h(
      "tbody",
      {},
      ...targets.map((target) =>
        h(
          "tr",
          {},
          h("td", {}, h("a", { href: `#${target.stack}` }, `${target.account}, ${target.region}`)),
          h(
            "td",
            {},
            target.document?.owner ?? (target.exists === null ? "not looked at" : "no preferences"),
          ),
          h("td", {}, target.document?.latestVersion ?? ""),
          h("td", {}, target.changes.length === 0 ? "" : changesIn(target.changes)),
          h("td", {}, tally(target.lines)),
        ),
      ),
    ),
  );

const linesTable = (lines: readonly Line[]): Element =>
  lines.length === 0
    ? h("p", {}, "Nothing to check.")
    : h(
        "table",
        {},
        headRow("Check", "Result", "Found", "What to do"),
        h(
          "tbody",
          {},
          ...lines.map(({ subject, verdict, text, remedy = "" }) =>
            h(
              "tr",
              {},
              h("td", {}, subject),
              h("td", { class: `verdict-${verdict}` }, VERDICT_WORDS[verdict]),
              h("td", {}, text),
              h("td", {}, remedy),
            ),
          ),
        ),
      );

const targetParts = ({ lines, changes, document }: TargetResult): Node[] => [
  linesTable(lines),
  ...(changes.length === 0 ? [] : [changesTable(changes)]),
  ...(document === null ? [] : [h("p", {}, "SHA-256 of the content: ", h("code", {}, document.sha256))]),
];

const changesTable = (changes: readonly FieldChange[]): Element =>
  h(
    "table",
    {},
    headRow("Field", "Now", "Afterwards", "Effect", "What it means"),
    h(
      "tbody",
      {},
      ...changes.map(({ path, before, after, effect, why }) =>
        h(
          "tr",
          {},
          h("td", {}, h("code", {}, path)),
          h("td", {}, h("code", {}, cell(before, LONGEST))),
          h("td", {}, h("code", {}, cell(after, LONGEST))),
          h("td", { class: `effect-${effect}` }, EFFECT_WORDS[effect]),
          h("td", {}, why ?? ""),
        ),
      ),
    ),
  );
