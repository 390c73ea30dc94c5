import type { Wave } from "../../accounts/model/waves";
import type { Manifest, PlannedStack } from "../plan-folder";
import { refuseUnknown } from "../selection";

/** A step of a rollout: stacks that are deployed before the next step begins. */
export interface Step extends Wave {
  /** In the order of deployment. */
  readonly stacks: readonly PlannedStack[];
}

/** What belongs to every wave: archives, their replicas, and accounts without targets. */
export const SHARED = "(shared)";
/** The guardrails, which bind everybody once everything else is in place. */
export const GUARDRAILS = "(guardrails)";

const WITHOUT_SETTINGS = {
  maxConcurrent: null,
  failureTolerance: 0,
  approve: false,
  bakeMinutes: 0,
  doctor: false,
  probeRole: null,
} as const;

/** The names of all steps of a rollout, in order, whether a plan folder has stacks for them or not. */
export const stepNames = (waves: readonly Wave[]): string[] => [
  SHARED,
  ...waves.map(({ name }) => name),
  GUARDRAILS,
];

/**
 * Divides stacks into the steps of a rollout: what belongs to every wave, the waves in order, and the guardrails. Steps
 * without stacks are left out.
 * @param stacks in the order of deployment
 */
export function stepsOf(stacks: readonly PlannedStack[], waves: readonly Wave[]): Step[] {
  const inWave = (name: string | null) =>
    stacks.filter(({ wave, kind }) => wave === name && kind !== "guardrails");
  const steps: Step[] = [
    { name: SHARED, ...WITHOUT_SETTINGS, stacks: inWave(null) },
    ...waves.map((wave) => ({ ...wave, stacks: inWave(wave.name) })),
    { name: GUARDRAILS, ...WITHOUT_SETTINGS, stacks: stacks.filter(({ kind }) => kind === "guardrails") },
  ];
  return steps.filter((step) => step.stacks.length > 0);
}

/**
 * The steps of a rollout up to a wave. A wave of the map may have no stacks in the plan folder.
 * @throws UserError if the map has no such wave
 */
export function stepsUntil({ stacks, waves }: Manifest, until: string | undefined): Step[] {
  const steps = stepsOf(stacks, waves);
  if (until === undefined) return steps;
  const names = stepNames(waves);
  refuseUnknown("--until", [until], names);
  return steps.filter(({ name }) => names.indexOf(name) <= names.indexOf(until));
}

/** How many stacks of a step may fail: a percentage is rounded down, as in StackSets. */
export const toleratedFailures = (tolerance: Wave["failureTolerance"], stacks: number): number =>
  typeof tolerance === "number" ? tolerance : Math.floor((stacks * Number.parseInt(tolerance, 10)) / 100);

/** How the deployment of one stack ended. */
export type StackOutcome =
  | { readonly result: "applied"; readonly converged: boolean | null; readonly serialAfter: number | null }
  | { readonly result: "no changes" }
  | { readonly result: "applied before" }
  /** `stateMoved`: the state has changed since the plan was made, so only `--reconcile` can continue. */
  | { readonly result: "failed"; readonly reason: string; readonly stateMoved: boolean }
  | { readonly result: "not started"; readonly reason: string };

/** A stack with its outcome. */
export interface StackReport {
  readonly stack: PlannedStack;
  readonly step: string;
  readonly outcome: StackOutcome;
}

/** What a rollout needs from its surroundings. */
export interface RolloutProps {
  readonly steps: readonly Step[];
  /** How many stacks the machine can deploy side by side. */
  readonly parallel: number;
  /** Deploys one stack. It does not throw for a stack that fails. */
  readonly deploy: (stack: PlannedStack) => Promise<StackOutcome>;
  /** Aborted: no further stack is started. Running ones go on to their end. */
  readonly drain: AbortSignal;
  /** Called before a step begins. @returns why the step must not begin, or null */
  readonly beforeStep: (step: Step) => Promise<string | null>;
  /**
   * Called after each step within its tolerance, also after the last one. It waits for `bakeMinutes`, and then for doctor.
   * @returns why the rollout must not go on, or null
   */
  readonly afterStep: (step: Step) => Promise<string | null>;
}

/** What a rollout has done. */
export interface Rollout {
  /** One report for each stack, in the order of the steps. */
  readonly reports: readonly StackReport[];
  /** Why `afterStep` stopped the rollout; null if it did not. After the last step, no stack is left that could report it. */
  readonly held: string | null;
}

const INTERRUPTED = "the deployment was interrupted";

/**
 * Deploys steps one after the other, and the stacks of a step side by side, each after the stacks that it depends on. A
 * step with more failures than it tolerates starts no further stack, and no further step begins: the meaning of
 * CloudFormation StackSets with `SOFT_FAILURE_TOLERANCE`.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
 */
export async function rollOut(props: RolloutProps): Promise<Rollout> {
  const reports = new Map<string, StackReport>();
  let stopped: string | null = null;
  let held: string | null = null;
  for (const step of props.steps) {
    stopped ??= props.drain.aborted ? INTERRUPTED : await props.beforeStep(step);
    if (stopped === null) stopped = await rollOutStep(step, reports, props);
    for (const stack of step.stacks) {
      if (reports.has(stack.id)) continue;
      reports.set(stack.id, { stack, step: step.name, outcome: { result: "not started", reason: stopped! } });
    }
    if (stopped === null) stopped = held = await props.afterStep(step);
  }
  return { reports: [...reports.values()], held };
}

/** Deploys the stacks of a step. @returns why no further stack may start, or null */
async function rollOutStep(
  step: Step,
  reports: Map<string, StackReport>,
  { parallel, deploy, drain }: RolloutProps,
): Promise<string | null> {
  const tolerated = toleratedFailures(
    step.failureTolerance,
    step.stacks.filter(({ result }) => result === "changes").length,
  );
  const slots = Math.min(step.maxConcurrent ?? parallel, parallel);
  const waiting = [...step.stacks];
  const running = new Map<string, Promise<void>>();
  let failures = 0;
  const record = (stack: PlannedStack, outcome: StackOutcome) => {
    if (outcome.result === "failed") failures++;
    reports.set(stack.id, { stack, step: step.name, outcome });
  };
  const stop = () =>
    failures > tolerated
      ? `wave ${step.name} stopped after ${failures} ${failures === 1 ? "failure" : "failures"}`
      : drain.aborted
        ? INTERRUPTED
        : null;
  for (;;) {
    for (const stack of [...waiting]) {
      const blocker = blockedBy(stack, reports);
      if (blocker !== undefined) {
        waiting.splice(waiting.indexOf(stack), 1);
        record(stack, { result: "not started", reason: `${blocker} failed` });
      }
    }
    if (stop() === null) {
      const known = new Set([...waiting.map(({ id }) => id), ...running.keys()]);
      for (const stack of [...waiting]) {
        if (running.size >= slots || stack.dependsOn.some((id) => known.has(id))) continue;
        waiting.splice(waiting.indexOf(stack), 1);
        running.set(
          stack.id,
          deploy(stack).then((outcome) => {
            record(stack, outcome);
            running.delete(stack.id);
          }),
        );
      }
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return stop();
}

/** The id of a stack that failed and on which a stack depends, directly or through others. */
function blockedBy(
  { dependsOn }: PlannedStack,
  reports: ReadonlyMap<string, StackReport>,
): string | undefined {
  return dependsOn.find((id) => {
    const result = reports.get(id)?.outcome.result;
    return result === "failed" || result === "not started";
  });
}
