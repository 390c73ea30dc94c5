import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { Deployment } from "../../demo/deployment";
import { prepareToolchain, type Toolchain } from "../../toolchain";

export const ROOT = resolve(__dirname, "..", "..");

/** An embedded AWS with a directory of its own, and what to do away with both. */
export interface Embedded {
  readonly emulator: Emulator;
  readonly toolchain: Toolchain;
  readonly directory: string;
  rehearse(map: string): Deployment;
  stop(): Promise<void>;
}

/** Starts an embedded AWS for a test file. */
export async function startEmbedded(
  options: Pick<EmulatorOptions, "organizationTrail" | "recordManagementCalls" | "organization"> & {
    organizationId?: string;
  },
): Promise<Embedded> {
  const { organizationId, ...more } = options;
  const toolchain = await prepareToolchain({ cacheDir: join(ROOT, ".cache"), log: () => {} });
  const emulator = await startEmulator({
    moto: toolchain.moto,
    ...more,
    ...(organizationId !== undefined && { organization: { id: organizationId } }),
  });
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
