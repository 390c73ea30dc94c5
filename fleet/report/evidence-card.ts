import { fold, type Format } from "../../processes/terminal";
import type { SessionRow } from "../../report/model";
import { FACTS, factsOf, GROUPS } from "../../report/render/facts";
import { timesIn } from "../../report/render/times";
import { MEANINGS, type Level } from "../../report/verdicts";

/** How a card is shown. */
export interface CardProps {
  /** Characters in a line. */
  readonly width: number;
  readonly timeZone: string;
  /** Gives a text a colour or a weight. */
  readonly styled: (format: Format, text: string) => string;
}

const FORMATS: Readonly<Record<Level, Format>> = {
  alarm: "red",
  gap: "yellow",
  warning: "yellow",
  info: "gray",
  good: "green",
};

/** Characters of the widest label, with the space after it. */
const LABEL = Math.max(...FACTS.map(({ label }) => label.length)) + 2;

/** Everything that is known about a session, in words, for a terminal: the same facts as in the HTML page. */
export function evidenceCard(row: SessionRow, { width, timeZone, styled }: CardProps): string {
  const values = factsOf(row, timesIn(timeZone));
  const { level, title } = MEANINGS[row.verdict.kind];
  const parts = GROUPS.flatMap((group) => {
    const lines = FACTS.flatMap(({ group: of, label }, index) => {
      const value = values[index];
      if (of !== group || value === null || value === undefined || label === "Verdict") return [];
      return fold(value, { width, first: `  ${label.padEnd(LABEL)}`, rest: " ".repeat(LABEL + 2) });
    });
    return lines.length === 0 ? [] : ["", styled("bold", group), ...lines];
  });
  return `${[styled(FORMATS[level], `${title}: ${values[FACTS.findIndex(({ label }) => label === "Session id")]}`), ...parts.slice(2)].join("\n")}\n`;
}
