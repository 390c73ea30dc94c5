import { join } from "node:path";
import { script, style } from "../../pages/assets";
import { page } from "../../pages/document";
import { sameFailures } from "../failures";
import { SEVERITIES, type Review, type Severity } from "../model";
import { isWidening } from "../policies/direction";
import { failureItem, groupItem, stackItem } from "./html/changes";
import { findingItem } from "./html/findings";
import { LISTS, type Item, type ListName, type PageData, type PageStack } from "./html/page-data";
import { policyItem } from "./html/policies";
import { relationsOf, type Relations } from "./html/relations";
import { head, strengthTable, summaryTable } from "./html/top";
import { escapeHtml, h, shown, toHtml, type Tree } from "./html/tree";
import { prose } from "./visible";
import { COUNT_WORDS, COUNTED, DIRECTION_LEGEND, KIND_WORDS, number, verdict, waveWords } from "./words";

const SHARED = join(__dirname, "..", "..", "pages", "page");
const OWN = join(__dirname, "page");

/** The parts of the page's style. The last ones change the others for narrow windows and for paper. */
const STYLE = () =>
  style([
    ...["base", "tables", "tools"].map((name) => join(SHARED, `${name}.css`)),
    ...["tables", "entries", "values"].map((name) => join(OWN, `${name}.css`)),
    join(SHARED, "media.css"),
    join(OWN, "media.css"),
  ]);
const SCRIPT = () => script(join(OWN, "main.js"));

/** Entries that are open at once, if they are bad. More of them would hide how many there are. */
const OPEN = { findings: 8, policies: 3 };
const isBad = (severity: Severity): boolean => severity === "critical" || severity === "high";

/** Entries of each list that are in the page before its script runs. */
const PRERENDERED = 40;

const SECTIONS: Readonly<
  Record<ListName, { readonly title: string; readonly short: string; readonly about?: string }>
> = {
  findings: { title: "Findings", short: "Findings" },
  policies: { title: "Policies by statement", short: "Policies", about: DIRECTION_LEGEND },
  changes: {
    title: "Changes",
    short: "Changes",
    about: "Each change once, for all stacks in which it is the same.",
  },
  drift: {
    title: "Changed outside Terraform",
    short: "Outside Terraform",
    about: "Somebody changed these objects after the last deployment.",
  },
  failures: { title: "Not planned", short: "Not planned" },
  stacks: { title: "Stacks", short: "Stacks" },
};

/**
 * A review as one HTML file that needs nothing else: it opens from disk, and its policy forbids every request and every
 * script but its own. The beginning of each list can be read without scripts.
 * @example writeFileSync("review.html", html(review))
 */
export function html(review: Review): string {
  const indexOf = new Map(review.stacks.map(({ id }, index) => [id, index]));
  const data = pageData(review, indexOf);
  const ids = data.stacks.map(({ id }) => id);
  const write = (tree: Tree) => toHtml(tree, ids);
  const sections = [
    section(
      "recording",
      "Recording, before and after",
      `<div class="wide" data-tree="recording">${write(data.recording)}</div>`,
    ),
    section(
      "waves",
      "What changes, by wave and account",
      `<div class="wide">${write(summaryTable(review))}</div>`,
    ),
    ...LISTS.map((name) => listSection(name, data.lists[name], write)),
    sentenceList("map-warnings", "Warnings about the map", review.mapWarnings, write),
    sentenceList("not-covered", "Not covered", review.notCovered, write),
  ];
  return page({
    title: verdict(review).text,
    style: STYLE(),
    script: SCRIPT(),
    body: `${review.findings.length > 0 ? '<a class="skip" href="#findings">Skip to the findings</a>' : '<a class="skip" href="#recording">Skip to the review</a>'}
${write(head(review))}
<nav aria-label="Parts of the review">${contents(review, data)}</nav>
<div class="page">
<aside id="tools" hidden aria-label="Search and filters"></aside>
<main>
<p class="status" id="status" role="status" hidden></p>
<noscript><p class="status">Without scripts, this page shows the first ${PRERENDERED} entries of each list.</p></noscript>
${sections.join("\n")}
</main>
</div>
<footer><p>Everything in this file is text of the plans. It loads nothing and sends nothing.</p></footer>`,
    data: { data },
  });
}

/** Links to the parts of the page, with the number of entries. */
function contents({ mapWarnings, notCovered }: Review, { lists: all }: PageData): string {
  const entries = LISTS.filter((name) => all[name].length > 0).map(
    (name) => [name, SECTIONS[name].short, number(all[name].length)] as const,
  );
  return [
    ["recording", "Recording", ""],
    ["waves", "Waves and accounts", ""],
    ...entries,
    ...(mapWarnings.length > 0 ? [["map-warnings", "Warnings", number(mapWarnings.length)]] : []),
    ...(notCovered.length > 0 ? [["not-covered", "Not covered", number(notCovered.length)]] : []),
  ]
    .map(
      ([id, title, count]) => `<a href="#${id}">${title}${count === "" ? "" : ` <span>${count}</span>`}</a>`,
    )
    .join(" ");
}

const section = (id: string, title: string, content: string, count = ""): string =>
  `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeHtml(title)}${count}</h2>\n${content}\n</section>`;

function listSection(name: ListName, items: readonly Item[], write: (tree: Tree) => string): string {
  if (items.length === 0) return "";
  const { title, about } = SECTIONS[name];
  const first = items.slice(0, PRERENDERED).map(({ tree }) => write(tree));
  const count = ` <span class="total" data-count="${name}">${number(items.length)}</span>`;
  const words = about === undefined ? "" : `<p class="about">${escapeHtml(about)}</p>`;
  const content =
    name === "stacks"
      ? `<div class="wide"><table class="list">${write(stackColumns)}<tbody data-list="${name}">${first.join("\n")}</tbody></table></div>`
      : `<div class="items" data-list="${name}">${first.join("\n")}</div>`;
  return section(name, title, words + content, count);
}

const stackColumns = h(
  "thead",
  {},
  h(
    "tr",
    {},
    ...["Stack", "Account", "Region", "Wave", "Result", ...COUNTED.map((kind) => COUNT_WORDS[kind])].map(
      (name) => h("th", { scope: "col" }, name),
    ),
  ),
);

function sentenceList(
  id: string,
  title: string,
  sentences: readonly string[],
  write: (tree: Tree) => string,
): string {
  if (sentences.length === 0) return "";
  const list = h("ul", {}, ...sentences.map((sentence) => h("li", {}, prose(sentence))));
  return section(id, title, write(list));
}

function pageData(review: Review, indexOf: ReadonlyMap<string, number>): PageData {
  const relations = relationsOf(review);
  const stacks = review.stacks.map(({ id, wave, account, region, kind }): PageStack => ({
    id: shown(id),
    wave: waveWords(wave),
    account: shown(account),
    region: shown(region),
    kind: shown(kind),
  }));
  const values = (of: (stack: PageStack) => string) => [...new Set(stacks.map(of))];
  const kinds = new Set([...review.groups, ...review.drift].map(({ change }) => KIND_WORDS[change.kind]));
  const severities = new Set(review.findings.map(({ severity }) => severity));
  return {
    stacks,
    recording: strengthTable(review, indexOf),
    lists: lists(review, relations, indexOf),
    facets: [
      {
        name: "severity",
        label: "Severity",
        values: SEVERITIES.filter((severity) => severities.has(severity)),
      },
      {
        name: "change",
        label: "Change",
        values: Object.values(KIND_WORDS).filter((word) => kinds.has(word)),
      },
      { name: "wave", label: "Wave", values: values(({ wave }) => wave) },
      { name: "account", label: "Account", values: values(({ account }) => account) },
      { name: "region", label: "Region", values: values(({ region }) => region) },
      { name: "kind", label: "Kind of stack", values: values(({ kind }) => kind) },
    ],
  };
}

function lists(
  review: Review,
  relations: Relations,
  indexOf: ReadonlyMap<string, number>,
): PageData["lists"] {
  const severities = review.stacks.map(() => new Set<string>());
  for (const { severity, places } of review.findings)
    for (const { stack } of places) severities[indexOf.get(stack) ?? -1]?.add(severity);
  const ranks = { failed: 0, changes: 1, "no changes": 2 };
  const stacks = review.stacks
    .map((stack, index) => ({ stack, index }))
    .sort((one, other) => ranks[one.stack.result] - ranks[other.stack.result]);
  return {
    findings: relations.findings.map((one, index) =>
      findingItem(one, index < OPEN.findings && isBad(one.finding.severity), indexOf),
    ),
    policies: relations.policies.map((one, index) =>
      policyItem(one, index < OPEN.policies && isWidening(one.policy.direction), indexOf),
    ),
    changes: relations.changes.map((group) => groupItem(group, indexOf)),
    drift: relations.drift.map((group) => groupItem(group, indexOf)),
    failures: sameFailures(review.stacks.filter(({ result }) => result === "failed")).map((same, position) =>
      failureItem(`failure-${position + 1}`, same, indexOf),
    ),
    stacks: stacks.map(({ stack, index }) =>
      stackItem(`stack-${index + 1}`, stack, index, [...severities[index]!]),
    ),
  };
}
