import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { sha256Of } from "../../files/checksum";
import type { Drain } from "../../processes/drain";
import { prepareTerraform } from "../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../toolchain/aws-provider";
import { version as PROGRAM_VERSION } from "../../package.json";
import { EXIT, newCommand, type Context } from "../command";
import { refuseWithoutApproval } from "../deploy/approval";
import { draining, given, withRollout, type RolloutOptions } from "../deploy/command-line";
import { holdFolder, refuseRunning, thisHolder } from "../deploy/hold";
import { Journal } from "../deploy/journal";
import { s3Store } from "../deploy/journal-stores";
import { refuseUnfit } from "../deploy/readiness";
import { countsOf, isDone, summaryOf, writeReports } from "../deploy/report";
import { stepNames, stepsUntil } from "../deploy/rollout";
import { collect } from "../distributed/collect";
import { deployByWorkers } from "../distributed/deploy-run";
import { engineOf, withEngine, workersOf, type EngineOptions } from "../distributed/options";
import { PROJECT } from "../options";
import { MANIFEST, readManifest } from "../plan-folder";
import { storePlan } from "../plan-store";
import { refuseUnknown } from "../selection";

const EXAMPLES = `
The workers apply the plans; this command starts one execution for each wave and waits for it. After the
first Ctrl-C, no further wave is begun. After the second one, the command ends, and the workers finish the
wave. --resume continues: it takes only what is not applied.

Examples:
  Deploy the first wave, and the other waves later:
    npx session-audit distribute deploy plans/monday --until canary
    npx session-audit distribute deploy plans/monday --resume

Exit codes:
  0    every plan that was selected is deployed, and doctor found each whole wave with doctor: true in force
  1    a stack failed or differs from its plan afterwards, doctor objects, or the plan folder cannot be deployed
  5    somebody else deploys the same plans at this moment
  130  interrupted`;

interface DistributeDeployOptions extends EngineOptions, RolloutOptions {}

/** `session-audit distribute deploy`: applies the plans of a plan folder on many machines. */
export const distributeDeployCommand = (context: Context): Command =>
  withEngine(withRollout(newCommand("deploy", context)))
    .description(
      "Applies exactly the plans of a plan folder on workers, wave by wave. Before it begins, it refuses a folder whose files or " +
        "versions do not fit. The worker of a stack refuses what `session-audit deploy` refuses. The journal is in the bucket of " +
        "the pipeline.",
    )
    .addHelpText("after", EXAMPLES)
    .action((name: string, options: DistributeDeployOptions) =>
      draining(
        context,
        [
          "no further wave is begun; the running one is waited for",
          "the running wave is left to its workers",
          "ending",
        ],
        (drain) => deploy(context, drain, name, options),
      ),
    );

async function deploy(
  { io, screen, exit }: Context,
  drain: Drain,
  name: string,
  options: DistributeDeployOptions,
): Promise<void> {
  const folder = resolve(io.cwd, name);
  const concurrency = workersOf(options.workers);
  const manifest = await readManifest(folder);
  const steps = stepsUntil(manifest, options.until);
  refuseUnknown("--approve", options.approve, stepNames(manifest.waves));
  const toolchain = await prepareTerraform({
    cacheDir: join(PROJECT, ".cache"),
    log: () => {},
    env: io.env,
    signal: drain.drain,
    kill: drain.kill,
  });
  const { product, version } = toolchain.terraform;
  await refuseUnfit(folder, manifest, {
    program: PROGRAM_VERSION,
    terraform: { product, version },
    provider: AWS_PROVIDER_VERSION,
  });
  const engine = await engineOf(options, io);
  const me = thisHolder();
  const release = await holdFolder(join(folder, "deploy.lock"), me);
  try {
    await engine.refuseRunning();
    const origin = sha256Of(await readFile(join(folder, MANIFEST)));
    const kept = `s3://${engine.bucket}/journals/${origin}`;
    const journals = `${kept}/stacks`;
    const journal = await Journal.open(await s3Store(`${kept}/whole`, io.env), origin);
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
    if (journal.lines.length > 0) {
      const changing = manifest.stacks.filter(({ result }) => result === "changes").map(({ id }) => id);
      await collect(journal, changing, journals, origin, io.env);
    }
    await journal.add({ event: "opened", holder: me });
    screen.status("storing the plan folder");
    const prefix = `plans/${engine.newRun().split("/").at(-1)}`;
    const checksum = await storePlan(folder, { bucket: engine.bucket, prefix }, engine.s3);
    screen.status("");
    const rollout = await deployByWorkers({
      engine,
      folder,
      manifest,
      steps,
      journal,
      journals,
      approvals,
      concurrency,
      screen,
      stored: `s3://${engine.bucket}/${prefix}#${checksum}`,
      settings: {
        reconcile: options.reconcile ?? false,
        convergeCheck: options.convergeCheck,
        lockTimeout: options.lockTimeout,
      },
      drain: drain.drain,
      leave: drain.interrupt,
      env: io.env,
      note: (text) => screen.print(text, { rest: "  " }),
    });
    const counts = countsOf(rollout.reports);
    await journal.add({ event: "closed", outcome: JSON.stringify(counts) });
    const json = await writeReports(folder, rollout, manifest, options.until ?? null);
    io.stdout.write(
      options.json
        ? json
        : summaryOf(rollout, relative(io.cwd, folder) || ".", {
            command: "distribute deploy",
            options: [
              ...given("--until", options.until),
              ...given("--state-machine", options.stateMachine),
              ...given("--bucket", options.bucket),
            ],
          }),
    );
    if (drain.drain.aborted) return exit(EXIT.interrupted);
    exit(isDone(rollout) ? EXIT.ok : EXIT.failed);
  } finally {
    screen.status("");
    engine.close();
    await release();
  }
}
