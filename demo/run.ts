import type { Emulator } from "../emulator";
import type { StackRef } from "../stacks/stack-graph";
import type { Deployment } from "./deployment";
import type { Finding } from "./findings";
import { Operators, type SessionEvidence } from "./operators";
import { SILENT, type Journal } from "./progress";
import { count, rolloutOf } from "./steps";
import { createSurroundings } from "./surroundings";

/** What a run of the demo has shown. */
export interface DemoOutcome {
  /** One for each target, in the order of the sessions. */
  readonly evidence: readonly SessionEvidence[];
  readonly stacks: readonly StackRef[];
  /** Stacks whose second plan has changes. None if the deployment is stable. */
  readonly changed: readonly { stack: StackRef; output: string }[];
  /** What the security channel of one target reported: a refused session, and changed preferences. */
  readonly findings: readonly Finding[];
  /** What the guard of one target reported about a session that it ended. None if the map has no guard. */
  readonly ended: readonly Finding[];
}

/** What {@link runDemo} needs. */
export interface DemoProps {
  /** A deployment whose stacks are synthesized. */
  readonly deployment: Deployment;
  readonly emulator: Emulator;
  /** @default a journal that ignores everything */
  readonly journal?: Journal;
  /** Ends the run between two sessions. */
  readonly signal?: AbortSignal;
}

/**
 * Deploys an organization wave by wave, holds a session in every workload account and region, and reads back the
 * records of each session. At the end, an operator and an administrator cause findings.
 * @throws Error that names what a session failed to leave. A wave that fails stops the waves after it.
 */
export async function runDemo({
  deployment,
  emulator,
  journal = SILENT,
  signal,
}: DemoProps): Promise<DemoOutcome> {
  const { stacks, organization } = deployment;
  await createSurroundings(emulator, organization);
  // Plans depend on no other stack: the plans of later waves are made while earlier waves are applied.
  journal.line(`planning all ${count(stacks.length, "stack")} in the background`);
  const plans = stacks.map((stack) => inBackground(deployment.plan(stack)));
  const operators = new Operators(organization, { emulator, journal, signal });
  const { shared, waves, last } = rolloutOf(organization, stacks);
  const evidence: SessionEvidence[] = [];
  const checks: Promise<{ stack: StackRef; output: string }[]>[] = [];
  const check = (group: readonly StackRef[]) => checks.push(inBackground(deployment.changed(group)));
  const deploy = async (step: string, group: readonly StackRef[]) => {
    if (group.length === 0) return;
    journal.begin(step);
    await deployment.apply(group);
    check(group);
  };
  try {
    await deploy("shared", shared);
    for (const [wave, added] of waves) {
      journal.begin(`wave ${wave}`);
      await deployment.apply(added);
      evidence.push(...(await operators.holdSessions(wave)));
      check(added);
    }
    await deploy("last", last);
    journal.begin("check");
    const changed = (await Promise.all(checks)).flat();
    // The tampering changes the preferences, so it comes after the second plans.
    const findings = await operators.provoke();
    return { evidence, stacks, changed, findings, ended: await operators.provokeGuard() };
  } finally {
    await Promise.allSettled([...plans, ...checks]);
  }
}

/** Marks the failure of some work as handled, because the work is awaited only later. */
function inBackground<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
