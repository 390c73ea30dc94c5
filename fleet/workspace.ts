import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Organization } from "../accounts/model/organization";
import { isRunning } from "../files/all-or-nothing";
import { sha256Of } from "../files/checksum";
import { takeLock } from "../files/lock";
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
    private readonly release: () => Promise<void>,
  ) {}

  /**
   * Opens the workspace for one command.
   * @param command named to another command that finds the workspace in use
   * @throws UserError if another command uses it
   */
  static async open(env: NodeJS.ProcessEnv, command: string): Promise<Workspace> {
    const directory = workspaceDirectory(env);
    await mkdir(directory, { recursive: true });
    return new Workspace(directory, await holdWorkspace(join(directory, "lock"), command));
  }

  /** The directory to which the directory of a local backend is relative. */
  get root(): string {
    return dirname(this.directory);
  }

  /** Ends the use of the workspace. */
  async close(): Promise<void> {
    await this.release();
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

/** Who uses a workspace. */
interface Holder {
  readonly pid: number;
  readonly command: string;
}

/**
 * Takes a workspace for one command. A process that has ended without giving it back no longer counts.
 * @returns a function that gives the workspace back
 */
async function holdWorkspace(lock: string, command: string): Promise<() => Promise<void>> {
  const me: Holder = { pid: process.pid, command };
  const taken = await takeLock(lock, JSON.stringify(me), (content) => {
    const holder = holderIn(content);
    return holder !== null && !isRunning(holder.pid);
  });
  if ("release" in taken) return taken.release;
  const holder = holderIn(taken.heldBy);
  if (holder === null) {
    throw new UserError({
      what: `${lock} does not say which command works in this project.`,
      remedy: `If no session-audit runs here, remove this file. Otherwise set ${WORKSPACE_VARIABLE} to another directory beside it.`,
    });
  }
  throw new UserError({
    what: `session-audit ${holder.command} (process ${holder.pid}) works in this project.`,
    remedy: `Wait for its end, or set ${WORKSPACE_VARIABLE} to another directory beside it.`,
  });
}

/** The holder that a lock names; null: an older version wrote it half, or another program did. */
function holderIn(content: string): Holder | null {
  try {
    const holder = JSON.parse(content) as Partial<Holder> | null;
    return typeof holder?.pid === "number" ? (holder as Holder) : null;
  } catch {
    return null;
  }
}
