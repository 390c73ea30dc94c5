import { h, type Element, type Node } from "../../../pages/tree";
import { prose } from "../../../pages/visible";
import { WITNESSES, type Coverage, type Report, type Witness } from "../../model";
import { WITNESS_NAMES } from "../facts";
import { wide } from "./wide";

const number = (value: number): string => value.toLocaleString("en-US");
const targets = (count: number): string => `${number(count)} ${count === 1 ? "target" : "targets"}`;

/** Targets that are listed one by one. The JSON output has all. */
const LISTED = 200;

const STATES = [
  ["covered", "Read to the end"],
  ["not-covered", "Refused or throttled"],
  ["left-out", "Left out by an option"],
  ["none", "The map has none"],
] as const;

/** What could be read, and what could not: in AWS's own words, and before any number that it makes doubtful. */
export function coverageTrees({ coverage, summary }: Report): Node[] {
  const open = coverage.filter(({ covered }) => !covered);
  if (summary.targets === 0)
    return [
      h("p", { class: "alert" }, "No target was selected. This report says nothing about any session."),
    ];
  return [
    ...(open.length === 0
      ? [
          h(
            "p",
            {},
            `${targets(summary.targets)}, and every witness of sessions and records was read to its end.`,
          ),
        ]
      : [
          h(
            "p",
            { class: "alert" },
            `${number(summary.targets - summary.coveredTargets)} of ${targets(summary.targets)} could not be read to the end. What is missing there is unknown, and not clean.`,
          ),
          uncovered(open),
          ...(open.length > LISTED
            ? [h("p", {}, `${targets(open.length - LISTED)} more could not be read.`)]
            : []),
        ]),
    ...details(coverage),
    h("details", {}, h("summary", {}, "Every witness"), wide("Every witness", witnesses(coverage))),
  ];
}

/** What is doubtful about the map that the report follows. */
export const mapWarnings = ({ summary }: Report): Node[] =>
  summary.mapWarnings.length === 0
    ? []
    : [
        h("h3", {}, "Warnings about the map"),
        h("ul", { id: "map-warnings" }, ...summary.mapWarnings.map((words) => h("li", {}, prose(words)))),
      ];

const uncovered = (open: readonly Coverage[]): Element =>
  wide(
    "Targets that are not covered",
    h(
      "table",
      { class: "uncovered" },
      h("caption", { class: "unseen" }, "Targets that are not covered"),
      columns("Account", "Region", "What could not be read", "Rows"),
      h("tbody", {}, ...open.slice(0, LISTED).map(uncoveredRow)),
    ),
  );

const columns = (...names: string[]): Element =>
  h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));

const uncoveredRow = (target: Coverage): Element =>
  h(
    "tr",
    {},
    h("th", { scope: "row" }, target.account, " ", h("span", { class: "id" }, target.accountId)),
    h("td", { "data-label": "Region" }, target.region),
    h("td", {}, ...reasons(target)),
    h("td", { class: "number", "data-label": "Rows" }, number(target.rows)),
  );

/** Each reason once. A role that is refused altogether gives the same reason for each witness. */
function reasons({ witnesses: states }: Coverage): Element[] {
  const byReason = new Map<string, Witness[]>();
  for (const witness of WITNESSES) {
    const { status, reason } = states[witness];
    if (status !== "not-covered") continue;
    byReason.set(reason ?? "", [...(byReason.get(reason ?? "") ?? []), witness]);
  }
  if (byReason.size === 0) return [h("p", {}, "The map records no sessions there.")];
  return [...byReason].map(([reason, names]) =>
    h(
      "p",
      {},
      h("strong", {}, names.map((name) => WITNESS_NAMES[name]).join(", ")),
      `: ${prose(reason) || "AWS gave no reason"}`,
    ),
  );
}

/** Refusals that cost only details. */
function details(coverage: readonly Coverage[]): Element[] {
  const lines = WITNESSES.flatMap((witness) => {
    const refused = coverage.filter(
      ({ covered, witnesses: states }) => covered && states[witness].status === "not-covered",
    );
    const [first] = refused;
    return first === undefined
      ? []
      : [
          h(
            "li",
            {},
            `${WITNESS_NAMES[witness]}: refused in ${targets(refused.length)}. ${first.account} ${first.region}: ${prose(first.witnesses[witness].reason ?? "")}`,
          ),
        ];
  });
  return lines.length === 0 ? [] : [h("p", {}, "Details that AWS refused:"), h("ul", {}, ...lines)];
}

const witnesses = (coverage: readonly Coverage[]): Element =>
  h(
    "table",
    { class: "numbers" },
    h("caption", { class: "unseen" }, "How far each witness was read, in targets"),
    columns("Witness", ...STATES.map(([, title]) => title)),
    h(
      "tbody",
      {},
      ...WITNESSES.map((witness) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, WITNESS_NAMES[witness]),
          ...STATES.map(([state, title]) => {
            const count = coverage.filter(({ witnesses: states }) => states[witness].status === state).length;
            return h(
              "td",
              { class: `number${count === 0 ? " zero" : ""}`, "data-label": title },
              number(count),
            );
          }),
        ),
      ),
    ),
  );
