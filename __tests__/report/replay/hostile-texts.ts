import { HOSTILE_VALUES } from "../../fixtures/hostile-values";

const ESC = "\u001b";

/** Escape sequences that do something to a terminal, each with what it does. */
export const SEQUENCES: readonly (readonly [does: string, sequence: string])[] = [
  ["sets the title", `${ESC}]0;title\u0007`],
  ["sets the title, with another terminator", `${ESC}]2;title${ESC}\\`],
  ["links", `${ESC}]8;;https://evil.example${ESC}\\`],
  ["writes to the clipboard", `${ESC}]52;c;cm0gLXJmIC8=\u0007`],
  ["reads the clipboard", `${ESC}]52;c;?\u0007`],
  ["changes a colour of the palette", `${ESC}]4;1;#000000\u0007`],
  ["shows a notification", `${ESC}]9;hello\u0007`],
  ["sends a file", `${ESC}]1337;File=name=eA==:AAAA\u0007`],
  ["clears the screen", `${ESC}[2J`],
  ["clears the lines that were scrolled away", `${ESC}[3J`],
  ["moves up", `${ESC}[5A`],
  ["moves to a place", `${ESC}[1;1H`],
  ["moves to a column", `${ESC}[1G`],
  ["inserts lines", `${ESC}[3L`],
  ["deletes characters", `${ESC}[9P`],
  ["repeats a character", `${ESC}[99999999b`],
  ["scrolls", `${ESC}[99T`],
  ["hides the cursor", `${ESC}[?25l`],
  ["opens the other screen", `${ESC}[?1049h`],
  ["asks for the mouse", `${ESC}[?1003h`],
  ["asks for a report", `${ESC}[6n`],
  ["asks who the terminal is", `${ESC}[c`],
  ["resizes the window", `${ESC}[8;1;1t`],
  ["reports the title", `${ESC}[21t`],
  ["resets the terminal", `${ESC}c`],
  ["chooses line drawing", `${ESC}(0`],
  ["aligns the screen", `${ESC}#8`],
  ["moves up a line", `${ESC}M`],
  ["runs a device control", `${ESC}P$q"p${ESC}\\`],
  ["draws an image", `${ESC}Pq#0;2;0;0;0${ESC}\\`],
  ["sends an application command", `${ESC}_Gf=24;AAAA${ESC}\\`],
  ["sends a private message", `${ESC}^secret${ESC}\\`],
  ["begins a CSI with eight bits", "\u009b31m"],
  ["begins an OSC with eight bits", "\u009d0;title\u009c"],
  ["rings", "\u0007"],
  ["shifts out", "\u000e"],
  ["feeds a form", "\u000c"],
  ["feeds vertically", "\u000b"],
  ["is nothing", "\u0000"],
  ["deletes", "\u007f"],
  ["escapes from nothing", ESC],
  ["begins and does not end", `${ESC}]0;title`],
  ["begins a CSI and does not end", `${ESC}[1;`],
  ["uses a private parameter of a style", `${ESC}[>4;2m`],
  ["asks for a style", `${ESC}[?4m`],
  ["uses an intermediate of a style", `${ESC}[1 m`],
  ["clears a part of a line that there is not", `${ESC}[3K`],
  ["clears what is not protected", `${ESC}[?K`],
];

/** Values that look harmless around sequences, and are the same in each run. */
export function hostileTexts(count: number): string[] {
  const parts = [
    ...SEQUENCES.map(([, sequence]) => sequence),
    ...HOSTILE_VALUES.map(({ value }) => value.slice(0, 300)),
    "\u001b[31m",
    "\r",
    "\b\b\b",
    "\t",
    "\u001b[K",
    "\u001b[1;4m",
  ];
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  return Array.from({ length: count }, () => {
    const text = Array.from({ length: 1 + next(6) }, () => parts[next(parts.length)]!).join(
      "x".repeat(next(3)),
    );
    // Some are cut in the middle of a sequence.
    return next(3) === 0 ? text.slice(next(4), -1 - next(4)) : text;
  });
}
