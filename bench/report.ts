import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { ReportLine, ReportSummary } from "../report/model";
import { costOf, inWords, peakIn, WRITING_PEAK, type Cost } from "./cost";
import { startFake } from "./fake-aws/start";

/**
 * Measures `session-audit report` in a process of its own against a fake of the AWS APIs on loopback, which is another
 * process: time, processor time and peak memory of the report alone.
 *
 * `BENCH_SESSIONS` has the numbers of sessions, over `BENCH_TARGETS` targets, and `BENCH_LARGEST` the numbers of sessions
 * of one single target. `BENCH_OPTIONS` are further options of the command, and `BENCH_NODE` options of Node.js.
 * @example npx tsx bench/report.ts | grep ^figure
 * @example BENCH_SESSIONS=10000 BENCH_LARGEST= BENCH_NODE="--cpu-prof --cpu-prof-dir=/tmp/profile" npx tsx bench/report.ts
 */

const ROOT = resolve(__dirname, "..");
const BIN = join(ROOT, "fleet", "bin.mjs");

/** Some of the fake's sessions are not recorded, so every report ends so. */
const UNRECORDED = 3;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const figure = (name: string, value: number, unit: string, digits = 2) =>
  say(`figure ${name} ${value.toFixed(digits)} ${unit}`);

const numbers = (name: string, usual: string): readonly number[] =>
  (process.env[name] ?? usual).split(",").filter(Boolean).map(Number);
const words = (name: string): readonly string[] => (process.env[name] ?? "").split(" ").filter(Boolean);

/** What one report took. */
interface Measured extends Cost {
  readonly sessions: number;
  readonly peak: number;
}

/** Runs the report over sessions that are spread over targets. @throws Error if it does not have every session */
async function measured(sessions: number, targets: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), "session-audit-bench-"));
  const fake = await startFake(directory, { sessions, targets });
  try {
    const [memory, stdout] = [join(directory, "memory"), join(directory, "report.ndjson")];
    const command = ["report", "--json", ...words("BENCH_OPTIONS")];
    const cost = await costOf([process.execPath, ...WRITING_PEAK, ...words("BENCH_NODE"), BIN, ...command], {
      cwd: directory,
      status: UNRECORDED,
      stdout,
      env: { ...fake.env, BENCH_MEMORY: memory },
    });
    await expectWhole(stdout, { sessions, targets });
    return { ...cost, sessions, peak: peakIn(memory) };
  } finally {
    await fake.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @throws Error unless a report covers every target, has a line for each session, and says so in its summary */
async function expectWhole(file: string, wanted: { readonly sessions: number; readonly targets: number }) {
  let [rows, last] = [0, ""];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.startsWith('{"type":"session"')) rows++;
    last = line;
  }
  const { type, aggregates, coveredTargets } = JSON.parse(last) as ReportLine & ReportSummary;
  const isWhole =
    type === "summary" &&
    coveredTargets === wanted.targets &&
    aggregates.rows === wanted.sessions &&
    rows === wanted.sessions;
  if (!isWhole) {
    throw new Error(`${rows} rows of ${wanted.sessions}, and the last line is ${last.slice(0, 500)}`);
  }
}

const inMs = ({ cpu, sessions }: Measured) => (cpu * 1000) / sessions;

async function main(): Promise<void> {
  const [targets = 2_000] = numbers("BENCH_TARGETS", "2000");
  const all: Measured[] = [];
  for (const sessions of numbers("BENCH_SESSIONS", "10000,100000,1000000")) {
    const one = await measured(sessions, targets);
    all.push(one);
    say(
      `${sessions} sessions, ${targets} targets: ${inWords(one)}, ${inMs(one).toFixed(2)} ms for each session, ` +
        `${Math.round(one.peak)} MB of memory`,
    );
    figure(`report-${sessions}`, one.wall, "s", 1);
    figure(`report-cpu-${sessions}`, one.cpu, "s", 1);
    figure(`cost-per-session-${sessions}`, inMs(one), "ms", 3);
    figure(`peak-memory-mb-${sessions}`, one.peak, "MB", 0);
  }
  const [fewest, ...more] = [...all].sort((one, other) => one.sessions - other.sessions);
  const most = more.at(-1);
  if (fewest && most) figure("cost-growth", inMs(most) / inMs(fewest), "times");
  for (const sessions of numbers("BENCH_LARGEST", "10000,50000")) {
    const one = await measured(sessions, 1);
    say(`${sessions} sessions of one target: ${inWords(one)}, ${Math.round(one.peak)} MB of memory`);
    figure(`peak-memory-mb-one-target-${sessions}`, one.peak, "MB", 0);
  }
}

void main();
