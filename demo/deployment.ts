import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pLimit from "p-limit";
import { MAP_VARIABLE } from "../accounts/reading/load";
import type { Organization } from "../accounts/model/organization";
import { runInGroup } from "../processes/process-group";
import { Terraform } from "../fleet/terraform";
import { arns } from "../stacks/names";
import { readOrganization } from "../stacks/read-organization";
import type { Toolchain } from "../toolchain";
import type { Emulator } from "../emulator";
import { SILENT, type Journal } from "./progress";
import { stacksOf, type StackRef } from "../stacks/stack-graph";
import type { Organization as EmulatedOrganization } from "../emulator/iam/authorizer";
import { rehearsalOverride } from "../emulator/child-environment";

/** The role that stands for the surrounding credentials where the map says `deployment: { mode: "ambient" }`. */
export const AMBIENT_ROLE = "session-audit-deploy";

/** Stands for the id of an organization where the map does not have one. */
const SOME_ID = "o-emulated000";

/**
 * The AWS organization to emulate for a map. Each organizational unit that the map's guardrails name contains every
 * account of the map, because the map does not say more. undefined if the map has neither an organization id nor
 * guardrails.
 */
export function organizationOf({ id, guardrails, accounts }: Organization): EmulatedOrganization | undefined {
  const members = accounts.map((account) => account.id);
  if (guardrails === null) return id === null ? undefined : { id, accounts: members };
  const units = guardrails.organizationalUnits.filter((unit) => !/^\d+$/.test(unit));
  return {
    id: id ?? SOME_ID,
    accounts: [...members, guardrails.managementAccount.id],
    managementAccount: guardrails.managementAccount.id,
    units: Object.fromEntries(units.map((unit) => [unit, members])),
  };
}

const PROJECT = resolve(__dirname, "..");

/** What a {@link Deployment} needs. */
export interface DeploymentProps {
  /** File of the accounts map. */
  readonly map: string;
  /** An empty directory for the synthesized stacks and their states. */
  readonly directory: string;
  readonly toolchain: Toolchain;
  readonly emulator: Emulator;
  /** Receives the Terraform commands that begin and those that have ended. */
  readonly journal?: Pick<Journal, "line" | "during">;
  /** Asks running children to end: Terraform saves its state. */
  readonly signal?: AbortSignal;
  /** Kills running children. */
  readonly kill?: AbortSignal;
}

/** A plan keeps one core busy, nearly all of the time with the start of the provider. */
const PLANS_AT_ONCE = 2;

/**
 * Deploys the organization of a map to the embedded AWS, with the real Terraform and the stacks as they ship.
 * @example
 * const deployment = new Deployment({ map, directory, toolchain, emulator });
 * await deployment.synthesize();
 * await deployment.apply(deployment.stacks);
 */
export class Deployment {
  readonly organization: Organization;
  readonly stacks: readonly StackRef[];
  private readonly terraform: Terraform;
  private readonly planning = pLimit(PLANS_AT_ONCE);
  private readonly plans = new Map<string, Promise<void>>();
  private readonly journal: Pick<Journal, "line" | "during">;

  constructor(private readonly props: DeploymentProps) {
    this.organization = readOrganization(props.map);
    this.journal = props.journal ?? SILENT;
    this.stacks = stacksOf(this.organization);
    this.terraform = new Terraform({
      binary: props.toolchain.terraform.binary,
      // A provider that is killed leaves its socket behind. In this directory, the socket is removed at the end.
      env: { ...terraformEnv(props), TMPDIR: props.directory },
      signal: props.signal,
      kill: props.kill,
    });
  }

  /** The directory in which Terraform runs for a stack. */
  directoryOf(id: string): string {
    return join(this.props.directory, "cdktf.out", "stacks", id);
  }

  /**
   * Synthesizes the stacks as cdktf does, by running `main.ts`.
   * @throws Error with the output of `main.ts` if it fails
   */
  async synthesize(): Promise<void> {
    const states = join(this.props.directory, "state");
    await mkdir(states, { recursive: true });
    const env = {
      ...process.env,
      [MAP_VARIABLE]: this.props.map,
      CDKTF_OUTDIR: join(this.props.directory, "cdktf.out"),
    };
    await this.runProject(join(PROJECT, "main.ts"), env);
    for (const stack of this.stacks) {
      const { id } = stack;
      // The override is a file beside cdk.tf.json, which is not changed.
      const aliases = await this.aliasesIn(id);
      const override = JSON.stringify(
        rehearsalOverride(join(states, `${id}.tfstate`), this.roleFor(stack), aliases),
      );
      await writeFile(join(this.directoryOf(id), "emulator_override.tf.json"), override);
    }
  }

  /** The aliases of the AWS providers that a stack has beside its default one. */
  private async aliasesIn(id: string): Promise<string[]> {
    const text = await readFile(join(this.directoryOf(id), "cdk.tf.json"), "utf8");
    const { provider } = JSON.parse(text) as { provider: { aws: { alias?: string }[] } };
    return provider.aws.flatMap(({ alias }) => alias ?? []);
  }

  /** The role that a stack is deployed with; null: the map names it. */
  private roleFor({ account, kind }: StackRef): { roleArn: string } | null {
    const { deployment, accounts, guardrails } = this.organization;
    const owner =
      kind === "guardrails" ? guardrails?.managementAccount : accounts.find(({ name }) => name === account);
    return deployment.mode === "ambient" && owner ? { roleArn: arns.role(owner, AMBIENT_ROLE) } : null;
  }

  private async runProject(script: string, env: NodeJS.ProcessEnv): Promise<void> {
    const { signal: interrupt, kill } = this.props;
    const args = ["--require=tsx/cjs", script];
    const { exitCode, output } = await runInGroup(process.execPath, args, {
      cwd: PROJECT,
      env,
      interrupt,
      kill,
    });
    interrupt?.throwIfAborted();
    if (exitCode !== 0) throw new Error(output.trim());
  }

  /** Plans a stack, unless it is planned already. A plan needs no other stack. */
  plan(stack: StackRef): Promise<void> {
    const planned =
      this.plans.get(stack.id) ??
      this.planning(() =>
        this.journal.during(`planning ${stack.id}`, async () => {
          const directory = this.directoryOf(stack.id);
          if (!existsSync(join(directory, ".terraform"))) await this.terraform.init(directory);
          await this.terraform.plan(directory, { out: "reviewed.tfplan" });
        }),
      ).then(() => this.journal.line(`planned ${stack.id}`));
    this.plans.set(stack.id, planned);
    return planned;
  }

  /** Applies the plans of stacks. A stack waits for the given stacks that it depends on. */
  async apply(stacks: readonly StackRef[]): Promise<void> {
    const applied = new Map<string, Promise<void>>();
    for (const stack of stacks) {
      const before = stack.dependsOn.flatMap((id) => applied.get(id) ?? []);
      applied.set(
        stack.id,
        Promise.all([...before, this.plan(stack)]).then(async () => {
          // Terraform accepts a saved plan once, even if its apply fails.
          this.plans.delete(stack.id);
          await this.journal.during(`applying ${stack.id}`, () =>
            this.terraform.apply(this.directoryOf(stack.id), "reviewed.tfplan"),
          );
          this.journal.line(`applied ${stack.id}`);
        }),
      );
    }
    await settle([...applied.values()]);
  }

  /**
   * Plans stacks once more.
   * @returns the stacks that would change, with the output of Terraform
   */
  async changed(stacks: readonly StackRef[]): Promise<{ stack: StackRef; output: string }[]> {
    const outcomes = stacks.map((stack) =>
      this.planning(async () => {
        const { changed, output } = await this.journal.during(`planning ${stack.id} again`, () =>
          this.terraform.plan(this.directoryOf(stack.id)),
        );
        this.journal.line(
          changed ? `CHANGED ${stack.id}: the second plan is not empty` : `unchanged ${stack.id}`,
        );
        return { stack, changed, output };
      }),
    );
    await settle(outcomes);
    return (await Promise.all(outcomes)).filter(({ changed }) => changed);
  }

  /**
   * Plans to destroy a stack.
   * @throws TerraformError if Terraform refuses
   */
  async planDestroy(id: string): Promise<void> {
    await this.terraform.plan(this.directoryOf(id), { destroy: true, out: "destroy.tfplan" });
  }

  /**
   * Destroys a stack.
   * @throws TerraformError if Terraform refuses
   */
  async destroy(id: string): Promise<void> {
    await this.planDestroy(id);
    await this.terraform.apply(this.directoryOf(id), "destroy.tfplan");
  }
}

/** Waits until every task has ended, and then throws the first failure: no child process outlives the error. */
async function settle(tasks: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

/** The environment for Terraform: the emulator's, and the toolchain's settings for Terraform itself. */
export function terraformEnv({ toolchain, emulator }: Pick<DeploymentProps, "toolchain" | "emulator">) {
  const ofTerraform = /^(TF_|CHECKPOINT_DISABLE$|GOGC$)/;
  const chosen = Object.entries(toolchain.terraformEnv).filter(([name]) => ofTerraform.test(name));
  return { ...emulator.childEnv, ...Object.fromEntries(chosen) };
}
