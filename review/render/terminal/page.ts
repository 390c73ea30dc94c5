import { fold, widthOf } from "./fold";

const CODES = { bold: [1, 22], red: [31, 39], yellow: [33, 39], green: [32, 39], gray: [90, 39] } as const;

/** A colour or a weight of text. */
export type Format = keyof typeof CODES;

/** Columns of a terminal that a page needs at least. */
const SMALLEST = 40;

/** The lines of a page for a terminal of one width, with or without colours. */
export class Page {
  private readonly lines: string[] = [];
  private readonly width: number;

  constructor(
    columns: number,
    private readonly color: boolean,
  ) {
    this.width = Math.max(columns, SMALLEST);
  }

  /** Adds a heading below an empty line. */
  heading(text: string): void {
    this.lines.push("");
    this.entry("", text, { formats: ["bold"], whole: true });
  }

  /**
   * Adds a text, folded, with a label before its first line. The label has the formats, or the whole text has.
   * @param indent columns before the label
   * @param label padded by the caller, if labels of several entries stand in a column
   */
  entry(
    label: string,
    text: string,
    {
      indent = 0,
      formats = [],
      whole = false,
    }: { indent?: number; formats?: readonly Format[]; whole?: boolean } = {},
  ): void {
    const start = " ".repeat(indent);
    const first = start + label;
    // A label that leaves too little room has the text below it.
    const rest = " ".repeat(widthOf(first) > this.width / 2 ? indent + 2 : widthOf(first));
    const [head, ...tail] = fold(text, { width: this.width, first, rest });
    const styledHead = whole
      ? this.styled(formats, head!)
      : start + this.styled(formats, label) + head!.slice(first.length);
    this.lines.push(styledHead.trimEnd(), ...tail.map((line) => (whole ? this.styled(formats, line) : line)));
  }

  /** Adds an empty line. */
  gap(): void {
    this.lines.push("");
  }

  toString(): string {
    return `${this.lines.join("\n")}\n`;
  }

  private styled(formats: readonly Format[], text: string): string {
    if (!this.color || text === "") return text;
    return formats.reduce(
      (inner, format) => `\u001b[${CODES[format][0]}m${inner}\u001b[${CODES[format][1]}m`,
      text,
    );
  }
}
