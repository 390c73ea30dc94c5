import { sameFailures } from "../../failures";
import type { AttributeChange, AxisChange, ChangeGroup, Review, StatementChange } from "../../model";
import { groupsInOrder, policiesInOrder, statementsInOrder, type PolicyInGroup } from "../order";
import {
  AXIS_WORDS,
  differences,
  DIRECTION_LEGEND,
  DIRECTION_WORDS,
  KIND_WORDS,
  plural,
  sameIn,
  shownWords,
  STATEMENT_WORDS,
} from "../words";
import type { Shown } from "../../model";
import { code, codeInHtml, fenced, text } from "./escape";
import type { Section } from "./fit";
import { stackNames } from "./places";

/** How many parts of a change a long and a short form have. */
const [MANY, FEW] = [25, 4];

/** The first elements, each as a line, and a line that says how many more there are. */
const lines = <T>(
  elements: readonly T[],
  limit: number,
  noun: string,
  write: (element: T) => string,
): string =>
  elements.slice(0, limit).map(write).join("") +
  (elements.length > limit ? `- and ${plural(elements.length - limit, `more ${noun}`)}\n` : "");

const value = (shown: Shown): string => {
  const { isValue, text: words } = shownWords(shown);
  return isValue ? code(words) : `_${words}_`;
};

/** Who can do what, or no longer: the policies by statement. */
export function policiesSection(review: Review): Section {
  return {
    name: "policies",
    open: `\n### Policies by statement\n\n${DIRECTION_LEGEND}\n`,
    blocks: policiesInOrder(review).map((policy) => {
      const heading = policyHeading(policy);
      const statements = statementsInOrder(policy.policy);
      const form = (limit: number, write: (statement: StatementChange) => string) =>
        `${heading}\n${lines(statements, limit, "statement", write)}`;
      return {
        forms: [
          form(MANY, (one) => statementLine(one) + one.axes.map(axisLine).join("")),
          form(FEW, statementLine),
          heading,
        ],
      };
    }),
    share: 0.12,
    isBroad: true,
  };
}

const policyHeading = ({ group: { change, stacks }, attribute, policy }: PolicyInGroup): string =>
  `\n**${DIRECTION_WORDS[policy.direction]}:** ${code(attribute.path)} of ${code(change.address)} in ${stackNames(stacks)}\n`;

const statementLine = ({ statement, change, direction, words }: StatementChange): string =>
  `- **${DIRECTION_WORDS[direction]}**, ${code(statement)} ${STATEMENT_WORDS[change]}: ${words.map((one) => text(one, 600)).join(" ")}\n`;

function axisLine({ axis, before, after }: AxisChange): string {
  const only = (one: readonly string[], other: readonly string[]) =>
    one.filter((entry) => !other.includes(entry));
  const part = (verb: string, entries: readonly string[]) =>
    entries.length === 0 ? [] : [`${verb} ${stackNames(entries)}`];
  const parts = [...part("without", only(before, after)), ...part("with", only(after, before))];
  return parts.length === 0 ? "" : `  - ${AXIS_WORDS[axis]}: ${parts.join("; ")}\n`;
}

/** The changes of objects, each once for all stacks in which it is the same. */
export const changesSection = (review: Review): Section => ({
  name: "changes",
  open: "\n### Changes\n\n",
  blocks: groupsInOrder(review, "groups").map((group) => ({ forms: groupForms(group) })),
  share: 0.15,
  isBroad: true,
});

/** What somebody changed outside Terraform. */
export const driftSection = (review: Review): Section => ({
  name: "changes outside Terraform",
  open: "\n### Changed outside Terraform\n\n",
  blocks: groupsInOrder(review, "drift").map((group) => ({ forms: groupForms(group) })),
  share: 0.06,
  isBroad: true,
});

function groupForms(group: ChangeGroup): string[] {
  const { change } = group;
  const summary = `<b>${KIND_WORDS[change.kind]}</b> ${codeInHtml(change.address)}: ${sameIn(group)}`;
  const details = (limit: number) =>
    `<details><summary>${summary}</summary>\n\n${groupBody(group, limit)}\n</details>\n\n`;
  const line = `- **${KIND_WORDS[change.kind]}** ${code(change.address)}: ${sameIn(group)}\n\n`;
  return [details(MANY), details(FEW), line];
}

function groupBody(group: ChangeGroup, limit: number): string {
  const { change, stacks, means } = group;
  return [
    means === undefined ? "" : `- ${text(means)}\n`,
    `- In ${stackNames(stacks)}\n`,
    change.replacement ? `- Order: ${change.replacement}\n` : "",
    change.reason === undefined ? "" : `- Why: ${text(change.reason)}\n`,
    change.previousAddress === undefined ? "" : `- Moved from ${code(change.previousAddress)}\n`,
    change.importId === undefined ? "" : `- Imported by the id ${code(change.importId)}\n`,
    lines(change.attributes, limit, "attribute", attributeLine),
    lines(
      differences(group),
      limit,
      "difference",
      ({ how, stacks: differing }) => `- Differs in ${stackNames(differing)}: ${text(how, 600)}\n`,
    ),
  ].join("");
}

function attributeLine({ path, before, after, forcesReplacement, meaning }: AttributeChange): string {
  const why = forcesReplacement ? " (forces the replacement)" : "";
  if (meaning?.kind === "policy")
    return `- ${code(path)}: ${DIRECTION_WORDS[meaning.direction]}, ${plural(meaning.statements.length, "statement")} under “Policies by statement”${why}\n`;
  if (meaning?.kind === "document")
    return `- ${code(path)}${why}:\n${meaning.fields
      .slice(0, MANY)
      .map((field) => `  - ${code(field.path)}: ${value(field.before)} → ${value(field.after)}\n`)
      .join(
        "",
      )}${meaning.fields.length > MANY ? `  - and ${plural(meaning.fields.length - MANY, "more field")}\n` : ""}`;
  return `- ${code(path)}: ${value(before)} → ${value(after)}${why}\n`;
}

/** Stacks that Terraform could not plan, with its message. */
export const failuresSection = ({ stacks }: Review): Section => ({
  name: "failed stacks",
  open: "\n### Not planned\n\n",
  blocks: sameFailures(stacks.filter(({ result }) => result === "failed")).map(
    ({ message, stacks: same }) => {
      const [{ id }] = same as [(typeof same)[number]];
      const note =
        same.length === 1 ? "" : ` and ${plural(same.length - 1, "more stack")} with the same message`;
      return {
        forms: [
          `<details open><summary>${codeInHtml(id)}${note}</summary>\n\n${fenced(message)}\n</details>\n\n`,
          `<details><summary>${codeInHtml(id)}${note}</summary>\n\n${fenced(message, FEW)}\n</details>\n\n`,
          `- ${code(id)}${note}\n\n`,
        ],
      };
    },
  ),
  share: 0.08,
  isBroad: true,
});

/** What is doubtful about the map. */
export const mapWarningsSection = ({ mapWarnings }: Review): Section => ({
  name: "warnings about the map",
  open: "\n### Warnings about the map\n\n",
  blocks: mapWarnings.map((warning) => ({ forms: [`- ${text(warning)}\n`] })),
  share: 0.04,
});

/** What the review does not see. */
export const notCoveredSection = ({ notCovered }: Review): Section => ({
  name: "notes on what is not covered",
  open: "\n### Not covered\n\n",
  blocks: notCovered.map((sentence) => ({ forms: [`- ${text(sentence)}\n`] })),
  share: 0.04,
});
