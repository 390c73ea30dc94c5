import { prose } from "../visible";
import { KIND_WORDS, plural, sentencesOf, SEVERITY_WORDS } from "../words";
import type { Item } from "./page-data";
import { changesOf, type RelatedFinding, type RelatedGroup } from "./relations";
import { h, rangesOf, shown, type PlaceList, type Tree } from "./tree";

/** Links that an entry has before it says how many more there are. */
const LINKS = 5;

/** An entry that opens and closes. */
export const entry = (
  id: string,
  kind: string,
  { open, summary, body }: { open: boolean; summary: readonly Tree[]; body: readonly Tree[] },
): Tree =>
  h(
    "details",
    { id, class: `item ${kind}`, ...(open ? { open: "" } : {}) },
    h("summary", {}, ...summary),
    h("div", { class: "body" }, ...body),
  );

/** A word with a colour. The word says everything that the colour says. */
export const badge = (kind: string, word: string): Tree => h("span", { class: `badge ${kind}` }, word);

/** Facts about an entry, each with its name: objects, stacks, links to other entries. A fact without a value is left out. */
export const meta = (...facts: readonly (readonly [name: string, value: readonly Tree[]])[]): Tree =>
  h(
    "dl",
    { class: "meta" },
    ...facts
      .filter(([, value]) => value.length > 0)
      .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, ...value)]),
  );

/** Links to other entries. */
export const links = (targets: readonly { readonly id: string; readonly title: string }[]): Tree[] => [
  ...targets
    .slice(0, LINKS)
    .flatMap(({ id, title }, index): Tree[] => [
      ...(index > 0 ? [", "] : []),
      h("a", { href: `#${id}` }, title),
    ]),
  ...(targets.length > LINKS ? [` and ${plural(targets.length - LINKS, "more", "more")}`] : []),
];

/** Links to the changes of a finding. */
export const changeLinks = (groups: readonly RelatedGroup[]): Tree[] =>
  links(
    groups.map(({ id, group: { change } }) => ({
      id,
      title: `${KIND_WORDS[change.kind]} ${change.address}${id.startsWith("drift") ? " outside Terraform" : ""}`,
    })),
  );

/** Links to the findings about the objects of a change. */
export const findingLinks = (findings: readonly RelatedFinding[]): Tree[] =>
  links(
    findings.map(({ id, finding }) => ({
      id,
      title: `${SEVERITY_WORDS[finding.severity]}: ${prose(finding.title)}`,
    })),
  );

/** What a finding means: a paragraph, or a list if it is long. */
function detailOf(detail: string): Tree[] {
  const { isShort, lead, more } = sentencesOf(detail);
  if (isShort) return [h("p", {}, prose(detail))];
  const list = (sentences: readonly string[]) =>
    h("ul", { class: "sentences" }, ...sentences.map((sentence) => h("li", {}, sentence)));
  if (more.length === 0) return [list(lead)];
  return [list(lead), h("details", {}, h("summary", {}, plural(more.length, "more sentence")), list(more))];
}

/** @param open whether a reader sees all of it at once */
export function findingItem(
  { id, finding, groups }: RelatedFinding,
  open: boolean,
  indexOf: ReadonlyMap<string, number>,
): Item {
  const { severity, title, detail, remedy, places } = finding;
  const stacks = places.map(({ stack }) => indexOf.get(stack)).filter((index) => index !== undefined);
  const addresses = new Set(places.map(({ address }) => address));
  const only = addresses.size === 1 ? [...addresses][0]! : null;
  const heading = prose(places.length === 1 ? places[0]!.title : title);
  const list: PlaceList = {
    places: places.flatMap(({ stack, address, title: own }) => {
      const index = indexOf.get(stack);
      const ownTitle = places.length === 1 || own === title ? null : shown(prose(own));
      return index === undefined
        ? []
        : [[index, address === null || only !== null ? null : shown(address), ownTitle] as const];
    }),
  };
  return {
    id,
    at: rangesOf(stacks),
    severities: [severity],
    changes: changesOf(groups),
    tree: entry(id, `finding ${severity}`, {
      open,
      summary: [
        badge(severity, SEVERITY_WORDS[severity]),
        h("span", { class: "title" }, heading),
        h("span", { class: "count" }, plural(new Set(stacks).size, "stack")),
      ],
      body: [
        ...detailOf(detail),
        h("p", { class: "remedy" }, h("strong", {}, "What to do "), prose(remedy)),
        meta(
          ["Object", only === null ? [] : [h("code", {}, only)]],
          ["Where", list.places.length === 0 ? [] : [list]],
          ["Policies", links(groups.flatMap(({ policies }) => policies))],
          ["Changes", changeLinks(groups)],
        ),
      ],
    }),
  };
}
