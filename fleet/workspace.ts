import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Organization } from "../accounts/model/organization";
import { isRunning } from "../files/all-or-nothing";
import { sha256Of } from "../files/checksum";
import { UserError } from "../processes/user-error";
import { profilesOf } from "../stacks/profiles";
import { synthesizeStacks, type SynthesisOptions } from "../stacks/synthesize";
import { PROJECT } from "./options";
import type { Terraform } from "./terraform";

/** The environment variable that names another directory than `.session-audit` for the working data of Terraform. */
export const WORKSPACE_VARIABLE = "SESSION_AUDIT_WORKSPACE";

/** The file in which a workspace keeps what a stack was initialized with. */
const INITIALIZED = join(".terraform", "session-audit.sha256");

/**
 * The directory in which the commands over many stacks run Terraform. It is not `cdktf.out`, so that `cdktf` and these
 * commands do not disturb each other. A stack keeps its working data, so that `terraform init` runs once.
 */
export class Workspace {
  private constructor(
    /** Absolute path. */
    readonly directory: string,
    private readonly lock: string,
  ) {}

  /**
   * Opens the workspace for one command.
   * @param command named to another command that finds the workspace in use
   * @throws UserError if another command uses it
   */
  static async open(env: NodeJS.ProcessEnv, command: string): Promise<Workspace> {
    const directory = workspaceDirectory(env);
    await mkdir(directory, { recursive: true });
    const lock = join(directory, "lock");
    await takeLock(lock, command);
    return new Workspace(directory, lock);
  }

  /** The directory to which the directory of a local backend is relative. */
  get root(): string {
    return dirname(this.directory);
  }

  /** Ends the use of the workspace. */
  async close(): Promise<void> {
    await rm(this.lock, { force: true });
  }

  /** The directory in which Terraform runs for a stack. */
  directoryOf(id: string): string {
    return join(this.directory, "stacks", id);
  }

  /**
   * Writes the Terraform configuration of stacks.
   * @param options.cache whether stacks are kept that were written from the same input before
   * @throws the reason of an aborted signal
   */
  async synthesize(
    organization: Organization,
    ids: readonly string[],
    options: Pick<SynthesisOptions, "cache" | "signal"> = {},
  ): Promise<void> {
    const profiles = profilesOf(organization) !== null;
    await synthesizeStacks(organization, this.directory, { ...options, only: new Set(ids), profiles });
  }

  /** The checksum of a stack's configuration. */
  async configurationSha256(id: string): Promise<string> {
    return sha256Of(await readFile(join(this.directoryOf(id), "cdk.tf.json")));
  }

  /**
   * Runs `terraform init` for a stack, unless it has run for the same backend, providers and Terraform.
   * @param product what Terraform is, such as "Terraform 1.11.4"
   * @throws TerraformError
   */
  async initialize(terraform: Terraform, id: string, product: string): Promise<void> {
    const directory = this.directoryOf(id);
    const configuration = JSON.parse(await readFile(join(directory, "cdk.tf.json"), "utf8")) as {
      readonly terraform: unknown;
    };
    const wanted = sha256Of(JSON.stringify([product, configuration.terraform]));
    const stamp = join(directory, INITIALIZED);
    const done = await readFile(stamp, "utf8").catch(() => "");
    if (done === wanted && existsSync(join(directory, ".terraform", "providers"))) return;
    await terraform.init(directory);
    await writeFile(stamp, wanted);
  }
}

/** The directory of the workspace: `.session-audit` in the project, or what the variable names. */
export const workspaceDirectory = (env: NodeJS.ProcessEnv): string =>
  resolve(PROJECT, env[WORKSPACE_VARIABLE] || ".session-audit");

/** Creates the file that says who uses a workspace. A process that has ended without removing it no longer counts. */
async function takeLock(lock: string, command: string): Promise<void> {
  for (;;) {
    try {
      const file = await open(lock, "wx");
      await file.writeFile(JSON.stringify({ pid: process.pid, command }));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await holderOf(lock);
    if (holder && isRunning(holder.pid)) {
      throw new UserError({
        what: `session-audit ${holder.command} (process ${holder.pid}) works in this project.`,
        remedy: `Wait for its end, or set ${WORKSPACE_VARIABLE} to another directory beside it.`,
      });
    }
    await rm(lock, { force: true });
  }
}

async function holderOf(lock: string): Promise<{ pid: number; command: string } | null> {
  try {
    const { pid, command } = JSON.parse(await readFile(lock, "utf8")) as { pid: number; command: string };
    return { pid, command };
  } catch {
    return null; // The other command has just ended, or was killed before it had written the file.
  }
}
