import { runInGroup, type GroupOutcome } from "./process-group";

/** How a child process ended. A program that cannot start is a `problem` like any other. */
export interface Outcome {
  stdout: string;
  /** Both streams in the order in which their text came. */
  output: string;
  /** Why the run failed, such as "it exited with 4". Absent when the process exited with 0. */
  problem?: string;
}

/** The two signals that end a program's children. {@link Interruption} has both. */
export interface ChildSignals {
  /** Asks children to end: SIGTERM to the child and to every process that it has started. */
  readonly signal?: AbortSignal;
  /** Kills children and every process that they have started. */
  readonly kill?: AbortSignal;
}

export interface RunOptions extends ChildSignals {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  timeoutSeconds: number;
  /** Receives each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
}

/**
 * Runs a program to its end with no standard input, and kills it after `timeoutSeconds`.
 * @throws the reason of `signal` or `kill` if one of them is aborted: a caller must not go on with other programs
 * @example
 * const { stdout, problem } = await run("terraform", ["version"], { env: process.env, timeoutSeconds: 30 });
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const { signal, kill, env, cwd, timeoutSeconds, onLine } = options;
  let unfinishedLine = "";
  const collect = (text: string): void => {
    const lines = (unfinishedLine + text).split(/\r?\n/);
    unfinishedLine = lines.pop() ?? "";
    for (const line of lines) onLine?.(line);
  };
  const ended = runInGroup(command, args, {
    ...{ cwd, env, timeoutSeconds, onText: collect },
    ...{ interrupt: signal, ask: "group", kill },
  });
  const outcome = await ended.catch((error: Error) => error);
  signal?.throwIfAborted();
  kill?.throwIfAborted();
  if (!("output" in outcome)) {
    return { stdout: "", output: "", problem: `it cannot be started (${outcome.message})` };
  }
  return { stdout: outcome.stdout, output: outcome.output, problem: problemOf(outcome, timeoutSeconds) };
}

function problemOf({ exitCode, endedBy, timedOut }: GroupOutcome, seconds: number): string | undefined {
  if (timedOut) return `it gave no answer in ${seconds} seconds`;
  if (exitCode === 0) return undefined;
  return exitCode === null ? `it was ended by ${endedBy}` : `it exited with ${exitCode}`;
}

/** The last lines that are not empty, indented so that they stand below a sentence. */
export function lastLines(output: string, count = 12): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}
