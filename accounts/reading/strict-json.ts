import { UserError } from "../../processes/user-error";

/**
 * Parses a file that commands write as JSON.
 * @param file its name in errors
 * @throws UserError with the line and the column of the first character that is no JSON
 */
export function strictJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Only some messages of Node.js have a position, and not the same ones in every version.
    const at = faultIn(text);
    const before = text.slice(0, at).split("\n");
    throw new UserError({
      what: `${file}:${before.length}:${before.at(-1)!.length + 1}: ${describe(text, at)}`,
      allowed:
        "JSON as commands write it: double quotes, no comma before } or ], no comments, no byte order mark",
      remedy: "Restore the file from version control, or remove it and run the command again that writes it.",
    });
  }
}

function describe(text: string, at: number): string {
  if (at === text.length) return "the JSON is not complete.";
  // Node.js reads the bytes of another encoding as U+FFFD.
  if (/[\ufeff\ufffd]/.test(text[at]!)) return "a byte order mark or another encoding than UTF-8 is no JSON.";
  return `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))} is no JSON.`;
}

/** Strings, numbers and words of JSON. @see https://www.rfc-editor.org/rfc/rfc8259 */
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = new RegExp(
  `${STRING.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null`,
  "y",
);

/** Where JSON ends in a text that is none: the index of the first character that cannot follow what is before it. */
function faultIn(text: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const taken = pattern.test(text);
    if (taken) at = pattern.lastIndex;
    while (/[ \t\r\n]/.test(text.charAt(at))) at++;
    return taken;
  };
  /** Entries between brackets, with commas between them. */
  const list = (close: RegExp, entry: () => boolean): boolean => {
    if (take(close)) return true;
    do if (!entry()) return false;
    while (take(/,/y));
    return take(close);
  };
  const value = (): boolean => {
    if (take(/\{/y)) return list(/\}/y, () => take(STRING) && take(/:/y) && value());
    if (take(/\[/y)) return list(/\]/y, value);
    return take(SCALAR);
  };
  take(/(?:)/y);
  value();
  return at;
}
