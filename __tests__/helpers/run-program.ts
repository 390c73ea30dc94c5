import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { Program } from "../../processes/program";
import { TSX } from "./tsx";

const ROOT = resolve(__dirname, "..", "..");

/** How a run of a program ended, and what it has printed. */
export interface ProgramOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program in the process of the test.
 * @param env variables on top of the environment of the test
 */
export async function runProgram(
  program: Program,
  argv: readonly string[],
  { env = {}, cwd = ROOT }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<ProgramOutcome> {
  let [stdout, stderr] = ["", ""];
  const status = await program(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { ...process.env, ...env },
    cwd,
  });
  return { status, stdout, stderr };
}

/**
 * Runs a file of the project with tsx in a process of its own, as npm and cdktf do.
 * @param env variables on top of the environment of the test
 */
export function spawnProgram(
  file: string,
  argv: readonly string[],
  { env = {}, cwd = ROOT }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): ProgramOutcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...TSX, resolve(ROOT, file), ...argv], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}
