import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { Fleet, withS3State } from "../__tests__/helpers/fleet";
import { pipelineOf } from "../stacks/names";
import { checkMap } from "../stacks/read-organization";
import type { AccountsMap } from "../accounts/schema";

/**
 * Measures plan, deploy and drift by workers on the embedded AWS: wall time, processor time of the workers, and API calls
 * by service. docs/scale.md has a model for many workers, and compares it with these figures.
 * @example npx tsx bench/distributed.ts
 * @example BENCH_STACKS=32 BENCH_WORKERS=2 npx tsx bench/distributed.ts
 */
const STACKS = Number(process.env["BENCH_STACKS"] ?? 32);
const WORKERS = Number(process.env["BENCH_WORKERS"] ?? 2);

const REGION = "eu-central-1";
const ROOT = resolve(__dirname, "..");
const MAP: AccountsMap = withS3State({
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  trail: "existing",
  transcripts: { bucket: "none" },
  preferences: { enforce: { s3: false } },
  notifications: { activity: { enabled: false }, security: { enabled: false } },
  protect: false,
  pipeline: { account: { id: "123456789012" }, region: REGION },
  accounts: Object.fromEntries(
    Array.from({ length: STACKS / 2 }, (_, index) => [
      `a${index}`,
      { id: String(200000000000 + index), homeRegion: REGION, regions: [REGION] },
    ]),
  ),
});

/** Clock ticks in a second of processor time, in /proc on Linux. */
const TICKS = 100;

/**
 * Processor seconds of a process and of all that it has started and waited for. Unlike the time that passes, they hardly
 * depend on what else a machine does.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const calls = new Map<string, number>();
  const organization = checkMap(MAP, "map");
  const fleet = await Fleet.start({
    organization: { id: organization.id!, accounts: organization.accounts.map(({ id }) => id) },
    executesStateMachines: true,
    onCall: ({ service }) => calls.set(service, (calls.get(service) ?? 0) + 1),
  });
  try {
    Object.assign(fleet.env, { AWS_REGION: REGION });
    fleet.write(MAP);
    const prepared = [
      await fleet.run("plan", "--kind", "pipeline", "--out", "pipeline"),
      await fleet.run("deploy", "pipeline", "--no-converge-check"),
    ];
    if (prepared[1]!.status !== 0) throw new Error(JSON.stringify(prepared));
    const { queueUrl } = pipelineOf(organization, organization.pipeline!);
    const workers = Array.from({ length: WORKERS }, (_, index) => {
      const words = ["worker", "--queue", queueUrl, "--directory", `worker-${index}`];
      const child = spawn(process.execPath, [join(ROOT, "fleet", "bin.mjs"), ...words], {
        cwd: fleet.directory,
        env: fleet.env,
        stdio: "ignore",
      });
      return { child, ended: once(child, "exit") };
    });
    const ids = ["account-*", "session-*"];
    const some = ["--workers", String(WORKERS)];
    for (const [what, ...argv] of [
      ["full plan", "distribute", "plan", ...ids, ...some, "--out", "first"],
      ["deploy", "distribute", "deploy", "first", ...some, "--no-converge-check"],
      ["plan without changes", "distribute", "plan", ...ids, ...some, "--out", "second"],
      ["drift", "distribute", "drift", ...ids, ...some],
    ] as const) {
      calls.clear();
      const used = () => workers.reduce((sum, { child }) => sum + processorSeconds(child.pid!), 0);
      const usedBefore = used();
      const began = Date.now();
      const { status, stdout, stderr } = await fleet.run(...argv);
      if (status === 1) throw new Error(`${what}: ${stdout}\n${stderr}`);
      const seconds = (Date.now() - began) / 1000;
      const cpu = used() - usedBefore;
      const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
      const shown = [...calls].sort((a, b) => b[1] - a[1]).map(([service, count]) => `${service} ${count}`);
      const rates = `${(cpu / STACKS).toFixed(1)} s of processor time and ${(all / STACKS).toFixed(0)} calls a stack`;
      say(
        `${what}: ${STACKS} stacks, ${WORKERS} workers, ${seconds.toFixed(0)} s; ${rates} (${shown.join(", ")})`,
      );
    }
    for (const { child } of workers) child.kill("SIGINT");
    await Promise.all(workers.map(({ ended }) => ended));
  } finally {
    await fleet.stop();
  }
}

void main();
