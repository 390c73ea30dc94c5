import type { Step } from "./safe-text";
import { stepsOf } from "./safe-text";

const MOVES = { line: "\n", return: "␍", back: "␈", tab: "\t" } as const;

const plain = (step: Step): string => {
  if (typeof step === "string") return step;
  if (step[0] === "mark") return step[1];
  if (step[0] === "style") return "";
  return step[1] in MOVES ? MOVES[step[1] as keyof typeof MOVES] : "␛[K";
};

/**
 * A transcript as plain text. Nothing in it overwrites anything: a carriage return and a backspace are pictures, because
 * they could hide a command behind another one. Colours are left out.
 * @example plainText("rm -rf /\rls\n") // "rm -rf /␍ls\n"
 */
export const plainText = (text: string): string => stepsOf(text.replace(LINE_END, ended)).map(plain).join("");

/**
 * A run of carriage returns, with or without a line end behind it. A pattern that needs the line end would take time
 * with the square of a run that has none.
 */
const LINE_END = /\r+\n?/g;
const ended = (run: string): string => (run.endsWith("\n") ? "\n" : run);
