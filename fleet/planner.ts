import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import pLimit from "p-limit";
import type { Organization } from "../accounts/model/organization";
import { sha256Of } from "../files/checksum";
import { visible } from "../pages/visible";
import { withoutCredentials } from "../review/failures";
import type { StackRef } from "../stacks/stack-graph";
import { filesOf, stateInPlan, type PlannedStack } from "./plan-folder";
import { planWithoutChanges } from "./plan-without-changes";
import type { FleetProgress } from "./progress";
import { stateKey } from "./states";
import { TerraformError, type Terraform } from "./terraform";
import { withRetries } from "./transient";
import type { Workspace } from "./workspace";

/** How many times a plan is tried if a transient error ends it, and the first pause in seconds. */
const RETRIES = { attempts: 4, pauseSeconds: 5 };

/** What planning needs. */
export interface PlannerProps {
  readonly organization: Organization;
  readonly workspace: Workspace;
  readonly terraform: Terraform;
  /** What Terraform is, such as "Terraform 1.11.4". */
  readonly product: string;
  /** How many stacks are planned side by side. */
  readonly parallel: number;
  /** How long Terraform waits for a state that somebody else has locked, like "60s". */
  readonly lockTimeout: string;
  /** Whether the configuration of stacks is kept whose input has not changed. @default true */
  readonly cache?: boolean;
  readonly progress: FleetProgress;
  readonly signal?: AbortSignal;
  /** Seconds before a failed plan is tried again. @default 5 */
  readonly pauseSeconds?: number;
}

/** Makes saved plans of stacks, and their JSON, in a plan folder. */
export class Planner {
  constructor(private readonly props: PlannerProps) {}

  /**
   * Plans stacks side by side. A stack that fails does not stop the others.
   * @param folder the plan folder
   * @throws the reason of an aborted signal, once no Terraform runs any more
   */
  async plan(stacks: readonly StackRef[], folder: string): Promise<PlannedStack[]> {
    const { workspace, organization, parallel, cache, signal } = this.props;
    await workspace.synthesize(
      organization,
      stacks.map(({ id }) => id),
      { cache, signal },
    );
    const limit = pLimit(parallel);
    const planned = await Promise.all(
      stacks.map((stack) => limit(async () => (signal?.aborted ? null : this.planOne(stack, folder)))),
    );
    signal?.throwIfAborted();
    return planned.flatMap((one) => one ?? []);
  }

  private async planOne(stack: StackRef, folder: string): Promise<PlannedStack> {
    const { organization, workspace, progress } = this.props;
    const files = filesOf(folder, stack.id);
    await mkdir(files.directory, { mode: 0o700 });
    progress.start(stack.id);
    const began = Date.now();
    const { id, kind, account, accountId, region, wave } = stack;
    const about = {
      id,
      kind,
      account,
      accountId,
      region,
      wave,
      dependsOn: [...stack.dependsOn],
      stateKey: stateKey(organization.state, stack.id),
      configurationSha256: await workspace.configurationSha256(stack.id),
    };
    const seconds = () => Math.round((Date.now() - began) / 100) / 10;
    try {
      const { result, attempts } = await this.attempt(stack.id, files);
      progress.finish(stack.id, changesIn(result.summary));
      return { ...about, ...result, seconds: seconds(), attempts };
    } catch (error) {
      if (!(error instanceof TerraformError)) throw error;
      await writeFile(files.output, error.output);
      const { attempts = 1 } = error as { attempts?: number };
      if (!this.props.signal?.aborted)
        progress.finish(stack.id, `failed: ${firstError(error.output)}`, { failed: true });
      return {
        ...about,
        result: "failed",
        state: null,
        planSha256: null,
        jsonSha256: null,
        lockFileSha256: null,
        summary: "",
        attempts,
        seconds: seconds(),
        failure: messageOf(error.output),
        log: relative(folder, files.output),
      };
    }
  }

  private attempt(id: string, files: ReturnType<typeof filesOf>) {
    const { progress, signal, pauseSeconds = RETRIES.pauseSeconds } = this.props;
    return withRetries(
      () => this.tryOnce(id, files),
      (error) => (error instanceof TerraformError ? error.output : ""),
      {
        attempts: RETRIES.attempts,
        pauseSeconds,
        signal,
        onRetry: (error, pause) =>
          progress.note(
            `${id}: ${firstError((error as TerraformError).output)}; trying again in ${Math.ceil(pause)} s`,
          ),
      },
    );
  }

  private async tryOnce(id: string, files: ReturnType<typeof filesOf>) {
    const { workspace, terraform, product, lockTimeout } = this.props;
    const directory = workspace.directoryOf(id);
    await workspace.initialize(terraform, id, product);
    const { changed, output } = await terraform.plan(directory, { out: files.plan, lockTimeout });
    await writeFile(files.output, output);
    const plan = await readFile(files.plan);
    const state = stateInPlan(plan);
    // Terraform needs the provider to describe a plan, which takes as long as a small plan. A plan without changes is
    // described by its state alone.
    const json = changed
      ? await terraform.show(directory, files.plan)
      : JSON.stringify(planWithoutChanges(state));
    await writeFile(files.json, json);
    const lockFile = await readFile(join(directory, ".terraform.lock.hcl"));
    await writeFile(files.lockFile, lockFile);
    await copyFile(join(directory, "cdk.tf.json"), files.configuration);
    return {
      result: changed ? ("changes" as const) : ("no changes" as const),
      state: state && { lineage: state.lineage, serial: state.serial },
      planSha256: sha256Of(plan),
      jsonSha256: sha256Of(json),
      lockFileSha256: sha256Of(lockFile),
      summary: summaryOf(output),
    };
  }
}

/** Terraform's line on the number of changes. */
function summaryOf(output: string): string {
  const line = /^(?:Plan: .*|No changes\..*|Changes to Outputs:.*)$/m.exec(output)?.[0] ?? "";
  return line.startsWith("No changes")
    ? "No changes."
    : line.startsWith("Changes to")
      ? "Only outputs change."
      : line;
}

/**
 * Terraform's line on the number of changes without what does not happen.
 * @example changesIn("Plan: 0 to add, 1 to change, 0 to destroy."); // "1 to change"
 */
export function changesIn(summary: string): string {
  const happening = /^Plan: (.*)\.$/
    .exec(summary)?.[1]!
    .split(", ")
    .filter((part) => !part.startsWith("0 "));
  return happening !== undefined && happening.length > 0 ? happening.join(", ") : summary.replace(/\.$/, "");
}

/** The errors in Terraform's output, without credentials, and without the frame that Terraform draws around them. */
export function messageOf(output: string): string {
  const text = withoutCredentials(output.replaceAll(/^[╷│╵] ?/gm, ""));
  const from = text.search(/^Error: /m);
  return (from < 0 ? text : text.slice(from)).trim();
}

/**
 * The first line of the first error. If it lacks what AWS has answered, that stands behind it: the AWS provider says in
 * the first line only that it has no credentials, and further down why it got none. Names of resources and locks of states
 * are in errors, so every character of the line can be seen.
 */
export function firstError(output: string): string {
  const message = messageOf(output);
  const first = message.split("\n", 1)[0]!.replace(/^Error: /, "");
  const answer = /\bapi\s+error\s+(\w+:[\s\S]+?)(?:\n\n|$)/.exec(message)?.[1];
  if (answer === undefined || /\bapi error /.test(first)) return visible(first);
  return visible(`${first}: ${answer.replaceAll(/\s+/g, " ")}`);
}
