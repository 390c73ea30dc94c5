import { clip, prose, visible } from "../../review/render/visible";
import type { Coverage, Report, SessionRow, Witness } from "../model";
import { WITNESSES } from "../model";
import { MEANINGS, VERDICTS, type Level, type VerdictKind } from "../verdicts";
import { parametersText } from "./csv";

/** How a report is shown in a terminal. */
export interface TextProps {
  /** Characters in a line. */
  readonly columns: number;
  /** Gives a text a colour or a weight; the same text where there are no colours. */
  readonly styled: (format: "bold" | "red" | "yellow" | "green" | "gray", text: string) => string;
}

const FORMATS = { alarm: "red", gap: "yellow", warning: "yellow", info: "gray", good: "green" } as const;

/** Targets whose coverage is listed; the others are counted. */
const TARGETS_SHOWN = 20;

const WITNESS_NAMES: Readonly<Record<Witness, string>> = {
  history: "session history",
  trail: "CloudTrail",
  transcripts: "transcripts",
  replica: "replica",
  logStreams: "log streams",
  preferences: "preferences",
  objectDetails: "locks and checksums",
  instances: "names of instances",
};

const count = (number: number, word: string): string =>
  `${number.toLocaleString("en-US")} ${word}${number === 1 ? "" : "s"}`;

/** A report for a terminal: coverage, numbers, and the rows that were kept, the worst first. */
export function text(report: Report, props: TextProps): string {
  const lines = [
    ...heading(report, props),
    ...coverage(report, props),
    ...mapWarnings(report, props),
    ...numbers(report, props),
    ...rows(report, props),
  ];
  return `${lines.join("\n")}\n`;
}

/** The part of a report about its coverage, for people whose output is a file for programs. */
export const coverageText = (report: Report, props: TextProps): string =>
  `${coverage(report, props).join("\n")}\n`;

function heading({ header }: Report, { styled, columns }: TextProps): string[] {
  const { organization, period, filters } = header;
  const only = Object.entries(filters).map(([name, value]) => `${visible(name)} ${visible(value)}`);
  return [
    styled(
      "bold",
      `Sessions of ${visible(organization)}, ${minute(period.since)} to ${minute(period.until)} UTC`,
    ),
    ...(only.length > 0 ? folded(`Only: ${only.join(", ")}`, columns, "") : []),
  ];
}

function coverage({ coverage: targets, summary }: Report, props: TextProps): string[] {
  const { styled, columns } = props;
  const open = targets.filter(({ covered }) => !covered);
  const all = count(summary.targets, "target");
  if (open.length === 0)
    return [styled("green", `Covered: ${all}, every witness read to its end.`), ...leftOut(targets, props)];
  return [
    styled(
      "red",
      `NOT COVERED: ${open.length.toLocaleString("en-US")} of ${all}. What is missing there is not clean, but unknown.`,
    ),
    ...open.slice(0, TARGETS_SHOWN).flatMap((target) => uncovered(target, columns)),
    ...(open.length > TARGETS_SHOWN
      ? [`  and ${count(open.length - TARGETS_SHOWN, "target")} more (--json has all)`]
      : []),
    ...leftOut(targets, props),
  ];
}

function uncovered({ account, region, witnesses }: Coverage, columns: number): string[] {
  const refused = WITNESSES.filter((witness) => witnesses[witness].status === "not-covered");
  // A role that is refused altogether says the same of each witness.
  const reasons = new Map<string, string[]>();
  for (const witness of refused) {
    const reason = witnesses[witness].reason ?? "";
    reasons.set(reason, [...(reasons.get(reason) ?? []), WITNESS_NAMES[witness]]);
  }
  const facts = [...reasons].map(([reason, names]) => `${names.join(", ")}: ${prose(reason)}`);
  const words = facts.length > 0 ? facts : ["the map records no sessions there"];
  return [
    `  ${visible(account)} ${visible(region)}`,
    ...words.flatMap((fact) => folded(fact, columns, "    ")),
  ];
}

/** Witnesses that an option left out, and refusals that cost only details. */
function leftOut(targets: readonly Coverage[], { styled, columns }: TextProps): string[] {
  const lines: string[] = [];
  for (const witness of WITNESSES) {
    const asked = targets.map(({ witnesses }) => witnesses[witness]);
    if (asked.some(({ status }) => status === "left-out")) lines.push(`${WITNESS_NAMES[witness]} left out`);
  }
  for (const witness of ["objectDetails", "instances"] as const) {
    const refused = targets.filter(
      ({ covered, witnesses }) => covered && witnesses[witness].status === "not-covered",
    );
    if (refused.length > 0)
      lines.push(`${WITNESS_NAMES[witness]} refused in ${count(refused.length, "target")}`);
  }
  const words = lines.length > 0 ? folded(`Not read: ${lines.join("; ")}.`, columns, "") : [];
  return words.map((line) => styled("gray", line));
}

/** What is doubtful about the map: a report is about what the map names, and about nothing else. */
function mapWarnings({ summary }: Report, { styled, columns }: TextProps): string[] {
  const sentences = summary.mapWarnings.flatMap((words) => folded(prose(words), columns, "  "));
  return sentences.length === 0 ? [] : ["", styled("yellow", "Warnings about the map"), ...sentences];
}

function numbers({ summary: { aggregates }, header }: Report, { styled }: TextProps): string[] {
  const { rows: total, byVerdict, outOfHours } = aggregates;
  const kinds = VERDICTS.filter((kind) => byVerdict[kind] > 0);
  const width = Math.max(0, ...kinds.map((kind) => byVerdict[kind].toLocaleString("en-US").length));
  return [
    "",
    styled(
      "bold",
      `${count(total, "session")}, ${outOfHours.toLocaleString("en-US")} of them out of hours (${visible(header.timeZone)})`,
    ),
    ...kinds.map((kind) => {
      const { title, level } = MEANINGS[kind];
      return `  ${byVerdict[kind].toLocaleString("en-US").padStart(width)}  ${styled(FORMATS[level], title)}`;
    }),
  ];
}

function rows({ rows: all, omitted }: Report, props: TextProps): string[] {
  const groups = new Map<VerdictKind, SessionRow[]>();
  for (const row of all) {
    const { kind } = row.verdict;
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [row]);
    else group.push(row);
  }
  const lines = [...groups].flatMap(([kind, group]) => {
    const { title, means, level } = MEANINGS[kind];
    return [
      "",
      props.styled("bold", props.styled(FORMATS[level], level === "alarm" ? title.toUpperCase() : title)),
      ...folded(means, props.columns, ""),
      ...group.flatMap((row) => rowLines(row, level, props)),
    ];
  });
  return omitted > 0
    ? [...lines, "", `${count(omitted, "session")} more: --csv and --json have all.`]
    : lines;
}

/** Columns of the first line of a row, after the time. The last one takes what is left of a line. */
const PERSON = 16;
const TARGET = 24;

function rowLines(row: SessionRow, level: Level, { columns, styled }: TextProps): string[] {
  const person = row.person === null ? "?" : row.person.name;
  const first = [
    minute(row.start),
    column(person, PERSON),
    column(`${row.account} ${row.region}`, TARGET),
    clip(visible(row.instanceName ?? row.instance ?? "?"), columns - 16 - PERSON - TARGET - 8),
  ];
  const tunnel = parametersText(row.documentParameters);
  const facts = [
    row.id,
    ...(row.durationSeconds === null ? [] : [duration(row.durationSeconds)]),
    ...(tunnel === "" ? [] : [tunnel]),
    ...(row.reason === null ? [] : [`"${row.reason}"`]),
  ];
  return [
    `  ${first.join("  ")}`.trimEnd(),
    ...folded(facts.map((fact) => clip(visible(fact), 200)).join(", "), columns, "    ").map((line) =>
      styled("gray", line),
    ),
    ...(level === "info" || level === "good"
      ? []
      : row.verdict.words.flatMap((words) => folded(prose(words), columns, "    "))),
  ];
}

/** `2026-11-26 18:52`, in UTC. */
const minute = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)}`;

const column = (value: string, width: number): string => clip(visible(value), width).padEnd(width);

const duration = (seconds: number): string => {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
};

/** A text in lines of a width. Words that are longer than a line are cut, because an attacker may have written them. */
function folded(value: string, columns: number, indent: string): string[] {
  const room = columns - indent.length;
  const lines: string[] = [];
  let line = "";
  for (const word of value.split(" ").flatMap((one) => pieces(one, room))) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, indent + line];
}

const pieces = (word: string, width: number): string[] =>
  word.length <= width ? [word] : (word.match(new RegExp(`.{1,${width}}`, "gu")) ?? []);
