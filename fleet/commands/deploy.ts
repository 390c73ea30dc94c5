import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import pLimit from "p-limit";
import { sha256Of } from "../../files/checksum";
import type { Drain } from "../../processes/drain";
import { prepareTerraform } from "../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../toolchain/aws-provider";
import { version as PROGRAM_VERSION } from "../../package.json";
import { EXIT, newCommand, type Context } from "../command";
import { approve, refuseWithoutApproval } from "../deploy/approval";
import { draining, given, withRollout, type RolloutOptions } from "../deploy/command-line";
import { Deployer } from "../deploy/deployer";
import { passGate } from "../deploy/gate";
import { holdFolder, refuseRunning, thisHolder } from "../deploy/hold";
import { waveInForce } from "../deploy/wave-in-force";
import { Journal } from "../deploy/journal";
import { fileStore, s3Store } from "../deploy/journal-stores";
import { refuseUnfit } from "../deploy/readiness";
import { countsOf, describeOutcome, isDone, summaryOf, writeReports } from "../deploy/report";
import { rollOut, stepNames, stepsOf, stepsUntil, type Step } from "../deploy/rollout";
import { collect, parallelOf, PROJECT } from "../options";
import { MANIFEST, readManifest, type Manifest } from "../plan-folder";
import { foreignFiles } from "../planned-files";
import { profileEnvironment, type ProfileEnvironment } from "../profiles";
import { FleetProgress } from "../progress";
import { refuseUnknown } from "../selection";
import { Terraform } from "../terraform";
import { Workspace } from "../workspace";
import { lockTimeoutOption } from "../lock-timeout";

const EXAMPLES = `
The deployment keeps a journal in the plan folder. After a Ctrl-C, a crash or a lost machine,
--resume applies the remaining plans, and no plan twice.

After the first Ctrl-C, no further stack is started, and the running ones finish. The second one asks
Terraform to save its state and to stop soon. The third one kills Terraform.

Examples:
  Deploy the first wave, check it, and deploy the other waves:
    npx session-audit deploy plans/monday --until canary
    npx session-audit deploy plans/monday --resume
  Deploy in a pipeline whose approval step has passed:
    npx session-audit deploy plans/monday --approve rest

Exit codes:
  0    every plan that was selected is deployed, and doctor found each whole wave with doctor: true in force
  1    a stack failed or differs from its plan afterwards, doctor objects, or the plan folder cannot be deployed
  5    somebody else deploys the same plans at this moment
  130  interrupted`;

interface DeployOptions extends RolloutOptions {
  readonly stack?: string[];
  readonly journal?: string;
  readonly parallel?: string;
  readonly lockTimeout: string;
  readonly gate: boolean;
}

/** `session-audit deploy`: applies the plans of a plan folder. */
export const deployCommand = (context: Context): Command =>
  withRollout(newCommand("deploy", context))
    .description(
      "Applies exactly the plans of a plan folder, wave by wave. It refuses a plan if its files, the state, or " +
        "the version of session-audit, Terraform or the AWS provider have changed since the plan was made.",
    )
    .option(
      "--stack <id>",
      "apply only this stack (may be repeated). The stacks that it depends on must be applied",
      collect,
    )
    .option("--journal <url>", "keep the journal in S3: s3://<bucket>/<prefix>")
    .option("--parallel <number>", "how many stacks to deploy side by side (default: by cores and memory)")
    .addOption(lockTimeoutOption())
    // A worker deploys one stack of a wave. `distribute deploy` waits and asks doctor once the whole wave is deployed.
    .addOption(
      new Option("--no-gate", "after a wave, neither wait for bakeMinutes nor ask doctor").hideHelp(),
    )
    .addHelpText("after", EXAMPLES)
    .action((name: string, options: DeployOptions) =>
      draining(
        context,
        [
          "no further stack is started; running ones finish",
          "asking Terraform to stop soon and to save its state",
          "killing Terraform",
        ],
        (drain) => deploy(context, drain, name, options),
      ),
    );

async function deploy(context: Context, drain: Drain, name: string, options: DeployOptions): Promise<void> {
  const { io, screen, exit } = context;
  const note = (text: string) => screen.print(text, { rest: "  " });
  const folder = resolve(io.cwd, name);
  const parallel = parallelOf(options.parallel);
  const whole = await readManifest(folder);
  const manifest = ofStacks(whole, options.stack);
  const steps = stepsUntil(manifest, options.until);
  refuseUnknown("--approve", options.approve, stepNames(manifest.waves));
  const toolchain = await prepareTerraform({
    cacheDir: join(PROJECT, ".cache"),
    log: () => {},
    env: io.env,
    signal: drain.drain,
    kill: drain.kill,
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
  let aws: ProfileEnvironment | undefined;
  let workspace: Workspace | undefined;
  let progress: FleetProgress | undefined;
  try {
    aws = await profileEnvironment(manifest.profiles, "deploy", toolchain.terraformEnv);
    const store =
      options.journal === undefined
        ? fileStore(join(folder, "journal.ndjson"))
        : await s3Store(options.journal, io.env);
    const journal = await Journal.open(store, sha256Of(await readFile(join(folder, MANIFEST))));
    refuseRunning(journal, me, { resume: options.resume ?? false, takeOver: options.takeOver ?? false });
    const approvals = {
      steps,
      approved: options.approve ?? [],
      ask: io.ask,
      approvedBefore: new Set(
        journal.lines.flatMap((line) => (line.event === "approved" ? [line.wave] : [])),
      ),
    };
    refuseWithoutApproval(approvals);
    // Loaded here, because the other commands of a rollout need no AWS SDK.
    const { refuseForeignPreferences } =
      require("../deploy/foreign-preferences") as typeof import("../deploy/foreign-preferences");
    const untried = steps.flatMap(({ stacks }) => stacks).filter(({ id }) => journal.lastOf(id) === null);
    await refuseForeignPreferences(untried, {
      folder,
      manifest,
      env: io.env,
      parallel: 16,
      signal: drain.drain,
    });
    workspace = await Workspace.open(io.env, "deploy");
    const { interrupt, kill } = drain;
    const terraform = new Terraform({ binary, env: aws.env, signal: interrupt, kill });
    const deployer = new Deployer({
      folder,
      workspace,
      terraform,
      binary,
      env: aws.env,
      journal,
      product: `${product} ${version}`,
      lockTimeout: options.lockTimeout,
      convergeCheck: options.convergeCheck,
      reconcile: options.reconcile ?? false,
      interrupt,
      kill,
      now: () => new Date(),
    });
    const total = steps.flatMap((step) => step.stacks).length;
    const shown = (progress = new FleetProgress(screen, "deploying", total));
    await journal.add({ event: "opened", holder: me });
    const limit = pLimit(parallel);
    let isStale = false;
    const rollout = await rollOut({
      steps,
      parallel,
      drain: drain.drain,
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
        // Somebody may have changed the folder since the deployment began, hours ago.
        const foreign = await foreignFiles(folder, step.stacks);
        for (const problem of foreign) note(problem);
        if (foreign.length > 0) return "the plan folder is no longer what was reviewed: plan again";
        if (options.reconcile) return null;
        const stale = await staleStacks(step, deployer, limit);
        if (stale.length === 0) return null;
        for (const { id, why } of stale) note(`${id}: ${why}`);
        isStale = true;
        const ids = stale.map(({ id }) => id).join(", ");
        return `the state of ${ids} has moved on since the plan: plan again, or add --reconcile`;
      },
      afterStep: async (step) => {
        if (!options.gate) return null;
        return passGate(step, {
          steps: stepsOf(whole.stacks, whole.waves),
          journal,
          drain: drain.drain,
          note,
          inForce: (wave) =>
            waveInForce(wave, { folder, manifest: whole, env: io.env, screen, signal: drain.drain, note }),
        });
      },
    });
    shown.end();
    const counts = countsOf(rollout.reports);
    await journal.add({ event: "closed", outcome: JSON.stringify(counts) });
    const json = await writeReports(folder, rollout, manifest, options.until ?? null);
    io.stdout.write(
      options.json
        ? json
        : summaryOf(rollout, relative(io.cwd, folder) || ".", {
            isStale,
            options: [
              ...given("--until", options.until),
              ...given("--journal", options.journal),
              ...given("--stack", options.stack),
            ],
          }),
    );
    if (drain.drain.aborted) return exit(EXIT.interrupted);
    exit(isDone(rollout) ? EXIT.ok : EXIT.failed);
  } finally {
    progress?.end();
    await workspace?.close();
    await aws?.remove();
    await release();
  }
}

/**
 * A manifest with some of its stacks.
 * @throws UserError if the plan folder has no such stack
 */
function ofStacks(manifest: Manifest, ids: readonly string[] | undefined): Manifest {
  refuseUnknown(
    "--stack",
    ids,
    manifest.stacks.map(({ id }) => id),
  );
  return { ...manifest, stacks: manifest.stacks.filter(({ id }) => ids?.includes(id) ?? true) };
}

/** The stacks of a step whose state has moved on since their plan was made. */
async function staleStacks(step: Step, deployer: Deployer, limit: ReturnType<typeof pLimit>) {
  const changing = step.stacks.filter(({ result }) => result === "changes");
  const checked = await Promise.all(
    changing.map((stack) => limit(async () => ({ id: stack.id, why: await deployer.stale(stack) }))),
  );
  return checked.filter(({ why }) => why !== null);
}
