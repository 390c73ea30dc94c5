import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../../files/checksum";
import { approve, type ApprovalProps } from "../deploy/approval";
import { passGate } from "../deploy/gate";
import type { Journal } from "../deploy/journal";
import { describeOutcome } from "../deploy/report";
import {
  stepsOf,
  toleratedFailures,
  type Rollout,
  type StackOutcome,
  type StackReport,
  type Step,
} from "../deploy/rollout";
import { waveInForce } from "../deploy/wave-in-force";
import { MANIFEST, type Manifest, type PlannedStack } from "../plan-folder";
import { parseS3Folder } from "../s3-folder";
import { collect } from "./collect";
import type { Engine } from "./engine";
import type { ItemOf } from "./item";
import { Results } from "./results";
import { stagesOf } from "./stages";
import type { Screen } from "../../processes/terminal";

/** What a deployment by workers needs. */
export interface DeployRunProps {
  readonly engine: Engine;
  /** The plan folder on this machine. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The same plan folder in S3, as `store` prints it. */
  readonly stored: string;
  readonly steps: readonly Step[];
  readonly journal: Journal;
  /** Folder of the journals of single stacks, as a URL. */
  readonly journals: string;
  readonly approvals: ApprovalProps;
  readonly concurrency: number;
  readonly settings: Pick<ItemOf<"deploy">, "reconcile" | "convergeCheck" | "lockTimeout">;
  /** Aborted: no further wave is begun. The running one is waited for. */
  readonly drain: AbortSignal;
  /** Aborted: the running wave is not waited for any more. Its workers go on. */
  readonly leave: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
  readonly note: (text: string) => void;
}

/**
 * Deploys wave by wave, each with an execution of the state machine. Approvals, `bakeMinutes` and `doctor` are those of
 * `deploy`.
 * @throws the reason of `leave` if it is aborted
 */
export async function deployByWorkers(props: DeployRunProps): Promise<Rollout> {
  const { steps, manifest, journal, approvals, drain, note } = props;
  const reports: StackReport[] = [];
  let stopped: string | null = null;
  let held: string | null = null;
  for (const step of steps) {
    if (stopped === null && drain.aborted) stopped = "the deployment was interrupted";
    if (stopped === null) {
      const answer = await approve(step, approvals);
      if (answer === "refused") stopped = `wave ${step.name} was not approved`;
      else if (answer) await journal.add({ event: "approved", wave: step.name, by: answer.by });
    }
    if (stopped !== null) {
      const reason = stopped;
      reports.push(
        ...step.stacks.map((stack) => ({
          stack,
          step: step.name,
          outcome: doneBefore(stack, journal) ?? ({ result: "not started", reason } as const),
        })),
      );
      continue;
    }
    const wave = await deployStep(step, props);
    reports.push(...wave.reports);
    stopped = wave.stopped;
    if (stopped !== null) continue;
    stopped = held = await passGate(step, {
      steps: stepsOf(manifest.stacks, manifest.waves),
      journal,
      drain,
      note,
      inForce: (whole) => waveInForce(whole, { ...props, signal: drain }),
    });
  }
  return { reports, held };
}

/** The outcome of a stack for which nothing is left to do; null: its plan is to be applied. */
function doneBefore(stack: PlannedStack, journal: Journal): StackOutcome | null {
  if (stack.result === "no changes") return { result: "no changes" };
  return journal.hasApplied(stack.id, stack.planSha256!) ? { result: "applied before" } : null;
}

/** Deploys the stacks of a step. @returns why no further step may begin, or null */
async function deployStep(step: Step, props: DeployRunProps) {
  const { engine, folder, stored, journal, journals, concurrency, settings } = props;
  const before = new Map(step.stacks.map((stack) => [stack.id, doneBefore(stack, journal)]));
  const left = step.stacks.filter(({ id }) => before.get(id) === null);
  let stopped: string | null = null;
  const run = engine.newRun();
  const results = `s3://${engine.bucket}/${run}/results`;
  if (left.length > 0) {
    const toApply = new Set(left.map(({ id }) => id));
    const stages = stagesOf(left).map((stacks) =>
      stacks.map(({ id, dependsOn }): ItemOf<"deploy"> => ({
        command: "deploy",
        name: id,
        stack: id,
        stored,
        journals,
        results,
        ...settings,
        after: dependsOn.filter((other) => toApply.has(other)),
        // It would not be deployed without its approval.
        approved: step.approve ? step.name : null,
      })),
    );
    const { succeeded, cause } = await engine.execute(run, {
      stages,
      tolerated: toleratedFailures(
        step.failureTolerance,
        step.stacks.filter(({ result }) => result === "changes").length,
      ),
      concurrency: Math.min(step.maxConcurrent ?? concurrency, concurrency),
      signal: props.leave,
      onProgress: (done, failed) =>
        props.screen.status(
          `wave ${step.name}: ${done} of ${left.length} done${failed === 0 ? "" : `, ${failed} failed`}`,
        ),
    });
    if (!succeeded) stopped = `wave ${step.name} stopped: ${cause}`;
    const origin = sha256Of(await readFile(join(folder, MANIFEST)));
    await collect(journal, [...toApply], journals, origin, props.env);
  }
  const found = new Results(engine.s3, parseS3Folder(results, results, "Start the run again."));
  const reports = await Promise.all(
    step.stacks.map(async (stack): Promise<StackReport> => {
      const outcome = before.get(stack.id) ?? (await outcomeOf(stack, found, journal, stopped));
      return { stack, step: step.name, outcome };
    }),
  );
  props.screen.status("");
  for (const { stack, outcome } of reports)
    if (before.get(stack.id) === null) props.note(`${stack.id}: ${describeOutcome(outcome)}`);
  return { reports, stopped };
}

/** What a worker says of a stack. A worker that was killed says nothing, and the journal has what it has done. */
async function outcomeOf(
  { id, planSha256 }: PlannedStack,
  results: Results,
  journal: Journal,
  stopped: string | null,
): Promise<StackOutcome> {
  const written = await results.read(id);
  const last = journal.lastOf(id);
  if (written?.result !== undefined) {
    const outcome = written.result as StackOutcome;
    // Tried again in this run, after a kill: for the run, it was applied now.
    return outcome.result === "applied before"
      ? { result: "applied", converged: null, serialAfter: last?.event === "ended" ? last.serialAfter : null }
      : outcome;
  }
  if (written !== null) return { result: "failed", reason: written.cause ?? "unknown", stateMoved: false };
  if (journal.hasApplied(id, planSha256!)) return { result: "applied", converged: null, serialAfter: null };
  if (last?.event === "started") {
    const reason = "no worker has reported the end of its apply";
    return { result: "failed", reason, stateMoved: false };
  }
  return { result: "not started", reason: stopped ?? "no worker has taken it" };
}
