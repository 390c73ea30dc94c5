import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../files/all-or-nothing";
import { filesOf, type PlannedStack } from "../plan-folder";
import { firstError } from "../planner";
import { TerraformError, type Terraform } from "../terraform";
import type { Workspace } from "../workspace";
import { apply, leftRunning } from "./apply-process";
import type { Journal } from "./journal";
import { staleness, stateVersion, type StateVersion } from "./readiness";
import type { StackOutcome } from "./rollout";
import { describeLock, lockHolder } from "./state-lock";

/** How often a process that an earlier deployment left behind is looked at, in milliseconds. */
const POLL_MS = 500;

/** What deploying needs. */
export interface DeployerProps {
  readonly folder: string;
  readonly workspace: Workspace;
  readonly terraform: Terraform;
  readonly binary: string;
  readonly env: NodeJS.ProcessEnv;
  readonly product: string;
  readonly journal: Journal;
  readonly lockTimeout: string;
  /** Whether each stack is planned once more after its apply. */
  readonly convergeCheck: boolean;
  /** Makes a plan for a stack whose state has moved on; null: such a stack fails. @returns the path of the plan */
  readonly reconcile: ((stack: PlannedStack, stale: string) => Promise<Reconciled>) | null;
  readonly interrupt: AbortSignal;
  readonly kill: AbortSignal;
  readonly now: () => Date;
}

/** A new plan that means the same as the reviewed one, or why there is none. */
export type Reconciled =
  | { readonly plan: string; readonly sha256: string }
  | { readonly nothingLeft: true }
  | { readonly problem: string };

/** Applies reviewed plans, one stack at a time, and writes into the journal what it does. */
export class Deployer {
  constructor(private readonly props: DeployerProps) {}

  /** Why the plan of a stack cannot be applied to its state, or null. It applies nothing. */
  async stale(stack: PlannedStack): Promise<string | null> {
    if (this.isDone(stack) || this.props.journal.lastOf(stack.id)?.event === "started") return null;
    await this.prepare(stack);
    return staleness(stack.state, await this.currentState(stack));
  }

  /** Applies the plan of a stack, unless that is done. It does not throw for a stack that fails. */
  async deploy(stack: PlannedStack): Promise<StackOutcome> {
    if (stack.result === "no changes") return { result: "no changes" };
    if (this.isDone(stack)) return { result: "applied before" };
    try {
      await this.prepare(stack);
      return (await this.recovered(stack)) ?? (await this.applied(stack));
    } catch (error) {
      if (!(error instanceof TerraformError)) throw error;
      return { result: "failed", reason: firstError(error.output) };
    }
  }

  private isDone = ({ id, planSha256 }: PlannedStack): boolean =>
    this.props.journal.hasApplied(id, planSha256!);

  /** Writes the reviewed configuration into the workspace, and initializes it. */
  private async prepare({ id }: PlannedStack): Promise<void> {
    const { workspace, folder, terraform, product } = this.props;
    const files = filesOf(folder, id);
    const directory = workspace.directoryOf(id);
    await mkdir(directory, { recursive: true });
    await copyFile(files.configuration, join(directory, "cdk.tf.json"));
    await copyFile(files.lockFile, join(directory, ".terraform.lock.hcl"));
    await workspace.initialize(terraform, id, product);
  }

  private async currentState({ id }: PlannedStack): Promise<StateVersion> {
    const { workspace, terraform } = this.props;
    return stateVersion((await terraform.run(workspace.directoryOf(id), ["state", "pull"])).stdout);
  }

  /**
   * What became of an apply that an earlier deployment has begun and not seen the end of; null if there is none, or if
   * it has changed nothing. Terraform may still run: it outlives the deployment.
   */
  private async recovered(stack: PlannedStack): Promise<StackOutcome | null> {
    const { journal, folder, interrupt } = this.props;
    const last = journal.lastOf(stack.id);
    if (last?.event !== "started" || last.planSha256 !== stack.planSha256) return null;
    const files = filesOf(folder, stack.id);
    const pid = await leftRunning(files.pid);
    while (pid !== null && isRunning(pid)) await sleep(POLL_MS, undefined, { signal: interrupt });
    const output = await readFile(files.applied, "utf8").catch(() => "");
    const now = await this.currentState(stack);
    if (/^Apply complete!/m.test(output)) return this.end(stack, last.attempt, "applied", now, null);
    if (staleness(stack.state, now) === null) return null;
    const reason = "its apply was cut off half-way, so its plan cannot be applied any more: plan it again";
    return this.end(stack, last.attempt, "failed", now, reason);
  }

  private async applied(stack: PlannedStack): Promise<StackOutcome> {
    const { journal, folder, reconcile } = this.props;
    const files = filesOf(folder, stack.id);
    const before = await this.currentState(stack);
    const stale = staleness(stack.state, before);
    let plan = files.plan;
    if (stale !== null) {
      if (reconcile === null) return { result: "failed", reason: stale };
      const reconciled = await reconcile(stack, stale);
      if ("problem" in reconciled) return { result: "failed", reason: reconciled.problem };
      if ("nothingLeft" in reconciled) return { result: "no changes" };
      plan = reconciled.plan;
    }
    const attempt = (journal.lastOf(stack.id)?.attempt ?? 0) + 1;
    await journal.add({
      ...{ event: "started", stack: stack.id, planSha256: stack.planSha256!, attempt },
      ...{ lineage: before?.lineage ?? null, serialBefore: before?.serial ?? null },
    });
    const { workspace, binary, env, lockTimeout, interrupt, kill } = this.props;
    const { exitCode, output } = await apply({
      ...{ binary, env, plan, log: files.applied, pidFile: files.pid, lockTimeout, interrupt, kill },
      directory: workspace.directoryOf(stack.id),
    });
    const after = await this.currentState(stack).catch(() => null);
    if (exitCode === 0) return this.end(stack, attempt, "applied", after, null);
    const lock = lockHolder(output);
    const reason = lock ? describeLock(lock, this.props.now()) : firstError(output) || "Terraform was killed";
    return this.end(stack, attempt, "failed", after, reason);
  }

  private async end(
    stack: PlannedStack,
    attempt: number,
    result: "applied" | "failed",
    after: StateVersion,
    reason: string | null,
  ): Promise<StackOutcome> {
    const serialAfter = after?.serial ?? null;
    await this.props.journal.add({
      ...{
        event: "ended",
        stack: stack.id,
        planSha256: stack.planSha256!,
        attempt,
        result,
        serialAfter,
        reason,
      },
    });
    if (result === "failed") return { result, reason: reason! };
    return { result, serialAfter, converged: await this.converged(stack) };
  }

  /** Whether a plan after the apply is empty; null: nobody has looked. */
  private async converged({ id }: PlannedStack): Promise<boolean | null> {
    const { convergeCheck, terraform, workspace, folder, interrupt } = this.props;
    if (!convergeCheck || interrupt.aborted) return null;
    try {
      const { changed, output } = await terraform.plan(workspace.directoryOf(id), { lock: false });
      await writeFile(filesOf(folder, id).converged, output);
      return !changed;
    } catch (error) {
      if (!(error instanceof TerraformError)) throw error;
      await writeFile(filesOf(folder, id).converged, error.output);
      return interrupt.aborted ? null : false;
    }
  }
}
