/**
 * Characters that a reader cannot see, or that change how other characters are shown: controls, formats (bidirectional
 * overrides, zero-width characters, tags), private use, lone surrogates, separators of lines and paragraphs, spaces
 * other than the usual one, blank letters of Hangul and Braille, and the fourth and further combining marks in a row.
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0\u2800]|(?! )\p{Zs}|(?<=\p{M}{3})\p{M}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (character: string): string => {
  const code = character.codePointAt(0)!;
  const digits = code.toString(16);
  return SHORT[character] ?? (code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`);
};

/**
 * A text on one line in which every character can be seen. Values of AWS and of plans are attackers' input: a tag could contain
 * a right-to-left override, which would show its letters in another order than AWS reads them.
 * @example visible("a\u202eb\n") // "a\\u202eb\\n"
 */
export const visible = (text: string): string => (isPlain(text) ? text : text.replace(UNSEEN, escaped));

/**
 * A text with the same lines, in which every character can be seen.
 * @example visibleLines("a\u001b[2J\nb") // "a\\u001b[2J\nb"
 */
export const visibleLines = (text: string): string =>
  isPlain(text) ? text : text.split(/\r?\n/).map(visible).join("\n");

/** Most texts need no look at each character. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

/**
 * Sentences on one line. A line break is a sign between words: `\\n` would be read as letters of both words.
 * @example prose("Error: x\n\n  on y") // "Error: x ⏎ on y"
 */
export const prose = (sentences: string): string =>
  visible(sentences.trim().replace(/[ \t]*[\r\n]\s*/g, " ⏎ "));

const unitEscaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * The same JSON in which every character of a text can be seen. Line breaks between values stay.
 * @param json the result of JSON.stringify
 */
export const visibleJson = (json: string): string =>
  isPlain(json)
    ? json
    : json.replace(UNSEEN, (character) =>
        character === "\n" ? character : character.replace(/[^]/g, unitEscaped),
      );

/**
 * A value as indented JSON with a line end, for a terminal or a file. JSON.stringify writes some characters that a terminal obeys,
 * such as U+009B, as they are.
 */
export const jsonText = (value: unknown): string => `${visibleJson(JSON.stringify(value, null, 2))}\n`;

/** Whether a text begins in the middle of a pair of surrogates, where it must not be cut. */
const isSplit = (text: string, index: number): boolean => /[\udc00-\udfff]/.test(text.charAt(index));

/**
 * A text with at most a number of UTF-16 code units, and with its true length if it was longer. The end of a text is
 * kept as well, because names differ there.
 * @example clip("x".repeat(1000), 40) // "xxxxxxxxxxxx… [1,000 characters] …xxxx"
 */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = `… [${text.length.toLocaleString("en-US")} characters] …`;
  const kept = limit - note.length;
  // Too short for the note.
  if (kept < note.length) return `${text.slice(0, isSplit(text, limit - 1) ? limit - 2 : limit - 1)}…`;
  const tail = Math.floor(kept / 4);
  let [end, start] = [kept - tail, text.length - tail];
  if (isSplit(text, end)) end -= 1;
  if (isSplit(text, start)) start += 1;
  return text.slice(0, end) + note + text.slice(start);
}
