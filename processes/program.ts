import { createInterface } from "node:readline/promises";
import { visibleLines } from "../pages/visible";
import { INTERRUPTED } from "./interruption";
import { systemError } from "./system-error";
import { UserError } from "./user-error";

/** Where a program writes. `process.stdout` and `process.stderr` are such streams. */
export interface Output {
  write(text: string): unknown;
  /** Whether a terminal shows the text. */
  readonly isTTY?: boolean;
  /** Width of the terminal, in characters. */
  readonly columns?: number;
}

/** All that a program gets from its surroundings, so that tests run it in their own process. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Asks the person at the terminal, and returns the answer. Absent where there is no terminal. */
  readonly ask?: (question: string) => Promise<string>;
  /** Absolute path: relative paths on the command line and in variables start here. */
  readonly cwd: string;
}

/**
 * A program: it prints to the streams of `io` and returns its exit code.
 * @param argv the words of the command line after the name of the program
 */
export type Program = (argv: readonly string[], io: Io) => number | Promise<number>;

/**
 * Prints an error: one that a person can correct, such as a {@link UserError} or a full disk, as its message alone, every
 * other error with its stack trace.
 * @returns the exit code of the program
 */
export function reportError(error: unknown, stderr: Output): number {
  const correctable = error instanceof UserError ? error : systemError(error);
  if (correctable !== undefined) {
    stderr.write(`${correctable.message}\n`);
    return correctable.exitCode;
  }
  stderr.write(`${visibleLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  return 1;
}

/** Makes a program from a function: an error that the function throws is printed, and decides about the exit code. */
export const program =
  (work: Program): Program =>
  async (argv, io) => {
    try {
      return await work(argv, io);
    } catch (error) {
      return reportError(error, io.stderr);
    }
  };

/**
 * Asks at a terminal.
 * @param output where the question goes: stderr, because stdout may be a file
 * @throws UserError with exit code 130 if a Ctrl-C or a Ctrl-D comes instead of an answer
 */
export async function askAt(
  { input, output }: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream },
  question: string,
): Promise<string> {
  const terminal = createInterface({ input, output });
  // readline then closes, and leaves the question unanswered for ever.
  const closed = new Promise<never>((_, reject) => {
    terminal.once("close", () => {
      output.write("\n");
      reject(new UserError({ what: "the question was not answered.", exitCode: INTERRUPTED }));
    });
  });
  try {
    return await Promise.race([terminal.question(visibleLines(question)), closed]);
  } finally {
    terminal.removeAllListeners("close");
    terminal.close();
  }
}

/** Whether an error of a stream says that its reader has left, such as `| head` or a closed terminal. */
const readerHasLeft = ({ code }: NodeJS.ErrnoException, { isTTY }: Output): boolean =>
  code === "EPIPE" || (code === "EIO" && isTTY === true);

/**
 * Runs a program with the arguments, the streams and the environment of this process, and sets its exit code. The code is
 * 1 if what the program prints cannot be written, such as onto a full disk, or if anything ends the process before the
 * program has ended.
 */
export async function start(run: Program): Promise<void> {
  const { stdout, stderr, env } = process;
  let isUnwritten = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that leaves early is no error of the program. A full disk is one error, and each further line repeats it.
    if (isUnwritten || readerHasLeft(error, stdout)) return;
    isUnwritten = true;
    process.exitCode = reportError(Object.assign(error, { path: "the standard output" }), stderr);
  });
  // Nothing is left to say it on.
  stderr.on("error", () => undefined);
  // A map is a program too, and could end this one as if all were well. A process also ends when nothing is left to wait for.
  const endedEarly = (code: number) => {
    if (code !== 0) return;
    process.exitCode = reportError(
      new UserError({
        what: "the process was ended before the program had done its work.",
        remedy: "A map in TypeScript or JavaScript exports data alone. Take process.exit out of it.",
      }),
      stderr,
    );
  };
  process.on("exit", endedEarly);
  const io: Io = {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    ...(process.stdin.isTTY &&
      stderr.isTTY && {
        ask: (question: string) => askAt({ input: process.stdin, output: stderr }, question),
      }),
  };
  const code = await run(process.argv.slice(2), io);
  process.off("exit", endedEarly);
  process.exitCode = isUnwritten ? 1 : code;
}
