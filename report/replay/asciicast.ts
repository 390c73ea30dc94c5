import type { Recording } from "./recording";
import { PLAIN, styleAfter, type Step, type Style } from "./safe-text";
import { forTerminal } from "./terminal";

const NARROWEST = 80;
const WIDEST = 240;
const HEIGHT = 24;

/**
 * A recording in the format of asciinema. It has the same safe sequences as every other form, whatever plays it.
 * @see https://docs.asciinema.org/manual/asciicast/v2/
 * @param title name of the recording, which players show
 */
export function asciicast({ start, frames }: Recording, title: string): string {
  const header = {
    version: 2,
    width: widthOf(frames.flatMap(([, steps]) => steps)),
    height: HEIGHT,
    timestamp: Math.floor(start / 1000),
    title,
  };
  let style: Style = PLAIN;
  const lines = frames.map(([seconds, steps]) => {
    // A terminal that plays the recording gets raw output, in which a new line does not begin at its beginning.
    const output = forTerminal(steps, style).replaceAll("\n", "\r\n");
    style = styleAfter(steps, style);
    return JSON.stringify([seconds, "o", output]);
  });
  return `${[JSON.stringify(header), ...lines].join("\n")}\n`;
}

/** Characters of the longest line, within limits. */
function widthOf(steps: readonly Step[]): number {
  let [width, longest] = [0, NARROWEST];
  for (const step of steps) {
    if (typeof step === "string") width += step.length;
    else if (step[0] === "mark") width += step[1].length;
    else if (step[0] === "move") width = step[1] === "tab" ? width + 8 : 0;
    longest = Math.max(longest, width);
  }
  return Math.min(longest, WIDEST);
}
