import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a command took. */
export interface Cost {
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Seconds of processor time, of the command and of every process that it has started and waited for. */
  readonly cpu: number;
}

/** How a command is run. */
export interface CostOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The exit code of a run that counts. */
  readonly status: number;
  /** File for what the command prints to stdout. @default it is read, and shown if the command fails */
  readonly stdout?: string;
}

/** Bash times what it runs, children included. Its words go into a file, apart from what the command prints. */
const TIMED = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3; } 3>&2 2>"$BENCH_COST"';

/**
 * Runs a command, and measures what it took.
 * @throws Error with what the command printed, if it ends with another exit code
 */
export async function costOf(
  command: readonly string[],
  { cwd, env, status: wanted, stdout }: CostOptions,
): Promise<Cost> {
  const directory = mkdtempSync(join(tmpdir(), "session-audit-cost-"));
  const file = join(directory, "cost");
  const printed = stdout === undefined ? null : openSync(stdout, "w");
  try {
    const child = spawn("bash", ["-c", TIMED, "bench", ...command], {
      cwd,
      env: { ...env, BENCH_COST: file },
      stdio: ["ignore", printed ?? "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    const [status] = (await once(child, "close")) as [number | null];
    if (status !== wanted) throw new Error(`${command.join(" ")} ended with ${status}:\n${output}`);
    const [wall = NaN, user = NaN, system = NaN] = readFileSync(file, "utf8").trim().split(" ").map(Number);
    return { wall, cpu: user + system };
  } finally {
    if (printed !== null) closeSync(printed);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Arguments of Node.js with which a process writes the peak of its memory, in KB, to the file in `BENCH_MEMORY`. */
export const WRITING_PEAK: readonly string[] = [
  "--import",
  `data:text/javascript,${encodeURIComponent(
    'import { writeFileSync } from "node:fs"; process.on("exit", () => writeFileSync(process.env.BENCH_MEMORY, String(process.resourceUsage().maxRSS)));',
  )}`,
];

/** The peak that a process has written to a file, in MB. */
export const peakIn = (file: string): number => Number(readFileSync(file, "utf8")) / 1024;

/** The costs of commands that ran one after the other. */
export const sumOfCosts = (costs: readonly Cost[]): Cost => ({
  wall: costs.reduce((sum, { wall }) => sum + wall, 0),
  cpu: costs.reduce((sum, { cpu }) => sum + cpu, 0),
});

/** A cost as people read it. */
export const inWords = ({ wall, cpu }: Cost): string =>
  `${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of processor time`;
