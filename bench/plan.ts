import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import exampleMap from "../__tests__/fixtures/example-map";
import { Fleet, withS3State } from "../__tests__/helpers/fleet";
import type { AccountsMap } from "../accounts/schema";
import { costOf, inWords, peakIn, sumOfCosts, WRITING_PEAK, type Cost } from "./cost";
import { writeRecordedFleet } from "./recorded-fleet";

/**
 * Measures `session-audit plan` and `session-audit review` on the embedded AWS: against cdktf, with `--changed-since`
 * against planning everything, over 2,000 recorded plans, and the API calls of one refresh.
 *
 * The lines `figure <name> <value> <unit>` are for programs. Most of their values are ratios of two measurements of the
 * same run, because seconds differ too much between machines, and on one machine as well while it has other work.
 * @example npx tsx bench/plan.ts | grep ^figure
 * @example npx tsx bench/plan.ts review calls # only these two of: cdktf, changed, review, calls
 */

const ROOT = resolve(__dirname, "..");
const BIN = join(ROOT, "fleet", "bin.mjs");

const say = (line: string) => void process.stdout.write(`${line}\n`);
const figure = (name: string, value: number, unit: string, digits = 2) =>
  say(`figure ${name} ${value.toFixed(digits)} ${unit}`);

/** A map of accounts without an archive, whose stacks are small, so that the start of the programs counts as on AWS. */
const mapOf = (count: number): AccountsMap => ({
  ...exampleMap,
  access: { attachToRoles: [] },
  archive: undefined,
  transcripts: { readers: ["arn:aws:iam::200000000000:role/session-reviewer"] },
  waves: undefined,
  accounts: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `a${index}`,
      { id: String(200000000000 + index), homeRegion: "us-east-1", regions: ["us-east-1"] },
    ]),
  ),
});

/** Runs `session-audit` of a clone in the directory of a fleet. */
const sessionAudit = (fleet: Fleet, status: number, args: readonly string[], bin = BIN, env = fleet.env) =>
  costOf([process.execPath, bin, ...args], { cwd: fleet.directory, env, status });

/** Deploys stacks, so that their next plans change nothing. */
async function deployed(fleet: Fleet, stacks: readonly string[]): Promise<void> {
  await sessionAudit(fleet, 2, ["plan", ...stacks, "--out", "first"]);
  await sessionAudit(fleet, 0, ["deploy", "first", "--no-converge-check"]);
}

/** 8 stacks without changes: one `session-audit plan` of all, and one `cdktf plan` after the other. */
async function againstCdktf(fleet: Fleet): Promise<void> {
  const stacks = Array.from({ length: 8 }, (_, index) => `account-a${index}`);
  fleet.write(withS3State(mapOf(stacks.length)));
  await deployed(fleet, stacks);
  const ours = await sessionAudit(fleet, 0, ["plan", ...stacks, "--out", "again"]);
  const outdir = fleet.path("cdktf.out");
  const env = { ...fleet.env, CDKTF_OUTDIR: outdir, CI: "true" };
  const theirs: Cost[] = [];
  for (const stack of stacks)
    theirs.push(
      await costOf(["npx", "cdktf", "plan", stack, "--skip-provider-lock", "--output", outdir], {
        cwd: ROOT,
        env,
        status: 0,
      }),
    );
  const cdktf = sumOfCosts(theirs);
  say(`8 unchanged stacks: session-audit plan ${inWords(ours)}; cdktf plan ${inWords(cdktf)}`);
  figure("plan-against-cdktf", cdktf.wall / ours.wall, "times");
  figure("plan-against-cdktf-cpu", cdktf.cpu / ours.cpu, "times");
}

/** A branch that changes one of many stacks: plans that one with `--changed-since`, and plans all of them. */
async function changedSince(fleet: Fleet, count: number): Promise<void> {
  const clone = mkdtempSync(join(tmpdir(), "session-audit-clone-"));
  try {
    execFileSync("git", ["clone", "--quiet", "--shared", ROOT, clone], { stdio: "ignore" });
    symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
    symlinkSync(join(ROOT, ".cache"), join(clone, ".cache"));
    const map = join(clone, "fleet.json");
    const written = withS3State(mapOf(count));
    const write = (changed: AccountsMap) => writeFileSync(map, JSON.stringify(changed));
    write(written);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], {
        cwd: clone,
        stdio: "ignore",
      });
    git("add", "fleet.json");
    git("commit", "--quiet", "-m", "the map");
    const first = { ...written.accounts["a0"]!, access: { operatorPolicy: false } };
    write({ ...written, accounts: { ...written.accounts, a0: first } });
    const env = {
      ...fleet.env,
      SESSION_AUDIT_ACCOUNTS: map,
      SESSION_AUDIT_WORKSPACE: fleet.path("workspace-of-clone"),
    };
    const bin = join(clone, "fleet", "bin.mjs");
    const plan = (...args: string[]) =>
      sessionAudit(fleet, 2, ["plan", "--kind", "account", ...args], bin, env);
    const one = await plan("--changed-since", "HEAD", "--out", "one");
    const all = await plan("--out", "all");
    say(`${count} stacks, one changed: --changed-since ${inWords(one)}; all of them ${inWords(all)}`);
    figure(`changed-since-against-all-${count}-stacks`, all.wall / one.wall, "times");
    figure(`changed-since-against-all-${count}-stacks-cpu`, all.cpu / one.cpu, "times");
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

/** Review of 2,000 recorded plans. */
async function review(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "session-audit-bench-"));
  try {
    const bytes = writeRecordedFleet(directory, 2_000);
    const memory = join(directory, "memory");
    const command = ["review", directory, "--format", "html", "--out", join(directory, "review.html")];
    const cost = await costOf([process.execPath, ...WRITING_PEAK, BIN, ...command], {
      cwd: directory,
      env: { ...process.env, BENCH_MEMORY: memory },
      status: 0,
    });
    const peak = peakIn(memory);
    say(
      `2,000 plans of ${Math.round(bytes / 1e6)} MB: review ${inWords(cost)}, ${Math.round(peak)} MB of memory`,
    );
    figure("review-2000-plans", cost.wall, "s");
    figure("review-2000-plans-cpu", cost.cpu, "s");
    figure("review-2000-plans-memory", peak, "MB", 0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The API calls of one refresh of a deployed session stack with its key, its log group, its bucket and its channels. */
async function calls(fleet: Fleet, seen: string[]): Promise<void> {
  fleet.write(withS3State(mapOf(1)));
  await deployed(fleet, ["session-a0-us-east-1"]);
  seen.length = 0;
  // The stack of the account comes along, so its calls are counted by themselves.
  await sessionAudit(fleet, 0, ["plan", "session-a0-us-east-1", "--out", "both"]);
  const both = seen.length;
  seen.length = 0;
  await sessionAudit(fleet, 0, ["plan", "account-a0", "--out", "account"]);
  const alone = seen.length;
  say(
    `one refresh: ${both} calls of a session stack and the stack of its account, ${alone} of the latter alone`,
  );
  figure("api-calls-of-a-session-stack", both - alone, "calls", 0);
}

type Part = "cdktf" | "changed" | "review" | "calls";

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const runs = (part: Part) => wanted.length === 0 || wanted.includes(part);
  const count = Number(process.env["BENCH_STACKS"] ?? 100);
  if (runs("review")) await review();
  const seen: string[] = [];
  const withFleet = async (work: (fleet: Fleet) => Promise<void>) => {
    const fleet = await Fleet.start({
      onCall: ({ service, operation }) => void seen.push(`${service}:${operation}`),
    });
    try {
      await work(fleet);
    } finally {
      await fleet.stop();
    }
  };
  if (runs("calls")) await withFleet((fleet) => calls(fleet, seen));
  if (runs("cdktf")) await withFleet(againstCdktf);
  if (runs("changed")) await withFleet((fleet) => changedSince(fleet, count));
}

void main();
