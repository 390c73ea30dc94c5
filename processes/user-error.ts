import { visibleLines } from "../pages/visible";

/** What a message says about a mistake. Every part but the first may be left out where the first says it already. */
export interface Mistake {
  /** What went wrong. */
  readonly what: string;
  /** The value or the state that was found. */
  readonly found?: string;
  /** What is allowed in its place. */
  readonly allowed?: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** What the program exits with. @default 1 */
  readonly exitCode?: number;
}

/**
 * An error that the person who runs the program can correct: a wrong map, an unknown option, a missing tool. Its message
 * is the whole text for that person, and a program prints it without a stack trace. Every other error is a bug of
 * this project, and keeps its stack trace.
 *
 * Files and answers of AWS give parts of messages. Characters in them that nobody sees, such as the controls of a terminal,
 * are escaped here, so that no message has them, wherever it is printed.
 * @example
 * throw new UserError({
 *   what: '--wave "canry": unknown.',
 *   allowed: "canary, early, rest",
 *   remedy: 'Did you mean "canary"?',
 * });
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** What the program exits with. */
  readonly exitCode: number;

  constructor({ what, exitCode = 1, ...parts }: Mistake, options?: { readonly cause?: unknown }) {
    super([visibleLines(what), ...labelled(parts)].join("\n"), options);
    this.exitCode = exitCode;
  }
}

/** The labels of the parts of a message, in their order. */
const LABELS = ["found", "allowed", "why", "remedy", "also"] as const;

/**
 * The parts of a message as indented lines, one label for each part. Further lines of a part stand below its first. Every
 * character can be seen.
 * @param indent spaces before each label
 */
export function labelled(
  parts: { readonly [Label in (typeof LABELS)[number]]?: string | undefined },
  indent = 2,
): string[] {
  return LABELS.flatMap((label) => {
    const text = parts[label];
    if (text === undefined) return [];
    const [first, ...more] = visibleLines(text).split("\n");
    const space = " ".repeat(indent);
    return [`${space}${label.padEnd(9)}${first}`, ...more.map((line) => `${space}${" ".repeat(9)}${line}`)];
  });
}
