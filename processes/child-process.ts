import { runInGroup, type GroupOutcome } from "./process-group";

/** How a child process ended. A program that cannot start is a `problem` like any other. */
export interface Outcome {
  stdout: string;
  /** Both streams in the order in which their text came. */
  output: string;
  /** Why the run failed, such as "it exited with 4". Absent when the process exited with 0. */
  problem?: string;
}

/** Two AbortSignals: one asks children to end, the other kills them. `Interruption` in interruption.ts provides both. */
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
  /** Receives each line of stdout and stderr as it comes. A last line without an end comes when the program has ended. */
  onLine?: (line: string) => void;
}

/**
 * Runs a program to its end with no standard input, and kills it after `timeoutSeconds`.
 * @throws the abort reason, even if the program had already ended, so that the caller does not start another program
 * @example
 * const { stdout, problem } = await run("terraform", ["version"], { env: process.env, timeoutSeconds: 30 });
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const { signal, kill, env, cwd, timeoutSeconds, onLine } = options;
  // One for each stream, because half a line of one may come between two halves of the other.
  const unfinished = { stdout: "", stderr: "" };
  const onText = (text: string, stream: "stdout" | "stderr"): void => {
    const lines = (unfinished[stream] + text).split(/\r?\n/);
    unfinished[stream] = lines.pop() ?? "";
    for (const line of lines) onLine?.(line);
  };
  const throwIfAborted = () => {
    signal?.throwIfAborted();
    kill?.throwIfAborted();
  };
  let outcome: GroupOutcome;
  try {
    outcome = await runInGroup(command, args, {
      cwd,
      env,
      timeoutSeconds,
      onText,
      interrupt: signal,
      ask: "group",
      kill,
    });
  } catch (error) {
    throwIfAborted();
    return { stdout: "", output: "", problem: `it cannot be started (${(error as Error).message})` };
  }
  throwIfAborted();
  for (const line of Object.values(unfinished)) if (line !== "") onLine?.(line);
  return { stdout: outcome.stdout, output: outcome.output, problem: problemOf(outcome, timeoutSeconds) };
}

function problemOf({ exitCode, endedBy, timedOut }: GroupOutcome, seconds: number): string | undefined {
  if (timedOut) return `it did not finish within ${seconds} seconds and was killed`;
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
