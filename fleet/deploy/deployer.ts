import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../files/all-or-nothing";
import type { PlanJson } from "../../review/plan-json";
import { notReviewed } from "../../review/same-changes";
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
  /** Whether to plan a stack again if its state has changed, and to apply that plan if all its changes were reviewed. */
  readonly reconcile: boolean;
  readonly interrupt: AbortSignal;
  readonly kill: AbortSignal;
  readonly now: () => Date;
}

/** A new plan whose changes were all reviewed, or why there is none. */
type Reconciled = { readonly plan: string } | { readonly nothingLeft: true } | { readonly problem: string };

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
      return { result: "failed", reason: this.reasonOf(error.output), stateMoved: false };
    }
  }

  /** Why Terraform has failed: who holds the lock of the state, or its first error. */
  private reasonOf(output: string): string {
    const lock = lockHolder(output);
    return lock ? describeLock(lock, this.props.now()) : firstError(output);
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
   * it has changed nothing. Terraform may still run: it outlives the deployment. Only the machine that began the apply has
   * its log. On another machine, a plan waits until the state is not locked, and shows whether anything is left to do.
   */
  private async recovered(stack: PlannedStack): Promise<StackOutcome | null> {
    const { journal, folder, interrupt } = this.props;
    const last = journal.lastOf(stack.id);
    if (last?.event !== "started" || last.planSha256 !== stack.planSha256) return null;
    const files = filesOf(folder, stack.id);
    const pid = await leftRunning(files.pid);
    while (pid !== null && isRunning(pid)) await sleep(POLL_MS, undefined, { signal: interrupt });
    const output = await readFile(files.applied, "utf8").catch(() => null);
    const isComplete = output === null ? !(await this.plansChanges(stack)) : /^Apply complete!/m.test(output);
    const now = await this.currentState(stack);
    if (isComplete) return this.end(stack, last.attempt, "applied", now, null);
    if (staleness(stack.state, now) === null) return null;
    const reason = "its apply was cut off half-way, so its plan cannot be applied any more: plan it again";
    return this.end(stack, last.attempt, "failed", now, reason);
  }

  /** Whether a plan has changes. It waits for the lock of the state. @throws TerraformError if the lock stays */
  private async plansChanges({ id }: PlannedStack): Promise<boolean> {
    const { terraform, workspace, lockTimeout } = this.props;
    return (await terraform.plan(workspace.directoryOf(id), { lockTimeout })).changed;
  }

  private async applied(stack: PlannedStack): Promise<StackOutcome> {
    const { journal, folder, reconcile } = this.props;
    const files = filesOf(folder, stack.id);
    const before = await this.currentState(stack);
    const stale = staleness(stack.state, before);
    let plan = files.plan;
    if (stale !== null) {
      if (!reconcile) return { result: "failed", reason: stale, stateMoved: true };
      const reconciled = await this.reconciled(stack, stale);
      if ("problem" in reconciled) return { result: "failed", reason: reconciled.problem, stateMoved: true };
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
    const reason = this.reasonOf(output) || "Terraform was killed";
    return this.end(stack, attempt, "failed", after, reason);
  }

  /** Plans a stack again, and compares the plan with the reviewed one by what it does. */
  private async reconciled({ id }: PlannedStack, stale: string): Promise<Reconciled> {
    const { terraform, workspace, folder, lockTimeout } = this.props;
    const files = filesOf(folder, id);
    const directory = workspace.directoryOf(id);
    const { changed } = await terraform.plan(directory, { out: files.reconciled, lockTimeout });
    if (!changed) return { nothingLeft: true };
    const plan = JSON.parse(await terraform.show(directory, files.reconciled)) as PlanJson;
    const reviewed = JSON.parse(await readFile(files.json, "utf8")) as PlanJson;
    const others = notReviewed(plan, reviewed);
    if (others.length === 0) return { plan: files.reconciled };
    return { problem: `${stale}, and a new plan does what was not reviewed: ${others.join(", ")}` };
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
    if (result === "failed") {
      return { result, reason: reason!, stateMoved: staleness(stack.state, after) !== null };
    }
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
