import { stripVTControlCharacters } from "node:util";

/** A part of a review: its heading, or "" for what stands before the first one, and its blocks. */
interface Part {
  readonly heading: string;
  /** Lines between empty lines. */
  readonly blocks: readonly (readonly string[])[];
}

const plain = (line: string): string => stripVTControlCharacters(line);

/** A heading stands alone at the left margin, behind an empty line. */
function partsOf(text: string): Part[] {
  const parts: { heading: string; blocks: string[][] }[] = [{ heading: "", blocks: [[]] }];
  let isBehindEmpty = false;
  for (const line of text.trimEnd().split("\n")) {
    const isEmpty = plain(line).trim() === "";
    if (isEmpty) parts.at(-1)!.blocks.push([]);
    else if (isBehindEmpty && /^\S/.test(plain(line))) parts.push({ heading: line, blocks: [[]] });
    else parts.at(-1)!.blocks.at(-1)!.push(line);
    isBehindEmpty = isEmpty;
  }
  return parts.map(({ heading, blocks }) => ({
    heading,
    blocks: blocks.filter((block) => block.length > 0),
  }));
}

/** Leaves out the rows of a table on strength that say that nothing changes. */
const onlyDifferent = (blocks: Part["blocks"]): Part["blocks"] =>
  blocks.map((block) => block.filter((line) => !/^ +same /.test(plain(line))));

/** The first word of a finding: its severity. */
const severityOf = (block: readonly string[]): string => plain(block[0]!).trim().split(" ")[0]!;

/**
 * What a review says first, for people who look at it for the first time: the verdict, what changes in recording, and
 * the findings of the worst severity. The last line says how much more the review has.
 * @param text a review as `session-audit review` or `drift` prints it on a terminal
 * @returns lines
 */
export function excerptOf(text: string): string[] {
  const whole = text.trimEnd().split("\n").length;
  const parts = partsOf(text);
  const find = (heading: RegExp) => parts.find((part) => heading.test(plain(part.heading)));
  const [first] = parts;
  const [strength, summary, findings] = [/^Recording,/, /^What changes$/, /^Findings$/].map(find);
  const worst = findings?.blocks.filter((block) => severityOf(block) === severityOf(findings.blocks[0]!));
  const shown: Part[] = [
    ...(first ? [first] : []),
    ...(strength ? [{ ...strength, blocks: onlyDifferent(strength.blocks) }] : []),
    ...(summary ? [summary] : []),
    ...(findings ? [{ heading: findings.heading, blocks: worst! }] : []),
  ].filter(({ blocks }) => blocks.some((block) => block.length > 0));
  const lines = shown.flatMap(({ heading, blocks }, index) => [
    ...(index > 0 ? [""] : []),
    ...(heading === "" ? [] : [heading]),
    ...blocks.flatMap((block, at) => [...(at > 0 ? [""] : []), ...block]),
  ]);
  const left = whole - lines.length;
  return left > 0 ? [...lines, "", `… ${left} more lines`] : lines;
}
