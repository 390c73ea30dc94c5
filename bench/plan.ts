import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import exampleMap from "../__tests__/fixtures/example-map";
import { Fleet, withS3State } from "../__tests__/helpers/fleet";
import type { AccountsMap } from "../accounts/schema";

/**
 * Compares `session-audit plan` with `cdktf plan`, stack by stack, on the same unchanged stacks of the embedded AWS.
 *
 * The last line, `figure <name> <value> <unit>`, is for programs. Its value is a ratio of two measurements of the same
 * run, because seconds differ too much between machines.
 * @example npx tsx bench/plan.ts | grep ^figure
 */

const ROOT = resolve(__dirname, "..");

/** Eight accounts whose stacks are small, so that the start of the provider and of cdktf counts, as on AWS. */
const MAP: AccountsMap = withS3State({
  ...exampleMap,
  access: { attachToRoles: [] },
  archive: undefined,
  transcripts: { readers: ["arn:aws:iam::200000000000:role/session-reviewer"] },
  waves: undefined,
  accounts: Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [
      `account-${index}`,
      { id: String(200000000000 + index), homeRegion: "eu-central-1", regions: ["eu-central-1"] },
    ]),
  ),
});
const STACKS = Array.from({ length: 8 }, (_, index) => `account-account-${index}`);

/** Seconds that a function takes. */
async function seconds(work: () => Promise<void> | void): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function main(): Promise<void> {
  const fleet = await Fleet.start();
  try {
    fleet.write(MAP);
    const expect = async (status: number, ...argv: string[]) => {
      const outcome = await fleet.run(...argv);
      if (outcome.status !== status) throw new Error(`${argv.join(" ")}: ${outcome.stdout}${outcome.stderr}`);
    };
    await expect(2, "plan", ...STACKS, "--out", "first");
    await expect(0, "deploy", "first", "--no-converge-check");
    const ours = await seconds(() => expect(0, "plan", ...STACKS, "--out", "again"));
    const cdktf = await seconds(() => {
      for (const stack of STACKS) {
        const { status, stdout, stderr } = spawnSync(
          "npx",
          ["cdktf", "plan", stack, "--skip-provider-lock", "--output", fleet.path("cdktf.out")],
          { cwd: ROOT, env: { ...fleet.env, CDKTF_OUTDIR: fleet.path("cdktf.out") }, encoding: "utf8" },
        );
        if (status !== 0) throw new Error(`cdktf plan ${stack}: ${stdout}${stderr}`);
      }
    });
    process.stdout.write(
      `8 unchanged stacks: session-audit plan ${ours.toFixed(1)} s, cdktf plan ${cdktf.toFixed(1)} s\n`,
    );
    process.stdout.write(`figure plan-against-cdktf ${(cdktf / ours).toFixed(2)} times\n`);
  } finally {
    await fleet.stop();
  }
}

void main();
