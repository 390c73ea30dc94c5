import type { Step, Style } from "./safe-text";

const MOVES = {
  line: "\n",
  return: "\r",
  back: "\b",
  tab: "\t",
  "clear-right": "\u001b[K",
  "clear-left": "\u001b[1K",
  "clear-all": "\u001b[2K",
} as const;

/** Gives a terminal its own looks back. */
export const RESET = "\u001b[0m";

const sequence = ({ bold, underlined, colour }: Style): string =>
  `\u001b[${["0", ...(bold ? ["1"] : []), ...(underlined ? ["4"] : []), ...(colour === null ? [] : [`3${colour}`])].join(";")}m`;

/**
 * Steps for a terminal. No sequence but those of steps reaches it, and a mark is inverse, which nothing else is.
 * @param style how text looks before the first step
 */
export function forTerminal(steps: readonly Step[], style: Style): string {
  let current = style;
  return steps
    .map((step) => {
      if (typeof step === "string") return step;
      if (step[0] === "mark") return `\u001b[7m${step[1]}\u001b[27m`;
      if (step[0] === "move") return MOVES[step[1]];
      current = step[1];
      return sequence(current);
    })
    .join("");
}
