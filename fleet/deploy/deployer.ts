import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../files/all-or-nothing";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import type { PlanJson } from "../../review/plan-json";
import { notReviewed } from "../../review/same-changes";
import { filesOf, type PlannedStack } from "../plan-folder";
import { ForeignFile, plannedFile } from "../planned-files";
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

/** Why the plan of a stack is not needed, or cannot be used; null: it is in place. */
type NoPlan = StackOutcome | null;

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
      if (error instanceof ForeignFile) return { result: "failed", reason: error.problem, stateMoved: false };
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

  /**
   * Writes the reviewed configuration into the workspace, and initializes it. The plan folder was checked when the
   * deployment began, which may be hours ago, so each file is checked again. Terraform reads the copy, in a directory that
   * only this user can read and write.
   * @throws ForeignFile if a file is not the one that was planned
   */
  private async prepare(stack: PlannedStack): Promise<void> {
    const { workspace, folder, terraform, product } = this.props;
    const directory = workspace.directoryOf(stack.id);
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o700);
    await writeFile(join(directory, "cdk.tf.json"), await plannedFile(folder, stack, "configuration"));
    await writeFile(join(directory, ".terraform.lock.hcl"), await plannedFile(folder, stack, "lockFile"));
    await workspace.initialize(terraform, stack.id, product);
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

  /** Applies a copy of the plan. A plan has the state, so the copy is removed whatever happens. */
  private applied(stack: PlannedStack): Promise<StackOutcome> {
    return inTemporaryFolder("session-audit-deploy-", async (work) => {
      const plan = join(work, "plan.tfplan");
      const before = await this.currentState(stack);
      const stale = staleness(stack.state, before);
      const none = await (stale === null ? this.copied(stack, plan) : this.reconciled(stack, stale, plan));
      return none ?? this.applyPlan(stack, plan, before);
    });
  }

  /** Copies the reviewed plan. @throws ForeignFile if it is not the one that was planned */
  private async copied(stack: PlannedStack, out: string): Promise<NoPlan> {
    await writeFile(out, await plannedFile(this.props.folder, stack, "plan"), { mode: 0o600 });
    return null;
  }

  private async applyPlan(stack: PlannedStack, plan: string, before: StateVersion): Promise<StackOutcome> {
    const { journal, folder } = this.props;
    const files = filesOf(folder, stack.id);
    const attempt = (journal.lastOf(stack.id)?.attempt ?? 0) + 1;
    await journal.add({
      event: "started",
      stack: stack.id,
      planSha256: stack.planSha256!,
      attempt,
      lineage: before?.lineage ?? null,
      serialBefore: before?.serial ?? null,
    });
    const { workspace, binary, env, lockTimeout, interrupt, kill } = this.props;
    const { exitCode, output } = await apply({
      binary,
      env,
      plan,
      log: files.applied,
      pidFile: files.pid,
      lockTimeout,
      interrupt,
      kill,
      directory: workspace.directoryOf(stack.id),
    });
    const after = await this.currentState(stack).catch(() => null);
    if (exitCode === 0) return this.end(stack, attempt, "applied", after, null);
    const reason = this.reasonOf(output) || "Terraform was killed";
    return this.end(stack, attempt, "failed", after, reason);
  }

  /** Plans a stack again, and compares the plan with the reviewed one by what it does. @param out file for the new plan */
  private async reconciled(stack: PlannedStack, stale: string, out: string): Promise<NoPlan> {
    const { terraform, workspace, folder, lockTimeout, reconcile } = this.props;
    if (!reconcile) return { result: "failed", reason: stale, stateMoved: true };
    const directory = workspace.directoryOf(stack.id);
    const { changed } = await terraform.plan(directory, { out, lockTimeout });
    if (!changed) return { result: "no changes" };
    const plan = JSON.parse(await terraform.show(directory, out)) as PlanJson;
    const reviewed = JSON.parse((await plannedFile(folder, stack, "json")).toString("utf8")) as PlanJson;
    const others = notReviewed(plan, reviewed);
    if (others.length === 0) return null;
    const reason = `${stale}, and a new plan does what was not reviewed: ${others.join(", ")}`;
    return { result: "failed", reason, stateMoved: true };
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
      event: "ended",
      stack: stack.id,
      planSha256: stack.planSha256!,
      attempt,
      result,
      serialAfter,
      reason,
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
