import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "./synth-child";

/**
 * Measures how long it takes to check and synthesize a map, in processes of their own, as ratios of one run: seconds
 * differ too much between machines. The floor is writing the same files from plain objects in memory.
 *
 * The last lines, `figure <name> <value> <unit>`, are for programs.
 * @example npx tsx bench/synth.ts | grep ^figure
 * @example npx tsx bench/synth.ts 1000 3000
 */

/** Numbers of accounts, each with two regions. The first is also synthesized by cdktf alone, which is slow. */
const given = process.argv.slice(2).map(Number);
const SIZES = given.length > 0 ? given : [100];

const directory = mkdtempSync(join(tmpdir(), "session-audit-bench-"));

function measure(what: string, accounts: number): Measured {
  const child = [join(__dirname, "synth-child.ts"), what, String(accounts), directory];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--require", "./processes/typescript.cjs", ...child],
    {
      cwd: join(__dirname, ".."),
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`${what} failed: ${stderr}`);
  const measured = JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
  const cells = [
    what.padEnd(8),
    String(measured.stacks).padStart(6),
    measured.cpu.toFixed(2).padStart(8),
    measured.wall.toFixed(2).padStart(8),
    ((measured.cpu / measured.stacks) * 1000).toFixed(2).padStart(12),
    measured.memory.toFixed(0).padStart(6),
  ];
  process.stdout.write(`${cells.join("  ")}\n`);
  return measured;
}

const figures: string[] = [];
const figure = (name: string, value: number, unit = "times") =>
  figures.push(`figure ${name} ${value.toFixed(2)} ${unit}\n`);
const perStack = ({ cpu, stacks }: Measured) => cpu / stacks;

try {
  process.stdout.write("what      stacks   CPU (s)  time (s)  ms per stack      MB\n");
  const stock = measure("stock", SIZES[0]!);
  const colds: Measured[] = [];
  for (const accounts of SIZES) {
    for (const old of readdirSync(directory)) rmSync(join(directory, old), { recursive: true });
    const cold = measure("cold", accounts);
    const floor = measure("floor", accounts);
    const warm = measure("warm", accounts);
    const changed = measure("changed", accounts);
    const one = measure("one", accounts);
    const name = `synth-${cold.stacks}-stacks`;
    figure(`${name}-cold-to-floor`, cold.cpu / floor.cpu);
    figure(`${name}-warm-to-floor`, warm.cpu / floor.cpu);
    figure(`${name}-one-account-changed-to-floor`, changed.cpu / floor.cpu);
    figure(`${name}-one-stack-to-cold`, one.cpu / cold.cpu);
    figure(`${name}-time-to-cpu`, cold.wall / cold.cpu);
    figure(`${name}-memory`, cold.memory, "MB");
    figure(`${name}-stock-to-cold-per-stack`, perStack(stock) / perStack(cold));
    colds.push(cold);
  }
  if (colds.length > 1) figure("synth-cost-growth", perStack(colds.at(-1)!) / perStack(colds[0]!));
  process.stdout.write(figures.join(""));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
