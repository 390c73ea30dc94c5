import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { AccountsMap } from "../../accounts/schema";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { terraformEnv } from "../../demo/deployment";
import { createStateBucket } from "../../demo/rollout/surroundings";
import { prepareToolchain } from "../../toolchain";
import type { ProgramOutcome } from "./run-program";

const ROOT = resolve(__dirname, "..", "..");
export const STATE_BUCKET = "acme-terraform-state";

/** The map with its states in a bucket. */
export const withS3State = (map: AccountsMap): AccountsMap => ({
  ...map,
  state: { backend: "s3", bucket: STATE_BUCKET, region: "eu-central-1", keyPrefix: "session-audit" },
});

/**
 * Lets the programs whose temporary folder is `directory` share the compiled sources of all others: tsx keeps them in a
 * folder of its own there, and takes two seconds of processor time to compile them anew.
 */
function shareTsxCache(directory: string): void {
  const name = `tsx-${process.geteuid!()}`;
  const shared = join(tmpdir(), name);
  mkdirSync(shared, { recursive: true });
  symlinkSync(shared, join(directory, name));
}

/** A program that runs. */
export interface RunningProgram {
  readonly pid: number;
  readonly ended: Promise<ProgramOutcome>;
  kill(signal: NodeJS.Signals): void;
}

/** A clone of an operator: a map, a workspace and the embedded AWS, on which `session-audit` runs as it ships. */
export class Fleet {
  private constructor(
    readonly emulator: Emulator,
    readonly directory: string,
    /** The environment in which the operator works. */
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Starts an embedded AWS that has the bucket of the states. */
  static async start(options: Partial<EmulatorOptions> = {}): Promise<Fleet> {
    const toolchain = await prepareToolchain({ cacheDir: join(ROOT, ".cache"), log: () => {} });
    const directory = mkdtempSync(join(tmpdir(), "session-audit-fleet-"));
    const emulator = await startEmulator({
      moto: toolchain.moto,
      organizationTrail: true,
      organization: {
        id: "o-a1b2c3d4e5",
        accounts: ["111111111111", "222222222222", "333333333333", "444444444444"],
      },
      ...options,
    });
    shareTsxCache(directory);
    await createStateBucket(emulator, { bucket: STATE_BUCKET, region: "eu-central-1" });
    const env = {
      ...terraformEnv({ toolchain, emulator }),
      SESSION_AUDIT_WORKSPACE: join(directory, "workspace"),
      SESSION_AUDIT_ACCOUNTS: join(directory, "map.json"),
      TMPDIR: directory,
    };
    return new Fleet(emulator, directory, env);
  }

  /** Writes the map that the next commands read. */
  write(map: AccountsMap): void {
    writeFileSync(join(this.directory, "map.json"), JSON.stringify(map));
  }

  /** A path in the operator's directory. */
  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** Runs `session-audit` with the words of a command line, in a process of its own. */
  run(...argv: string[]): Promise<ProgramOutcome> {
    return this.start(...argv).ended;
  }

  /** Starts `session-audit`, for tests that end it before its end. */
  start(...argv: string[]): RunningProgram {
    return this.startIn(ROOT, ...argv);
  }

  /** Starts the `session-audit` of a clone. @param clone its absolute path */
  startIn(clone: string, ...argv: string[]): RunningProgram {
    const child = spawn(process.execPath, [join(clone, "fleet", "bin.mjs"), ...argv], {
      cwd: this.directory,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = once(child, "close").then(([status]: (number | null)[]) => ({
      status: status!,
      stdout,
      stderr,
    }));
    return { pid: child.pid!, ended, kill: (signal) => void child.kill(signal) };
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
