import { runInGroup } from "../processes/process-group";

/** A Terraform command that failed: which one, where, and what it said. */
export class TerraformError extends Error {
  override readonly name = "TerraformError";

  constructor(
    readonly directory: string,
    readonly args: readonly string[],
    readonly exitCode: number | null,
    readonly output: string,
  ) {
    super(
      `terraform ${args.join(" ")} failed in ${directory} (exit code ${exitCode ?? "none"}):\n${output.trim()}`,
    );
  }
}

export interface TerraformProps {
  /** Terraform or OpenTofu. */
  readonly binary: string;
  /** The child's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends running children: SIGINT, on which Terraform saves its state and lets go of its lock. */
  readonly signal?: AbortSignal;
  /** Kills running children and the providers that they have started, for who does not want to wait. */
  readonly kill?: AbortSignal;
}

export interface PlanOutcome {
  readonly changed: boolean;
  readonly output: string;
}

/** Runs Terraform in the directories of stacks. */
export class Terraform {
  constructor(private readonly props: TerraformProps) {}

  /** @throws TerraformError */
  async init(directory: string): Promise<void> {
    await this.run(directory, ["init", "-no-color", "-input=false"]);
  }

  /**
   * Plans, into a file if one is named.
   * @throws TerraformError
   */
  async plan(directory: string, options: { out?: string; destroy?: boolean } = {}): Promise<PlanOutcome> {
    const { exitCode, output } = await this.run(
      directory,
      [
        ...["plan", "-no-color", "-input=false", "-detailed-exitcode"],
        ...(options.out === undefined ? [] : [`-out=${options.out}`]),
        ...(options.destroy ? ["-destroy"] : []),
      ],
      [0, 2],
    );
    return { changed: exitCode === 2, output };
  }

  /**
   * Applies a saved plan.
   * @throws TerraformError
   */
  async apply(directory: string, plan: string): Promise<void> {
    await this.run(directory, ["apply", "-no-color", "-input=false", plan]);
  }

  /** Runs any command; @throws TerraformError on an exit code that is not accepted. */
  async run(directory: string, args: readonly string[], accepted: readonly number[] = [0]) {
    const { binary, env, signal: interrupt, kill } = this.props;
    interrupt?.throwIfAborted();
    const { exitCode, output } = await runInGroup(binary, args, {
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
    return { exitCode, output };
  }
}
