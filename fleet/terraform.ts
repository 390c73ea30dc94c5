import { runInGroup } from "../processes/process-group";
import { UserError } from "../processes/user-error";

/** A Terraform command that failed. The message has the command, the directory and the whole output. */
export class TerraformError extends UserError {
  override readonly name = "TerraformError";

  constructor(
    readonly directory: string,
    readonly args: readonly string[],
    /** Exit code of Terraform; null if a signal ended it, or if it did not start. */
    readonly terraformExitCode: number | null,
    readonly output: string,
  ) {
    super({
      what: `terraform ${args.join(" ")} failed in ${directory} (exit code ${terraformExitCode ?? "none"}):\n${output.trim()}`,
    });
  }
}

export interface TerraformProps {
  /** Terraform or OpenTofu. */
  readonly binary: string;
  /** The child's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Asks running children to end, with SIGINT: Terraform then saves its state and releases its lock. */
  readonly signal?: AbortSignal;
  /** Kills running children and the providers that they have started, without waiting for their end. */
  readonly kill?: AbortSignal;
}

/** How a stack is planned. */
export interface PlanOptions {
  /** File for the plan. */
  readonly out?: string;
  /** Whether to plan the destruction of the stack (`-destroy`). */
  readonly destroy?: boolean;
  /** Whether to plan only the update of the state to the real objects (`-refresh-only`). */
  readonly refreshOnly?: boolean;
  /** Whether to lock the state. @default true */
  readonly lock?: boolean;
  /** How long to wait for a state that somebody else has locked, like "60s". */
  readonly lockTimeout?: string;
}

/** The result of a plan. */
export interface PlanOutcome {
  /** Whether the stack would change. */
  readonly changed: boolean;
  /** Everything that Terraform has printed. */
  readonly output: string;
}

/**
 * Runs Terraform in the directories of stacks.
 * @example
 * const terraform = new Terraform({ binary: "/usr/bin/terraform", env: process.env });
 * await terraform.init(directory);
 * const { changed } = await terraform.plan(directory, { out: "reviewed.tfplan" });
 * if (changed) await terraform.apply(directory, "reviewed.tfplan");
 */
export class Terraform {
  constructor(private readonly props: TerraformProps) {}

  /** @throws TerraformError */
  async init(directory: string): Promise<void> {
    // `-reconfigure`: the directory holds no state of its own that could be copied to another backend.
    await this.run(directory, ["init", "-no-color", "-input=false", "-reconfigure"]);
  }

  /**
   * Plans a stack, and saves the plan if `out` names a file.
   * @throws TerraformError
   */
  async plan(directory: string, options: PlanOptions = {}): Promise<PlanOutcome> {
    const { exitCode, output } = await this.run(
      directory,
      [
        ...["plan", "-no-color", "-input=false", "-detailed-exitcode"],
        ...(options.out === undefined ? [] : [`-out=${options.out}`]),
        ...(options.destroy ? ["-destroy"] : []),
        ...(options.refreshOnly ? ["-refresh-only"] : []),
        ...(options.lock === false ? ["-lock=false"] : []),
        ...(options.lockTimeout === undefined ? [] : [`-lock-timeout=${options.lockTimeout}`]),
      ],
      [0, 2],
    );
    return { changed: exitCode === 2, output };
  }

  /**
   * Describes a saved plan as JSON.
   * @throws TerraformError
   */
  async show(directory: string, plan: string): Promise<string> {
    return (await this.run(directory, ["show", "-json", plan])).stdout;
  }

  /**
   * Applies a saved plan.
   * @throws TerraformError
   */
  async apply(directory: string, plan: string): Promise<void> {
    await this.run(directory, ["apply", "-no-color", "-input=false", plan]);
  }

  /**
   * Runs any command.
   * @throws TerraformError on an exit code that is not accepted
   */
  async run(directory: string, args: readonly string[], accepted: readonly number[] = [0]) {
    const { binary, env, signal: interrupt, kill } = this.props;
    interrupt?.throwIfAborted();
    const { exitCode, stdout, output } = await runInGroup(binary, args, {
      cwd: directory,
      env,
      interrupt,
      kill,
    }).catch((error: Error) => {
      throw new TerraformError(directory, args, null, error.message);
    });
    if (exitCode === null || !accepted.includes(exitCode)) {
      throw new TerraformError(directory, args, exitCode, output);
    }
    return { exitCode, stdout, output };
  }
}
