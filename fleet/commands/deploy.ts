import { readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import pLimit from "p-limit";
import { onDrain, type Drain } from "../../processes/drain";
import { UserError } from "../../processes/user-error";
import { prepareTerraform } from "../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../toolchain/aws-provider";
import { version as PROGRAM_VERSION } from "../../package.json";
import { EXIT, newCommand, type Context } from "../command";
import { approve, refuseWithoutApproval } from "../deploy/approval";
import { Deployer } from "../deploy/deployer";
import { holdFolder, refuseRunning, thisHolder } from "../deploy/hold";
import { Journal } from "../deploy/journal";
import { fileStore, s3Store } from "../deploy/journal-stores";
import { refuseUnfit } from "../deploy/readiness";
import { countsOf, describeOutcome, junitOf, summaryOf } from "../deploy/report";
import { rollOut, stepsOf, type StackReport, type Step } from "../deploy/rollout";
import { collect, parallelOf, PROJECT } from "../options";
import { MANIFEST, readManifest, type Manifest } from "../plan-folder";
import { FleetProgress } from "../progress";
import { refuseUnknown } from "../selection";
import { Terraform } from "../terraform";
import { sha256, Workspace } from "../workspace";

const EXAMPLES = `
The deployment keeps a journal in the plan folder. After a Ctrl-C, a crash or a lost machine,
--resume applies what is left, and no plan twice.

A first Ctrl-C starts no further stack and lets the running ones end. A second one asks Terraform
to stop soon and to save its state. A third one kills it.

Examples:
  Deploy the first wave, and the others after a look at it:
    npx session-audit deploy plans/monday --until canary
    npx session-audit deploy plans/monday --resume
  Deploy in a pipeline whose approval step has passed:
    npx session-audit deploy plans/monday --approve rest

Exit codes:
  0    everything that was to be deployed is deployed
  1    a stack failed or is not as planned, or the plan folder cannot be deployed
  130  interrupted`;

interface DeployOptions {
  readonly until?: string;
  readonly approve?: string[];
  readonly resume?: boolean;
  readonly takeOver?: boolean;
  readonly reconcile?: boolean;
  readonly convergeCheck: boolean;
  readonly journal?: string;
  readonly parallel?: string;
  readonly lockTimeout: string;
  readonly json?: boolean;
}

/** `session-audit deploy`: applies the plans of a plan folder. */
export const deployCommand = (context: Context): Command =>
  newCommand("deploy", context)
    .description(
      "Applies exactly the plans of a plan folder, wave by wave. It refuses a plan whose state, checksum or " +
        "program has changed since it was made.",
    )
    .argument("<folder>", "a plan folder that session-audit plan or merge has made")
    .option("--until <wave>", "stop after this wave")
    .option("--approve <wave>", "approve a wave for which the map demands it (may be repeated)", collect)
    .option("--resume", "go on with a deployment of this folder that was begun before")
    .option("--take-over", "with --resume: the machine that began the deployment is lost")
    .option(
      "--reconcile",
      "plan a stack again if its state has moved on, and apply that plan if it means the same",
    )
    .option("--no-converge-check", "do not plan each stack again after its apply")
    .option("--journal <url>", "keep the journal in S3: s3://<bucket>/<prefix>")
    .option("--parallel <number>", "how many stacks to deploy side by side (default: by cores and memory)")
    .option("--lock-timeout <duration>", "how long to wait for a locked state, like 60s", "60s")
    .option("--json", "print the report as JSON instead of a summary")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, options: DeployOptions) => {
      const { screen } = context;
      const stages = [
        "no further stack is started; those that run go on to their end",
        "asking Terraform to stop soon and to save its state",
        "killing Terraform",
      ] as const;
      const drain = onDrain((stage, signal) =>
        screen.print(`${signal}: ${stages[stage - 1]}`, { rest: "  " }),
      );
      try {
        await deploy(context, drain, name, options);
      } catch (error) {
        // Whatever fails after Terraform was asked to stop fails because of it.
        if (!drain.interrupt.aborted || error instanceof UserError) throw error;
        context.exit(EXIT.interrupted);
      } finally {
        drain.release();
      }
    });

async function deploy(context: Context, drain: Drain, name: string, options: DeployOptions): Promise<void> {
  const { io, screen, exit } = context;
  const note = (text: string) => screen.print(text, { rest: "  " });
  const folder = resolve(io.cwd, name);
  const parallel = parallelOf(options.parallel);
  const manifest = await readManifest(folder);
  const steps = stepsUntil(manifest, options.until);
  refuseUnknown(
    "--approve",
    options.approve,
    steps.map((step) => step.name),
  );
  const toolchain = await prepareTerraform({
    ...{ cacheDir: join(PROJECT, ".cache"), log: () => {}, env: io.env },
    ...{ signal: drain.drain, kill: drain.kill },
  });
  const { product, version, binary } = toolchain.terraform;
  const versions = {
    program: PROGRAM_VERSION,
    terraform: { product, version },
    provider: AWS_PROVIDER_VERSION,
  };
  await refuseUnfit(folder, manifest, versions);

  const me = thisHolder();
  const release = await holdFolder(join(folder, "deploy.lock"), me);
  let workspace: Workspace | undefined;
  let progress: FleetProgress | undefined;
  try {
    const store =
      options.journal === undefined
        ? fileStore(join(folder, "journal.ndjson"))
        : await s3Store(options.journal, io.env);
    const journal = await Journal.open(store, sha256(await readFile(join(folder, MANIFEST))));
    refuseRunning(journal, me, { resume: options.resume ?? false, takeOver: options.takeOver ?? false });
    const approvals = {
      ...{ steps, approved: options.approve ?? [], ask: io.ask },
      approvedBefore: new Set(
        journal.lines.flatMap((line) => (line.event === "approved" ? [line.wave] : [])),
      ),
    };
    refuseWithoutApproval(approvals);
    workspace = await Workspace.open(io.env, "deploy");
    const { interrupt, kill } = drain;
    const terraform = new Terraform({ binary, env: toolchain.terraformEnv, signal: interrupt, kill });
    const deployer = new Deployer({
      ...{ folder, workspace, terraform, binary, env: toolchain.terraformEnv, journal },
      ...{ product: `${product} ${version}`, lockTimeout: options.lockTimeout },
      ...{ convergeCheck: options.convergeCheck, reconcile: null, interrupt, kill, now: () => new Date() },
    });
    const total = steps.flatMap((step) => step.stacks).length;
    const shown = (progress = new FleetProgress(screen, "deploying", total));
    await journal.add({ event: "opened", holder: me });
    const limit = pLimit(parallel);
    const reports = await rollOut({
      ...{ steps, parallel, drain: drain.drain },
      deploy: async (stack) => {
        shown.start(stack.id);
        const outcome = await deployer.deploy(stack);
        const failed =
          outcome.result === "failed" || (outcome.result === "applied" && outcome.converged === false);
        shown.finish(stack.id, describeOutcome(outcome), { failed });
        return outcome;
      },
      beforeStep: async (step) => {
        const answer = await approve(step, approvals);
        if (answer === "refused") return `wave ${step.name} was not approved`;
        if (answer) await journal.add({ event: "approved", wave: step.name, by: answer.by });
        if (options.reconcile) return null;
        const stale = await staleStacks(step, deployer, limit);
        if (stale.length === 0) return null;
        for (const { id, why } of stale) note(`${id}: ${why}`);
        return (
          `${stale.map(({ id }) => id).join(", ")}: the state has moved on since the plan. Nothing of wave ` +
          `${step.name} was deployed. Plan again, or add --reconcile`
        );
      },
      afterStep: async (step) => {
        const finished = journal.lines.findLast(
          (line) => line.event === "finished" && line.wave === step.name,
        );
        if (!finished) await journal.add({ event: "finished", wave: step.name });
        await bake(step, finished ? Date.parse(finished.time) : Date.now(), drain.drain, note);
      },
    });
    shown.end();
    const counts = countsOf(reports);
    await journal.add({ event: "closed", outcome: JSON.stringify(counts) });
    const json = reportJson(reports, manifest, options.until ?? null);
    await writeFile(join(folder, "deploy-report.json"), `${json}\n`, { mode: 0o600 });
    await writeFile(join(folder, "deploy-report.xml"), junitOf(reports), { mode: 0o600 });
    io.stdout.write(options.json ? `${json}\n` : summaryOf(reports, relative(io.cwd, folder) || "."));
    if (drain.drain.aborted) return exit(EXIT.interrupted);
    exit(counts.failed + counts.notStarted + counts.notConverged > 0 ? EXIT.failed : EXIT.ok);
  } finally {
    progress?.end();
    await workspace?.close();
    await release();
  }
}

/** The steps of a rollout up to a wave. @throws UserError if the plan folder has no such wave */
function stepsUntil({ stacks, waves }: Manifest, until: string | undefined): Step[] {
  const steps = stepsOf(stacks, waves);
  if (until === undefined) return steps;
  const names = steps.map((step) => step.name);
  refuseUnknown("--until", [until], names);
  return steps.slice(0, names.indexOf(until) + 1);
}

/** The stacks of a step whose state has moved on since their plan was made. */
async function staleStacks(step: Step, deployer: Deployer, limit: ReturnType<typeof pLimit>) {
  const changing = step.stacks.filter(({ result }) => result === "changes");
  const checked = await Promise.all(
    changing.map((stack) => limit(async () => ({ id: stack.id, why: await deployer.stale(stack) }))),
  );
  return checked.filter(({ why }) => why !== null);
}

/** Waits until a wave has baked. A Ctrl-C ends the wait. @param since milliseconds since 1970 */
async function bake(
  step: Step,
  since: number,
  drain: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const until = since + step.bakeMinutes * 60_000;
  const left = until - Date.now();
  if (left <= 0 || drain.aborted) return;
  note(`wave ${step.name} bakes until ${new Date(until).toISOString()} (${Math.ceil(left / 60_000)} min)`);
  await sleep(left, undefined, { signal: drain }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}

function reportJson(reports: readonly StackReport[], manifest: Manifest, until: string | null): string {
  const report = {
    ...{ version: 1, organization: manifest.organization, commit: manifest.source.commit, until },
    counts: countsOf(reports),
    stacks: reports.map(({ stack, step, outcome }) => ({ id: stack.id, wave: step, ...outcome })),
  };
  return JSON.stringify(report, null, 2);
}
