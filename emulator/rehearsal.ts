import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MAP_VARIABLE } from "../accounts/load";
import type { Organization } from "../accounts/organization";
import { stacksOf, type StackRef } from "../fleet/stacks";
import { runInGroup } from "../fleet/process-group";
import { Terraform } from "../fleet/terraform";
import { arns } from "../stacks/names";
import { readOrganization } from "../stacks/read-organization";
import type { Toolchain } from "../toolchain";
import type { Emulator } from "./index";
import { limit } from "./limit";
import { rehearsalOverride } from "./override";

const PROJECT = resolve(__dirname, "..");

export interface RehearsalProps {
  /** File of the accounts map. */
  readonly map: string;
  /** Directory of its own, for the synthesized stacks and their states. */
  readonly directory: string;
  readonly toolchain: Toolchain;
  readonly emulator: Emulator;
  /** Told when a stack has come to a step: `planned`, `applying`, `applied`, `unchanged`. */
  readonly progress?: (stack: StackRef, step: string) => void;
  /** Ends running children in order: Terraform saves its state. */
  readonly signal?: AbortSignal;
  /** Kills running children. */
  readonly kill?: AbortSignal;
}

/** A plan or two at a time: each keeps a core busy, nearly all of it with starting the provider. */
const PLANS_AT_ONCE = 2;

/** Deploys an organization to the embedded AWS with the real Terraform, from the stacks as they ship. */
export class Rehearsal {
  readonly organization: Organization;
  readonly stacks: readonly StackRef[];
  private readonly terraform: Terraform;
  private readonly planning = limit(PLANS_AT_ONCE);
  private readonly plans = new Map<string, Promise<void>>();

  constructor(private readonly props: RehearsalProps) {
    this.organization = readOrganization(props.map);
    this.stacks = stacksOf(this.organization);
    this.terraform = new Terraform({
      binary: props.toolchain.terraform.binary,
      // Sockets of providers that are killed stay behind: in what is removed.
      env: { ...terraformEnv(props), TMPDIR: props.directory },
      signal: props.signal,
      kill: props.kill,
    });
  }

  /** Where Terraform runs for a stack. */
  directoryOf(id: string): string {
    return join(this.props.directory, "cdktf.out", "stacks", id);
  }

  /** Synthesizes the stacks as cdktf does, by running `main.ts`. @throws Error with what it said */
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
      // Beside cdk.tf.json, which stays byte for byte what ships.
      const aliases = stack.kind === "replica" ? ["source"] : [];
      const override = JSON.stringify(
        rehearsalOverride(join(states, `${id}.tfstate`), this.roleFor(stack), aliases),
      );
      await writeFile(join(this.directoryOf(id), "emulator_override.tf.json"), override);
    }
  }

  /** Where the map leaves the account to the surroundings, a role of it stands for them. */
  private roleFor({ account, kind }: StackRef): { roleArn: string } | null {
    const { deployment, accounts, guardrails } = this.organization;
    const owner =
      kind === "guardrails" ? guardrails?.managementAccount : accounts.find(({ name }) => name === account);
    return deployment.mode === "ambient" && owner
      ? { roleArn: arns.role(owner, "session-audit-deploy") }
      : null;
  }

  private async runProject(script: string, env: NodeJS.ProcessEnv): Promise<void> {
    const { signal: interrupt, kill } = this.props;
    const args = ["--import=tsx", script];
    const { exitCode, output } = await runInGroup(process.execPath, args, {
      cwd: PROJECT,
      env,
      interrupt,
      kill,
    });
    interrupt?.throwIfAborted();
    if (exitCode !== 0) throw new Error(output.trim());
  }

  /** Starts planning a stack, unless it has been planned. Plans depend on no other stack. */
  plan(stack: StackRef): Promise<void> {
    const planned =
      this.plans.get(stack.id) ??
      this.planning(async () => {
        const directory = this.directoryOf(stack.id);
        if (!existsSync(join(directory, ".terraform"))) await this.terraform.init(directory);
        await this.terraform.plan(directory, { out: "reviewed.tfplan" });
        this.props.progress?.(stack, "planned");
      });
    this.plans.set(stack.id, planned);
    return planned;
  }

  /** Applies the plans of stacks, each after those among them that it depends on. */
  async apply(stacks: readonly StackRef[]): Promise<void> {
    const applied = new Map<string, Promise<void>>();
    for (const stack of stacks) {
      const before = stack.dependsOn.flatMap((id) => applied.get(id) ?? []);
      applied.set(
        stack.id,
        Promise.all([...before, this.plan(stack)]).then(async () => {
          this.props.progress?.(stack, "applying");
          // Terraform takes a plan once, also when it fails.
          this.plans.delete(stack.id);
          await this.terraform.apply(this.directoryOf(stack.id), "reviewed.tfplan");
          this.props.progress?.(stack, "applied");
        }),
      );
    }
    await settle([...applied.values()]);
  }

  /** Plans stacks once more. @returns those that would change, with what Terraform says */
  async changed(stacks: readonly StackRef[]): Promise<{ stack: StackRef; output: string }[]> {
    const outcomes = stacks.map((stack) =>
      this.planning(async () => {
        const { changed, output } = await this.terraform.plan(this.directoryOf(stack.id));
        this.props.progress?.(stack, changed ? "CHANGED" : "unchanged");
        return { stack, changed, output };
      }),
    );
    await settle(outcomes);
    return (await Promise.all(outcomes)).filter(({ changed }) => changed);
  }

  /** Plans to destroy a stack. @throws TerraformError when Terraform refuses */
  async planDestroy(id: string): Promise<void> {
    await this.terraform.plan(this.directoryOf(id), { destroy: true, out: "destroy.tfplan" });
  }

  /** Destroys a stack. @throws TerraformError when Terraform refuses */
  async destroy(id: string): Promise<void> {
    await this.planDestroy(id);
    await this.terraform.apply(this.directoryOf(id), "destroy.tfplan");
  }
}

/** Waits until all have ended, whichever way, and only then fails: no child is left running behind an error. */
async function settle(tasks: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

/** The emulator's environment, and of the toolchain's what concerns Terraform itself. */
export function terraformEnv({ toolchain, emulator }: Pick<RehearsalProps, "toolchain" | "emulator">) {
  const ofTerraform = /^(TF_|CHECKPOINT_DISABLE$|GOGC$)/;
  const chosen = Object.entries(toolchain.terraformEnv).filter(([name]) => ofTerraform.test(name));
  return { ...emulator.childEnv, ...Object.fromEntries(chosen) };
}
