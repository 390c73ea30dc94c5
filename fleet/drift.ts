import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { inTemporaryFolder } from "../processes/temporary-folder";
import { driftPlan } from "../review/drift-plan";
import type { PlannedStack } from "../review/model";
import type { PlanJson } from "../review/plan-json";
import { plural } from "../review/render/words";
import type { StackRef } from "../stacks/stack-graph";
import { EXIT } from "./command";
import { resourcesBeforeRefresh, stateInPlan } from "./plan-folder";
import { moduleOf, planWithoutChanges } from "./plan-without-changes";
import { firstError, messageOf, type PlannerProps } from "./planner";
import { stateKey } from "./states";
import { TerraformError } from "./terraform";
import { withRetries } from "./transient";

/** A stack with what somebody has changed in it, or with the reason why nobody knows. */
export interface ComparedStack extends PlannedStack {
  /** Whether there was no state, or an empty one, that AWS could be compared with. `plan` is null then. */
  readonly notCompared?: boolean;
}

/** What to do about a stack that has no state, or whose state has no resources. */
export const WITHOUT_STATE =
  "Leave a stack that was never deployed out: name the stacks to compare, or select them with --wave, --account, " +
  "--region or --kind. The state of a stack that was deployed is lost, or state.keyPrefix of the map names another " +
  "place: correct the map, or restore the state from an older version of its object.";

/**
 * The exit code of a comparison.
 * @param differs whether any stack differs
 */
export function exitOfDrift(stacks: readonly ComparedStack[], differs: boolean): number {
  if (stacks.some(({ plan, notCompared }) => plan === null && !notCompared)) return EXIT.failed;
  if (differs) return EXIT.differs;
  return stacks.some(({ notCompared }) => notCompared) ? EXIT.notCovered : EXIT.ok;
}

/** Says which stacks were not compared; null: all were. */
export function notCompared(stacks: readonly ComparedStack[]): string | null {
  const ids = stacks.filter((stack) => stack.notCompared).map(({ id }) => id);
  if (ids.length === 0) return null;
  return `${plural(ids.length, "stack was", "stacks were")} not compared, never deployed or without their states: ${ids.join(", ")}. ${WITHOUT_STATE}`;
}

/**
 * Compares stacks with AWS, side by side. A stack that fails does not stop the others.
 * @returns one plan for each stack, whose changes are what somebody did outside Terraform
 * @throws the reason of an aborted signal, once no Terraform runs any more
 */
export async function findDrift(stacks: readonly StackRef[], props: PlannerProps): Promise<ComparedStack[]> {
  const { workspace, organization, parallel, cache, signal } = props;
  await workspace.synthesize(
    organization,
    stacks.map(({ id }) => id),
    { cache, signal },
  );
  const limit = pLimit(parallel);
  const found = await Promise.all(
    stacks.map((stack) => limit(async () => (signal?.aborted ? null : driftOfStack(stack, props)))),
  );
  signal?.throwIfAborted();
  return found.flatMap((one) => one ?? []);
}

async function driftOfStack(stack: StackRef, props: PlannerProps): Promise<ComparedStack> {
  const { progress, signal, pauseSeconds = 5 } = props;
  const { id, kind, account, accountId, region, wave } = stack;
  const about = { id, kind, account, accountId, region, wave };
  progress.start(id);
  try {
    const { result: plan } = await withRetries(
      () => refreshed(id, props),
      (error) => (error instanceof TerraformError ? error.output : ""),
      { attempts: 4, pauseSeconds, signal },
    );
    if (plan === null) {
      progress.finish(id, "not compared: its state has no resources", { failed: true });
      const place = stateKey(props.organization.state, id);
      const failure = `never deployed, or its state is lost: not compared. There is no state with resources at ${place}. ${WITHOUT_STATE}`;
      return { ...about, plan, failure, notCompared: true };
    }
    const changes = plan.resource_changes?.length ?? 0;
    progress.finish(id, changes === 0 ? "no drift" : plural(changes, "object differs", "objects differ"));
    return { ...about, plan };
  } catch (error) {
    if (!(error instanceof TerraformError)) throw error;
    if (!signal?.aborted) progress.finish(id, `failed: ${firstError(error.output)}`, { failed: true });
    return { ...about, plan: null, failure: messageOf(error.output) };
  }
}

/**
 * The drift of a stack as a plan; null: it has no state, or one without resources. The saved plan has the state, so it is
 * removed whatever happens.
 */
async function refreshed(
  id: string,
  { workspace, terraform, product, lockTimeout }: PlannerProps,
): Promise<PlanJson | null> {
  const directory = workspace.directoryOf(id);
  await workspace.initialize(terraform, id, product);
  return inTemporaryFolder("session-audit-drift-", async (work) => {
    const out = join(work, "refresh.tfplan");
    const { changed } = await terraform.plan(directory, { out, refreshOnly: true, lockTimeout });
    const plan = await readFile(out);
    const state = stateInPlan(plan);
    const before = resourcesBeforeRefresh(plan);
    // Terraform compares nothing with AWS, and finds no difference.
    if (state === null || !before.some(({ mode }) => mode === "managed")) return null;
    if (!changed) return planWithoutChanges(state);
    const shown = JSON.parse(await terraform.show(directory, out)) as PlanJson;
    return driftPlan(shown, moduleOf(before));
  });
}
