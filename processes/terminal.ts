import { visible, visibleLines } from "../pages/visible";
import type { Output } from "./program";

const CODES = { bold: [1, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], gray: [90, 39] } as const;

/** A colour or a weight of text. */
export type Format = keyof typeof CODES;

/**
 * Whether text for a stream has colours: on a terminal, unless `NO_COLOR` is set. `FORCE_COLOR` decides alone where it
 * is set, as in Node.js: 1, 2, 3, `true` and an empty value switch colours on, and any other value switches them off.
 * @see https://nodejs.org/api/cli.html#force_color1-2-3
 * @see https://no-color.org
 */
export function hasColours({ isTTY = false }: Output, env: NodeJS.ProcessEnv): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return ["", "1", "2", "3", "true"].includes(forced);
  return isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

const USUAL_WIDTH = 80;
const SMALLEST_WIDTH = 40;

/** Characters in a line of a stream: the width of its terminal, else `COLUMNS`, else 80; never fewer than 40. */
export function widthOf({ columns }: Output, env: NodeJS.ProcessEnv): number {
  const width = columns || Number.parseInt(env["COLUMNS"] ?? "", 10) || USUAL_WIDTH;
  return Math.max(width, SMALLEST_WIDTH);
}

/** The prefixes of the lines of a folded text. */
export interface Margins {
  readonly width: number;
  /** Start of the first line. @default "" */
  readonly first?: string;
  /** Start of the other lines. @default as many spaces as `first` has characters */
  readonly rest?: string;
}

/** A space at which {@link fold} does not fold: between a number and its unit, for example. It is printed as a space. */
export const NO_BREAK = "\u00a0";

/** Parts of a path, a URL or an ARN, each with the separators behind it. */
const PARTS = /[^/:,?&=]+[/:,?&=]*|[/:,?&=]+/g;

/**
 * Folds a text into lines between words. A word that is longer than a line, such as an ARN or a URL, is folded between
 * its parts. A part that is longer than a line stays whole.
 * @example
 * fold("applied archive-eu-central-1", { width: 12, first: "- " }); // ["- applied", "  archive-eu-central-1"]
 */
export function fold(
  text: string,
  { width, first = "", rest = " ".repeat(first.length) }: Margins,
): string[] {
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = first + indent;
  let started = false;
  const add = (piece: string, space: string) => {
    if (started && (line + space + piece).length > width) {
      lines.push(line);
      line = rest + indent;
      started = false;
    }
    line += started ? space + piece : piece;
    started = true;
  };
  for (const word of text.trim().split(" ")) {
    const fits = (rest + indent + word).length <= width;
    const [head = word, ...tail] = fits ? [word] : (word.match(PARTS) ?? [word]);
    add(head, " ");
    for (const part of tail) add(part, "");
  }
  return [...lines, line].map((folded) => folded.replaceAll(NO_BREAK, " "));
}

/** The same text in which every character can be seen: parts of it come from files. */
const shownText = (text: string): string => text.split(NO_BREAK).map(visibleLines).join(NO_BREAK);

/** Prints lines to a stream and, on a terminal, keeps one line of status below them. */
export class Screen {
  readonly isTerminal: boolean;
  private readonly colours: boolean;
  private shown = "";

  constructor(
    private readonly output: Output,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.isTerminal = output.isTTY === true && env["TERM"] !== "dumb";
    this.colours = hasColours(output, env);
  }

  /** Characters in a line. It changes with the size of the terminal. */
  get width(): number {
    return widthOf(this.output, this.env);
  }

  /** A text in a colour or weight, or unchanged if the stream has no colours. */
  styled(format: Format, text: string): string {
    const [on, off] = CODES[format];
    return this.colours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  }

  /** Prints a text, folded to the width of the screen. */
  print(text = "", { first = "", rest, format }: Partial<Margins> & { format?: Format } = {}): void {
    for (const line of fold(shownText(text), { width: this.width, first, rest })) {
      this.printLine(format ? this.styled(format, line) : line);
    }
  }

  /** Prints one line without folding it, and with the controls of a terminal that it has. */
  printLine(line: string): void {
    const status = this.shown;
    this.status("");
    this.output.write(`${line}\n`);
    this.status(status);
  }

  /** Shows a status in place of the former one, cut to one line. "" removes it. Does nothing where there is no terminal. */
  status(text: string): void {
    if (!this.isTerminal || (text === "" && this.shown === "")) return;
    // The last column stays free: some terminals would move to the next line.
    const line = visible(text);
    const shown = line.length < this.width ? line : `${line.slice(0, this.width - 2)}…`;
    this.output.write(`\r\u001b[K${shown === "" ? "" : this.styled("gray", shown)}`);
    this.shown = text;
  }
}
