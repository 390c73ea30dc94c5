import { prose, visible } from "../../../pages/visible";
import { say } from "../../../review/values";
import type { Shown } from "../../../review/model";
import { table } from "../../table";
import { changesIn } from "../judge";
import {
  allLines,
  VERDICTS,
  type Adoption,
  type FieldChange,
  type Line,
  type TargetResult,
  type Verdict,
} from "../model";

/** What people read in place of a verdict. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  "to-do": "to do",
  "not-looked-at": "not looked at",
  note: "note",
  ok: "ok",
};

/** Longest value of a field in a table, in characters. */
const LONGEST = 60;

/** A value of the document for one cell. */
export function cell(value: Shown, longest = LONGEST): string {
  const text = value.is === "known" ? visible(say(value.value)) : "nothing";
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** How many lines of each verdict there are, the most urgent first. */
export const tally = (lines: readonly Line[]): string =>
  VERDICTS.filter((verdict) => verdict !== "ok")
    .flatMap((verdict) => {
      const count = lines.filter((line) => line.verdict === verdict).length;
      return count === 0 ? [] : [`${count} ${VERDICT_WORDS[verdict]}`];
    })
    .join(", ") || "nothing in the way";

/** What was found, for a terminal: a table of the targets, and below it everything but `ok`, the same once. */
export function adoptionText(adoption: Adoption): string {
  const rows = adoption.targets.map((target) => [
    target.account,
    target.region,
    preferencesWord(target),
    versionWord(target),
    target.changes.length === 0 ? "" : changesIn(target.changes),
    tally(target.lines),
  ]);
  const header = ["ACCOUNT", "REGION", "PREFERENCES", "VERSION", "WOULD CHANGE", "FOUND"];
  return `${[...table([header, ...rows]), ...details(adoption), "", `${headline(adoption)}`].join("\n")}\n`;
}

/** The result in one sentence. */
export function headline(adoption: Adoption): string {
  const targets = adoption.targets.length === 1 ? "1 target" : `${adoption.targets.length} targets`;
  return `Found in ${targets}: ${tally(allLines(adoption))}.`;
}

function preferencesWord({ exists, document, adopt }: TargetResult): string {
  if (exists === null) return "not looked at";
  if (document === null) return "none";
  return document.isOwn ? "own" : adopt ? "adopted" : "foreign";
}

const versionWord = ({ document }: TargetResult): string =>
  document === null
    ? ""
    : document.latestVersion === document.defaultVersion
      ? document.latestVersion
      : `${document.latestVersion}, default ${document.defaultVersion}`;

/** Everything that is not ok, once for all places that have it. */
function details({ shared, accounts, targets }: Adoption): string[] {
  const groups = new Map<string, string[]>();
  const add = (place: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    const text = lines.join("\n");
    groups.set(text, [...(groups.get(text) ?? []), place]);
  };
  add("all stacks", linesOf(shared));
  for (const { account, lines } of accounts) add(account, linesOf(lines));
  for (const { account, region, lines, changes } of targets) {
    add(`${account} ${region}`, [...linesOf(lines), ...changesOf(changes)]);
  }
  return [...groups].flatMap(([text, places]) => ["", places.join(", "), text]);
}

const linesOf = (lines: readonly Line[]): string[] =>
  [...lines]
    .filter(({ verdict }) => verdict !== "ok")
    .sort((one, other) => VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict))
    .flatMap(({ subject, verdict, text, remedy }) => [
      `  ${VERDICT_WORDS[verdict]}: ${subject}: ${prose(text)}`,
      ...(remedy === undefined ? [] : [`    ${prose(remedy)}`]),
    ]);

const changesOf = (changes: readonly FieldChange[]): string[] =>
  changes.length === 0
    ? []
    : table([
        ["FIELD", "NOW", "AFTERWARDS", "EFFECT"],
        ...changes.map(({ path, before, after, effect }) => [
          visible(path),
          cell(before),
          cell(after),
          EFFECT_WORDS[effect],
        ]),
      ]).map((line) => `    ${line}`);

/** What people read in place of an effect. */
export const EFFECT_WORDS: Readonly<Record<FieldChange["effect"], string>> = {
  weaker: "WEAKER",
  stronger: "stronger",
  other: "judge it",
  neutral: "-",
};
