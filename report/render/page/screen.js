// @ts-check
"use strict";

/**
 * @typedef {import("../../replay/safe-text").Step} Step
 * @typedef {{ text: string, look: string }} Cell One character, or one mark, and its class.
 */

/** A line does not grow beyond this, and older lines than these are forgotten. */
const LONGEST_LINE = 4_000;
const MOST_LINES = 5_000;
const TAB = 8;

/**
 * A screen on which the steps of a recording have their effect. It has lines that grow downwards, and no more: nothing
 * can move up, so what was once on a finished line stays there.
 */
function newScreen() {
  /** @type {Cell[][]} */
  let lines = [[]];
  let column = 0;
  let look = "";
  /** Lines that were forgotten. */
  let forgotten = 0;

  const line = () => /** @type {Cell[]} */ (lines.at(-1));
  /** @param {Cell} cell */
  const put = (cell) => {
    const current = line();
    if (column >= LONGEST_LINE) return;
    while (current.length < column) current.push({ text: " ", look: "" });
    current[column] = cell;
    column += 1;
  };
  /** @type {Record<string, () => void>} */
  const moves = {
    line() {
      lines.push([]);
      column = 0;
      if (lines.length > MOST_LINES) {
        forgotten += lines.length - MOST_LINES / 2;
        lines = lines.slice(-MOST_LINES / 2);
      }
    },
    return: () => void (column = 0),
    back: () => void (column = Math.max(0, column - 1)),
    tab: () => void (column = Math.min(LONGEST_LINE, (Math.floor(column / TAB) + 1) * TAB)),
    "clear-right": () => void line().splice(column),
    "clear-left": () =>
      line().forEach((_, index, all) => index < column && (all[index] = { text: " ", look: "" })),
    "clear-all": () => void line().splice(0),
  };

  return {
    /** @param {readonly Step[]} steps */
    write(steps) {
      for (const step of steps) {
        if (typeof step === "string") for (const text of step) put({ text, look });
        else if (step[0] === "mark") put({ text: step[1], look: "mark" });
        else if (step[0] === "move") moves[step[1]]?.();
        else {
          const { bold, underlined, colour } = step[1];
          look = [
            bold ? "bold" : "",
            underlined ? "underlined" : "",
            colour === null ? "" : `colour-${colour}`,
          ]
            .filter(Boolean)
            .join(" ");
        }
      }
    },
    forgotten: () => forgotten,
    /** Number of lines since the beginning. */
    count: () => forgotten + lines.length,
    /**
     * The runs of equal looks of a line.
     * @param {number} index from the beginning
     * @returns {Cell[]}
     */
    runs(index) {
      /** @type {Cell[]} */
      const runs = [];
      for (const { text, look: of } of lines[index - forgotten] ?? []) {
        const last = runs.at(-1);
        if (last !== undefined && last.look === of && of !== "mark") last.text += text;
        else runs.push({ text, look: of });
      }
      return runs;
    },
    /** The text of all lines. */
    text: () => lines.map((cells) => cells.map(({ text }) => text).join("")).join("\n"),
  };
}

module.exports = { newScreen };
