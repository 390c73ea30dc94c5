import { cachedMoto, MINIMUM_PYTHON, motoInVirtualEnvironment, PINNED_MOTO } from "./moto-venv";
import type { ToolchainOptions } from "./options";
import type { Python } from "./python";
import { pythonsOnPath } from "./python";
import { ToolchainError } from "./toolchain-error";
import { isAtLeast } from "./version";

/** The command line that starts moto's server; append the server's own options, such as `-p 5000`. */
export interface MotoCommand {
  /** Absolute path of a Python. */
  command: string;
  /** ["-m", "moto.server"] */
  args: string[];
  /** "5.2.1" */
  version: string;
}

export const MINIMUM_MOTO = "5.1";

/**
 * moto, the AWS emulator: of the Python on PATH when that can import its server, else of a virtual environment in
 * the cache, which is made on first use.
 *
 * @throws ToolchainError when there is no Python, or the virtual environment cannot be made
 */
export async function findMoto(options: ToolchainOptions): Promise<MotoCommand> {
  const { cacheDir, log, env = process.env } = options;
  const pythons = await pythonsOnPath(env);
  for (const { command, moto } of pythons) {
    if (moto === undefined) continue;
    if (isAtLeast(moto, MINIMUM_MOTO)) return motoCommand(command, moto);
    log(`moto ${moto} of ${command} is passed over: ${MINIMUM_MOTO} or newer is needed`);
  }

  const cached = await cachedMoto(cacheDir, env);
  if (cached) return motoCommand(cached, PINNED_MOTO);
  const python = pythons.find(({ version }) => isAtLeast(version, MINIMUM_PYTHON));
  if (!python) throw noPython(pythons);
  return motoCommand(await motoInVirtualEnvironment({ python, cacheDir, log, env }), PINNED_MOTO);
}

const motoCommand = (command: string, version: string): MotoCommand => ({
  command,
  args: ["-m", "moto.server"],
  version,
});

function noPython(pythons: readonly Python[]): ToolchainError {
  const found = pythons.map(({ command, version }) => `${command} is Python ${version}`).join(", ");
  return new ToolchainError(
    `Python ${MINIMUM_PYTHON} or newer is missing; moto, the AWS emulator, runs on it.\n` +
      `  Looked at python3 and python on PATH: ${found || "neither runs"}.\n` +
      "  Install it: `apt-get install python3 python3-venv` on Debian and Ubuntu, `dnf install python3` on Fedora, " +
      "`brew install python` on macOS, or https://www.python.org/downloads.",
  );
}
