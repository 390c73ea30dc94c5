import { spawn } from "node:child_process";

/** How a child process ended. It never throws: a program that cannot start is a `problem` like any other. */
export interface Outcome {
  stdout: string;
  /** Both streams in the order they came. */
  output: string;
  /** Absent when the process exited with 0. */
  problem?: string;
}

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  timeoutSeconds: number;
  /** Receives each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a program to its end with no standard input; kills it after `timeoutSeconds`. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let stdout = "";
    let output = "";
    let unfinishedLine = "";
    let timedOut = false;

    const collect = (text: string): void => {
      output += text;
      const lines = (unfinishedLine + text).split(/\r?\n/);
      unfinishedLine = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(line);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      collect(text);
    });
    child.stderr.setEncoding("utf8").on("data", collect);

    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, options.timeoutSeconds * 1000);
    const end = (problem?: string): void => {
      clearTimeout(timer);
      resolve({ stdout, output, problem });
    };
    child.on("error", (error) => end(`it cannot be started (${error.message})`));
    child.on("close", (code, signal) => {
      if (timedOut) end(`it gave no answer in ${options.timeoutSeconds} seconds`);
      else if (code === 0) end();
      else end(code === null ? `it was ended by ${signal}` : `it exited with ${code}`);
    });
  });
}

/** The last lines that say something, indented to stand below a sentence. */
export function lastLines(output: string, count = 12): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}
