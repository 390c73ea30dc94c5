import { createInterface } from "node:readline/promises";
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
 * Prints an error: a {@link UserError} as its message alone, every other error with its stack trace.
 * @returns the exit code of the program
 */
export function reportError(error: unknown, stderr: Output): number {
  if (error instanceof UserError) {
    stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
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

/** Asks at the terminal. The question goes to stderr, because stdout may be a file. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Runs a program with the arguments, the streams and the environment of this process, and sets its exit code. */
export async function start(run: Program): Promise<void> {
  const { stdout, stderr, env } = process;
  // A reader that leaves early, such as `| head` or a closed terminal, is no error of the program.
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
  const io: Io = {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    ...(process.stdin.isTTY && stderr.isTTY && { ask }),
  };
  process.exitCode = await run(process.argv.slice(2), io);
}
