import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { Deployment } from "../../demo/deployment";
import { prepareToolchain, type Toolchain } from "../../toolchain";

/** The root of the project, as an absolute path. */
export const ROOT = resolve(__dirname, "..", "..");

/** An embedded AWS for one test file, with a directory of its own. */
export interface Embedded {
  readonly emulator: Emulator;
  readonly toolchain: Toolchain;
  /** Absolute path of a temporary directory. */
  readonly directory: string;
  /** A deployment of a map to this embedded AWS. @param map path of the map's file */
  rehearse(map: string): Deployment;
  /** Stops the embedded AWS and removes the directory. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded AWS for a test file. The toolchain is in the project's `.cache`, so that test files share it.
 * @throws Error if the toolchain is not there and cannot be downloaded
 * @example
 * let embedded: Embedded;
 * beforeAll(async () => (embedded = await startEmbedded({ organizationTrail: true })));
 * afterAll(() => embedded.stop());
 */
export async function startEmbedded(
  options: Pick<
    EmulatorOptions,
    "organizationTrail" | "recordManagementCalls" | "organization" | "judgedRoles"
  >,
): Promise<Embedded> {
  const toolchain = await prepareToolchain({ cacheDir: join(ROOT, ".cache"), log: () => {} });
  const emulator = await startEmulator({ moto: toolchain.moto, ...options });
  const directory = await mkdtemp(join(tmpdir(), "session-audit-test-"));
  return {
    emulator,
    toolchain,
    directory,
    rehearse: (map) => new Deployment({ map, directory, toolchain, emulator }),
    stop: async () => {
      await emulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
