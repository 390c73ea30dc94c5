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
 * How synth grows with an organization, as ratios within this run: machines are noisy, seconds say little.
 * Run it with `npx tsx bench/synth.ts`. For the whole command: `hyperfine 'npx tsx main.ts'`.
 */

/** A map of so many workload accounts, each in two regions, with an archive. */
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

/** Milliseconds to check and to synthesize a map, and the number of stacks. */
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

synthesize(mapOf(5)); // warms the compiler up
const traced = synthesize(mapOf(50), (run) => run()).written;
const untraced = synthesize(mapOf(50)).written;
process.stdout.write(
  `with cdktf's token traces, synth takes ${(traced / untraced).toFixed(1)} times as long\n`,
);

const SIZES = [10, 100, 300];
const rows = SIZES.map((accounts) => {
  const runs = Array.from({ length: accounts > 100 ? 1 : 3 }, () => synthesize(mapOf(accounts)));
  const stacks = runs[0]!.stacks;
  const perStack = median(runs.map(({ written }) => written)) / stacks;
  return { accounts, stacks, perStack, checked: median(runs.map(({ checked }) => checked)) / accounts };
});
const base = rows[0]!;
process.stdout.write("accounts  stacks  ms per stack  ratio  ms per account to check  ratio\n");
for (const { accounts, stacks, perStack, checked } of rows) {
  const cells = [
    String(accounts).padStart(8),
    String(stacks).padStart(6),
    perStack.toFixed(2).padStart(12),
    (perStack / base.perStack).toFixed(2).padStart(5),
    checked.toFixed(2).padStart(23),
    (checked / base.checked).toFixed(2).padStart(5),
  ];
  process.stdout.write(`${cells.join("  ")}\n`);
}
