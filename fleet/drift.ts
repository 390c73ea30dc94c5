import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { inTemporaryFolder } from "../processes/temporary-folder";
import { driftPlan } from "../review/drift-plan";
import type { PlannedStack } from "../review/model";
import type { PlanJson } from "../review/plan-json";
import { plural } from "../review/render/words";
import type { StackRef } from "../stacks/stack-graph";
import { resourcesBeforeRefresh, stateInPlan } from "./plan-folder";
import { moduleOf, planWithoutChanges } from "./plan-without-changes";
import { firstError, messageOf, type PlannerProps } from "./planner";
import { TerraformError } from "./terraform";
import { withRetries } from "./transient";

/**
 * Compares stacks with AWS, side by side. A stack that fails does not stop the others.
 * @returns one plan for each stack, whose changes are what somebody did outside Terraform
 * @throws the reason of an aborted signal, once no Terraform runs any more
 */
export async function findDrift(stacks: readonly StackRef[], props: PlannerProps): Promise<PlannedStack[]> {
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

async function driftOfStack(stack: StackRef, props: PlannerProps): Promise<PlannedStack> {
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
    const changes = plan.resource_changes?.length ?? 0;
    progress.finish(id, changes === 0 ? "no drift" : plural(changes, "object differs", "objects differ"));
    return { ...about, plan };
  } catch (error) {
    if (!(error instanceof TerraformError)) throw error;
    if (!signal?.aborted) progress.finish(id, `failed: ${firstError(error.output)}`, { failed: true });
    return { ...about, plan: null, failure: messageOf(error.output) };
  }
}

/** The drift of a stack as a plan. The saved plan has the state, so it is removed whatever happens. */
async function refreshed(
  id: string,
  { workspace, terraform, product, lockTimeout }: PlannerProps,
): Promise<PlanJson> {
  const directory = workspace.directoryOf(id);
  await workspace.initialize(terraform, id, product);
  return inTemporaryFolder("session-audit-drift-", async (work) => {
    const out = join(work, "refresh.tfplan");
    const { changed } = await terraform.plan(directory, { out, refreshOnly: true, lockTimeout });
    const plan = await readFile(out);
    if (!changed) return planWithoutChanges(stateInPlan(plan));
    const shown = JSON.parse(await terraform.show(directory, out)) as PlanJson;
    return driftPlan(shown, moduleOf(resourcesBeforeRefresh(plan)));
  });
}
