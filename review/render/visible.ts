import { stripVTControlCharacters } from "node:util";
import { visible } from "../../pages/visible";

export { clip, prose, visible, visibleJson } from "../../pages/visible";

/** What Terraform prints while it reads, before it says what has failed. */
const PROGRESS = /: (?:Refreshing state\.\.\.|Reading\.\.\.|Still reading\.\.\.|Read complete after )/;

/**
 * The lines of a message of Terraform, without its colours, its progress, and the frame that it draws around a message.
 * Every character can be seen.
 */
export const messageLines = (message: string): string[] =>
  stripVTControlCharacters(message.trim())
    .replace(/\r\n/g, "\n")
    .replace(/\t/g, "  ")
    .split("\n")
    .map((line) => visible(line).trimEnd())
    .filter((line) => !/^[╷╵]$/.test(line) && !PROGRESS.test(line))
    .map((line) => line.replace(/^│ ?/, ""))
    .filter((line, index, lines) => line !== "" || (index > 0 && lines[index - 1] !== ""));
