import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import exampleMap from "../__tests__/fixtures/example-map";
import type { AccountsMap } from "../accounts/schema";
import { checkMap } from "../stacks/read-organization";
import { addStacks } from "../stacks/synth";
import { withoutTokenTraces } from "../stacks/kit/token-traces";

/**
 * Measures how the time for checking and synthesizing a map grows with the number of accounts.
 *
 * The last lines, `figure <name> <value> <unit>`, are for programs. Their values are ratios of two measurements of the
 * same run, because seconds differ too much between machines.
 * @example npx tsx bench/synth.ts | grep ^figure
 */

/** The map of an organization with a number of workload accounts, each in two regions, and an archive account. */
function mapOf(accounts: number): AccountsMap {
  const workload = (index: number) => ({
    id: String(200000000000 + index),
    homeRegion: "eu-central-1",
    regions: ["eu-central-1", "us-east-1"],
    wave: "rest",
  });
  const entries = Array.from(
    { length: accounts },
    (_, index) => [`account-${index}`, workload(index)] as const,
  );
  return {
    ...exampleMap,
    accounts: { "log-archive": exampleMap.accounts["log-archive"]!, ...Object.fromEntries(entries) },
  };
}

/**
 * Checks and synthesizes a map.
 * @param around runs the synthesis; by default without cdktf's token traces, as `main.ts` does
 * @returns milliseconds for checking the map, milliseconds for synthesizing it, and the number of stacks
 */
function synthesize(
  map: AccountsMap,
  around: (run: () => void) => void = withoutTokenTraces,
): { checked: number; written: number; stacks: number } {
  const outdir = mkdtempSync(join(tmpdir(), "session-audit-bench-"));
  try {
    const start = performance.now();
    const organization = checkMap(map, "bench");
    const checked = performance.now();
    let stacks = 0;
    around(() => {
      const app = new App({ outdir });
      addStacks(app, organization);
      app.synth();
      stacks = app.node.children.length;
    });
    return { checked: checked - start, written: performance.now() - checked, stacks };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Prints one line for a program to read. The value is a ratio. */
const printFigure = (name: string, ratio: number) =>
  process.stdout.write(`figure ${name} ${ratio.toFixed(2)} times\n`);

// The first synthesis also pays for loading modules and for the JIT compiler, so it is not measured.
synthesize(mapOf(5));
const traced = synthesize(mapOf(50), (run) => run()).written;
const untraced = synthesize(mapOf(50)).written;

const SIZES = [10, 100, 300];
const rows = SIZES.map((accounts) => {
  const runs = Array.from({ length: accounts > 100 ? 1 : 3 }, () => synthesize(mapOf(accounts)));
  const stacks = runs[0]!.stacks;
  const perStack = median(runs.map(({ written }) => written)) / stacks;
  return { accounts, stacks, perStack, checked: median(runs.map(({ checked }) => checked)) / accounts };
});
const smallest = rows[0]!;
const largest = rows.at(-1)!;
process.stdout.write("accounts  stacks  ms per stack  ratio  ms per account to check  ratio\n");
for (const { accounts, stacks, perStack, checked } of rows) {
  const cells = [
    String(accounts).padStart(8),
    String(stacks).padStart(6),
    perStack.toFixed(2).padStart(12),
    (perStack / smallest.perStack).toFixed(2).padStart(5),
    checked.toFixed(2).padStart(23),
    (checked / smallest.checked).toFixed(2).padStart(5),
  ];
  process.stdout.write(`${cells.join("  ")}\n`);
}
printFigure("synth-token-traces-cost", traced / untraced);
printFigure(`synth-cost-growth-${largest.accounts}-accounts`, largest.perStack / smallest.perStack);
printFigure(`check-cost-growth-${largest.accounts}-accounts`, largest.checked / smallest.checked);
