import { clip, visible } from "../../pages/visible";

/**
 * What a session wrote, as steps that are safe to show. A session's text is attackers' input: its escape sequences could
 * change the title of a window, write to the clipboard, hide text, or answer as if somebody had typed. A step therefore
 * is one of few things, and everything else becomes a mark that a reader sees.
 */
export type Step =
  /** Text in which every character can be seen. */
  | string
  /** What was in the text and has no effect, made visible. */
  | readonly ["mark", string]
  /** How the following text looks. */
  | readonly ["style", Style]
  | readonly ["move", Move];

/**
 * `line` begins a new line, `return` goes to the beginning of the line, `back` one character to the left, and `tab` to
 * the next multiple of eight. The others clear the line: from the cursor, up to the cursor, and all of it.
 */
export type Move = "line" | "return" | "back" | "tab" | "clear-right" | "clear-left" | "clear-all";

/** How text looks. Colours that a background could swallow are left out, and so are backgrounds and concealed text. */
export interface Style {
  readonly bold: boolean;
  readonly underlined: boolean;
  /** 1 to 6 are red, green, yellow, blue, magenta and cyan; null: the usual colour. */
  readonly colour: number | null;
}

export const PLAIN: Style = { bold: false, underlined: false, colour: null };

/** What begins with an escape, and single controls. @see https://vt100.net/emu/dec_ansi_parser */
const SEQUENCE = new RegExp(
  [
    // CSI: parameters, intermediates, and the final character, which says what it is.
    "\\u001b\\[(?<parameters>[0-?]*)(?<intermediates>[ -/]*)(?<final>[@-~])",
    // OSC, DCS, SOS, PM and APC: text up to a terminator. A line that it would hide is shown instead.
    "\\u001b[\\]PX^_][^\\n\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)",
    // Two-character sequences, and those that choose a set of characters.
    "\\u001b[ -/]*[0-Z\\\\^-~]",
    "[\\u0000-\\u001f\\u007f]",
  ].join("|"),
  "g",
);

const MOVES: Readonly<Record<string, Move>> = { "\n": "line", "\r": "return", "\b": "back", "\t": "tab" };
const CLEARS: Readonly<Record<string, Move>> = {
  "": "clear-right",
  "0": "clear-right",
  "1": "clear-left",
  "2": "clear-all",
};

/** Characters of a mark. A sequence may be as long as its author likes. */
const LONGEST_MARK = 60;

/**
 * The steps of a text. A sequence that the text ends in the middle of is no sequence: its escape becomes a mark, and what
 * follows is text.
 * @param style how text looks before the first step
 * @example stepsOf("\u001b[31mno\u001b]0;title\u0007") // [["style", …red], "no", ["mark", "␛]0;title␇"]]
 */
export function stepsOf(text: string, style: Style = PLAIN): Step[] {
  const steps: Step[] = [];
  let [position, current] = [0, style];
  for (const match of text.matchAll(SEQUENCE)) {
    addText(steps, text.slice(position, match.index));
    position = match.index + match[0].length;
    const step = stepOf(match, current);
    if (Array.isArray(step) && step[0] === "style") current = step[1] as Style;
    steps.push(step);
  }
  addText(steps, text.slice(position));
  return steps;
}

/** How text looks after some steps. */
export const styleAfter = (steps: readonly Step[], before: Style): Style =>
  steps.reduce<Style>(
    (style, step) => (typeof step !== "string" && step[0] === "style" ? step[1] : style),
    before,
  );

function stepOf(match: RegExpExecArray, style: Style): Step {
  const [whole] = match;
  const move = MOVES[whole];
  if (move !== undefined) return ["move", move];
  const { parameters = "", intermediates = "", final } = match.groups!;
  if (intermediates === "" && !/[<-?]/.test(parameters)) {
    if (final === "m") return ["style", styled(style, parameters)];
    const clear = final === "K" ? CLEARS[parameters] : undefined;
    if (clear !== undefined) return ["move", clear];
  }
  return ["mark", clip(pictured(whole), LONGEST_MARK)];
}

/** A sequence in which controls are the pictures that Unicode has of them. */
const pictured = (sequence: string): string =>
  visible(
    sequence
      .replace(/[\u0000-\u001f]/g, (one) => String.fromCharCode(0x2400 + one.charCodeAt(0)))
      .replace(/\u007f/g, "␡"),
  );

/** Adds text. Characters that nobody sees become marks. */
function addText(steps: Step[], text: string): void {
  if (text === "") return;
  const shown = visible(text);
  if (shown === text) {
    steps.push(text);
    return;
  }
  for (const character of text.match(/[^](?:\p{M}*)/gu)!) {
    const seen = visible(character);
    const last = steps.at(-1);
    if (seen !== character) steps.push(["mark", clip(seen, LONGEST_MARK)]);
    else if (typeof last === "string") steps[steps.length - 1] = last + character;
    else steps.push(character);
  }
}

/** Parameters of a colour of 256, and of one of red, green and blue. */
const OF_COLOURS: Readonly<Record<string, number>> = { "5": 1, "2": 3 };

/** The style after a sequence that ends with `m`. @see https://vt100.net/docs/vt510-rm/SGR.html */
function styled(before: Style, parameters: string): Style {
  let style = before;
  const codes = parameters.split(/[;:]/);
  for (let index = 0; index < codes.length; index++) {
    const code = Number(codes[index]);
    if (code === 0) style = PLAIN;
    else if (code === 1 || code === 22) style = { ...style, bold: code === 1 };
    else if (code === 4 || code === 24) style = { ...style, underlined: code === 4 };
    else if (code === 38 || code === 48 || code === 58)
      index += 1 + (OF_COLOURS[codes[index + 1] ?? ""] ?? 0);
    else if ((code >= 30 && code <= 39) || (code >= 90 && code <= 97))
      style = { ...style, colour: colourOf(code % 10) };
  }
  return style;
}

const colourOf = (digit: number): number | null => (digit >= 1 && digit <= 6 ? digit : null);
