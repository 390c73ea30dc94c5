import type { SameFailure } from "../../failures";
import type { AttributeChange, ChangeGroup, Review, Shown } from "../../model";
import {
  COUNTED,
  COUNT_WORDS,
  differences,
  DIRECTION_WORDS,
  KIND_WORDS,
  LOSSES,
  waveWords,
  number,
  plural,
  sameIn,
  shownWords,
} from "../words";
import { messageLines, prose } from "../visible";
import { badge, entry, findingLinks, meta } from "./findings";
import type { Item } from "./page-data";
import { severitiesOf, type RelatedGroup } from "./relations";
import { h, rangesOf, type Tree } from "./tree";

export function groupItem({ id, group, findings }: RelatedGroup, indexOf: ReadonlyMap<string, number>): Item {
  const { change, stacks } = group;
  const at = rangesOf(stacks.flatMap((stack) => indexOf.get(stack) ?? []));
  const word = KIND_WORDS[change.kind];
  return {
    id,
    at,
    severities: severitiesOf(findings),
    changes: [word],
    tree: entry(id, "change", {
      open: false,
      summary: [
        badge(LOSSES.includes(change.kind) ? "loss" : "plain", word),
        h("span", { class: "title" }, h("code", {}, change.address)),
        h("span", { class: "count" }, sameIn(group)),
      ],
      body: [
        ...facts(group),
        ...attributeTable(change.attributes),
        meta(
          ["Where", [{ stacks: at }]],
          ["Differs", differing(group, indexOf)],
          ["Findings", findingLinks(findings)],
        ),
      ],
    }),
  };
}

const facts = ({ change, means }: ChangeGroup): Tree[] => [
  ...(means === undefined ? [] : [h("p", {}, prose(means))]),
  ...(change.reason === undefined ? [] : [h("p", {}, prose(change.reason))]),
  ...(change.replacement === undefined
    ? []
    : [h("p", {}, `Order of the replacement: ${change.replacement}.`)]),
  ...(change.previousAddress === undefined
    ? []
    : [h("p", {}, "Moved from ", h("code", {}, change.previousAddress))]),
  ...(change.importId === undefined
    ? []
    : [h("p", {}, "Imported by the id ", h("code", {}, change.importId))]),
];

function attributeTable(attributes: readonly AttributeChange[]): Tree[] {
  if (attributes.length === 0) return [];
  return [
    h(
      "table",
      { class: "attributes" },
      h(
        "thead",
        {},
        h("tr", {}, ...["Attribute", "Before", "After"].map((name) => h("th", { scope: "col" }, name))),
      ),
      h("tbody", {}, ...attributes.flatMap(attributeRows)),
    ),
  ];
}

function attributeRows({ path, before, after, forcesReplacement, meaning }: AttributeChange): Tree[] {
  const forces = forcesReplacement ? [" ", badge("loss", "forces the replacement")] : [];
  const row = (at: string, one: Shown, other: Shown) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, h("code", {}, at), ...forces),
      cell("Before", one),
      cell("After", other),
    );
  if (meaning?.kind === "policy") {
    const words = `${DIRECTION_WORDS[meaning.direction]}: see the policies by statement`;
    return [
      h(
        "tr",
        {},
        h("th", { scope: "row" }, h("code", {}, path), ...forces),
        h("td", { colspan: "2" }, words),
      ),
    ];
  }
  if (meaning?.kind === "document")
    return meaning.fields.map((field) => row(`${path}: ${field.path}`, field.before, field.after));
  return [row(path, before, after)];
}

function cell(side: "Before" | "After", value: Shown): Tree {
  const { isValue, text } = shownWords(value);
  return h("td", { "data-label": side }, isValue ? h("code", {}, text) : h("em", {}, text));
}

/** The stacks of the same kind that do not have this change, by how they differ. */
function differing(group: ChangeGroup, indexOf: ReadonlyMap<string, number>): Tree[] {
  const all = differences(group);
  if (all.length === 0) return [];
  const list = all.map(({ how, stacks }) =>
    h("li", {}, h("p", {}, `${plural(stacks.length, "stack")}: ${prose(how)}`), {
      stacks: rangesOf(stacks.flatMap((stack) => indexOf.get(stack) ?? [])),
    }),
  );
  return [h("ul", { class: "differing" }, ...list)];
}

/** Stacks that Terraform could not plan for the same reason. */
export function failureItem(
  id: string,
  { message, stacks }: SameFailure<Review["stacks"][number]>,
  indexOf: ReadonlyMap<string, number>,
): Item {
  const lines = messageLines(message);
  const more =
    stacks.length === 1 ? "" : ` and ${plural(stacks.length - 1, "more stack")} with the same message`;
  return {
    id,
    at: rangesOf(stacks.flatMap((stack) => indexOf.get(stack.id) ?? [])),
    severities: [],
    changes: [],
    tree: entry(id, "failure", {
      open: true,
      summary: [badge("loss", "failed"), h("span", { class: "title" }, h("code", {}, stacks[0]!.id), more)],
      body: [h("pre", {}, ...lines.map((line) => h("span", { class: "line" }, line === "" ? " " : line)))],
    }),
  };
}

/** The row of a stack in the list of all stacks. */
export function stackItem(
  id: string,
  stack: Review["stacks"][number],
  index: number,
  severities: readonly string[],
): Item {
  const { result, counts } = stack;
  return {
    id,
    at: [[index, index]],
    severities,
    changes: COUNTED.filter((kind) => counts[kind] > 0).map((kind) => KIND_WORDS[kind]),
    tree: h(
      "tr",
      { id, class: `item stack ${result === "failed" ? "failed" : ""}` },
      h("th", { scope: "row" }, h("code", {}, stack.id)),
      h("td", {}, `${stack.account} `, h("span", { class: "id" }, stack.accountId)),
      h("td", {}, stack.region),
      h("td", {}, waveWords(stack.wave)),
      h("td", {}, result === "failed" ? badge("loss", "failed") : result),
      ...COUNTED.map((kind) => countCell(counts[kind], LOSSES.includes(kind), COUNT_WORDS[kind])),
    ),
  };
}

/** A number of a table. Nothing is a dash, so that the numbers stand out. */
export const countCell = (count: number, isLoss: boolean, label: string): Tree =>
  h(
    "td",
    { class: `number${count === 0 ? " zero" : isLoss ? " loss" : ""}`, "data-label": label },
    count === 0 ? "–" : number(count),
  );
