/** Lines of a terminal: how wide a text is, and how it is folded. */

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const NO_WIDTH = /\p{M}/u;

/** Columns that a text fills in a terminal. Letters of East Asia and emoji fill two, marks fill none. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The prefixes of the lines of a folded text. */
export interface Margins {
  readonly width: number;
  /** Start of the first line. */
  readonly first: string;
  /** Start of the other lines. */
  readonly rest: string;
}

/** A space at which {@link fold} does not fold, between a number and its unit. It is shown as a space. */
export const NO_BREAK = "\u00a0";

/** Parts of a path, a URL, an ARN or an address, each with the separators behind it. */
const PARTS = /[^/:,?&=._-]+[/:,?&=._-]*|[/:,?&=._-]+/g;

/** The parts of a word, none of them wider than a line. */
function partsOf(word: string, width: number): string[] {
  return (word.match(PARTS) ?? [word]).flatMap((part) => {
    if (widthOf(part) <= width) return [part];
    const pieces: string[] = [""];
    for (const character of part) {
      if (widthOf(pieces.at(-1)! + character) > width) pieces.push("");
      pieces[pieces.length - 1] += character;
    }
    return pieces;
  });
}

/**
 * Folds a text into lines between words. A word that is wider than a line, such as an ARN, is folded between its parts,
 * and a part that is wider than a line is cut.
 * @example fold("applied archive", { width: 12, first: "- ", rest: "  " }) // ["- applied", "  archive"]
 */
export function fold(text: string, { width, first, rest }: Margins): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  const room = Math.max(width - widthOf(rest), 1);
  const add = (piece: string, space: string) => {
    const canFold = !isEmpty || widthOf(line) > widthOf(rest);
    if (canFold && widthOf(line + (isEmpty ? "" : space) + piece) > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? piece : space + piece;
    isEmpty = false;
  };
  for (const word of text.split(" ").filter(Boolean)) {
    const [head = word, ...tail] = widthOf(word) <= room ? [word] : partsOf(word, room);
    add(head, " ");
    for (const part of tail) add(part, "");
  }
  return [...lines, line].map((folded) => folded.replaceAll(NO_BREAK, " "));
}
