import type { AxisChange, Reach, StatementChange, ValuesOf } from "../../model";
import { statementsInOrder } from "../order";
import { AXIS_WORDS, DIRECTION_WORDS, KIND_WORDS, plural, STATEMENT_WORDS } from "../words";
import { prose } from "../visible";
import { badge, changeLinks, entry, findingLinks, meta } from "./findings";
import type { Item } from "./page-data";
import { severitiesOf, type RelatedPolicy } from "./relations";
import { h, rangesOf, type Tree } from "./tree";

export function policyItem(
  { id, group, attribute, policy, of }: RelatedPolicy,
  open: boolean,
  indexOf: ReadonlyMap<string, number>,
): Item {
  const at = rangesOf(group.stacks.flatMap((stack) => indexOf.get(stack) ?? []));
  return {
    id,
    at,
    severities: severitiesOf(of.findings),
    changes: [KIND_WORDS[group.change.kind]],
    tree: entry(id, `policy ${policy.direction}`, {
      open,
      summary: [
        badge(policy.direction, DIRECTION_WORDS[policy.direction]),
        h(
          "span",
          { class: "title" },
          h("code", {}, attribute.path),
          " of ",
          h("code", {}, group.change.address),
        ),
        h("span", { class: "count" }, plural(group.stacks.length, "stack")),
      ],
      body: [
        ...statementsInOrder(policy).map(statementCard),
        meta(
          ["Where", [{ stacks: at }]],
          ["Findings", findingLinks(of.findings)],
          ["Change", changeLinks([of])],
        ),
      ],
    }),
  };
}

function statementCard({ statement, change, direction, axes, gains, losses, words }: StatementChange): Tree {
  return h(
    "article",
    { class: `statement ${direction}` },
    h(
      "h4",
      {},
      badge(direction, DIRECTION_WORDS[direction]),
      h("code", {}, statement),
      h("span", { class: "what" }, STATEMENT_WORDS[change]),
    ),
    ...words.map((sentence) => h("p", {}, prose(sentence))),
    h(
      "table",
      { class: "axes" },
      h(
        "thead",
        {},
        h("tr", {}, ...["Part", "Before", "After"].map((name) => h("th", { scope: "col" }, name))),
      ),
      h("tbody", {}, ...axes.map(axisRow)),
    ),
    ...reaches("Requests that are or may be permitted now", gains),
    ...reaches("Requests that are or may be refused now", losses),
  );
}

/** The values of one part before and after. A value that only one side has is marked with a sign and a colour. */
function axisRow({ axis, before, after }: AxisChange): Tree {
  const values = (
    side: "Before" | "After",
    own: readonly string[],
    other: readonly string[],
    tag: "del" | "ins",
  ): Tree =>
    h(
      "td",
      { "data-label": side },
      ...(own.length === 0
        ? [h("em", {}, "none")]
        : [
            h(
              "ul",
              {},
              ...own.map((value) =>
                h("li", {}, other.includes(value) ? h("code", {}, value) : h(tag, {}, h("code", {}, value))),
              ),
            ),
          ]),
    );
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, AXIS_WORDS[axis]),
    values("Before", before, after, "del"),
    values("After", after, before, "ins"),
  );
}

/** The exact requests, which the sentences may shorten. */
function reaches(title: string, all: readonly Reach[]): Tree[] {
  if (all.length === 0) return [];
  return [
    h(
      "details",
      { class: "reach" },
      h("summary", {}, `${title} (${all.length})`),
      ...all.map(({ effect, certain, principals, actions, resources, conditions }) =>
        h(
          "dl",
          {},
          ...part(
            "By",
            [
              `a statement that ${effect === "Allow" ? "allows" : "denies"}${certain ? "" : "; the text does not tell whether"}`,
            ],
            false,
          ),
          ...part("Principals", ...valuesOf(principals)),
          ...part("Actions", ...valuesOf(actions)),
          ...part("Resources", ...valuesOf(resources)),
          ...part(
            "Conditions",
            conditions.map(({ operator, key, values }) => `${operator} ${key}: ${values.join(", ")}`),
          ),
        ),
      ),
    ),
  ];
}

const valuesOf = (part: ValuesOf | null): [string[]] =>
  part === null ? [[]] : [part.values.map((value) => (part.allBut ? `not ${value}` : value))];

const part = (name: string, values: readonly string[], asCode = true): Tree[] =>
  values.length === 0
    ? []
    : [h("dt", {}, name), ...values.map((value) => h("dd", {}, asCode ? h("code", {}, value) : value))];
