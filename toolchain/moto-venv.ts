import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Outcome } from "../processes/child-process";
import { lastLines, run } from "../processes/child-process";
import { UserError } from "../processes/user-error";
import type { ToolchainOptions } from "./options";
import { isFile } from "./path-lookup";
import type { Python } from "./python";
import { askPython } from "./python";

/** The release that is installed where no usable moto is found. */
export const PINNED_MOTO = "5.2.1";
/** The oldest Python that moto 5.2 supports (`Requires-Python` of its package). */
export const MINIMUM_PYTHON = "3.10";

type Options = ToolchainOptions & { python: Python; env: NodeJS.ProcessEnv };

/** The path of the Python in the virtual environment that an earlier run has finished, if it still works. */
export async function cachedMoto({
  cacheDir,
  ...options
}: Pick<Options, "cacheDir" | "env" | "signal" | "kill">): Promise<string | undefined> {
  const home = environmentDir(cacheDir);
  if (!isFile(marker(home))) return undefined;
  // The environment breaks when the Python that made it is upgraded or removed.
  const python = await askPython(interpreter(home), options);
  return python?.moto === PINNED_MOTO ? interpreter(home) : undefined;
}

/**
 * Makes a virtual environment with the pinned moto in the cache. An older environment is replaced.
 *
 * A virtual environment contains its own path, so it cannot be built in another folder and renamed. A marker file,
 * which is written last, shows that it is complete. Without the marker, the next run rebuilds the environment.
 *
 * @returns the path of its Python
 * @throws UserError with the end of the failing command's output
 */
export async function motoInVirtualEnvironment(options: Options): Promise<string> {
  const { python, cacheDir, log, env, signal, kill } = options;
  const home = environmentDir(cacheDir);
  await mkdir(cacheDir, { recursive: true });
  await rm(home, { recursive: true, force: true });

  log(`Making a Python environment for moto in ${home}, once`);
  const venv = await run(python.command, ["-m", "venv", home], {
    env,
    signal,
    kill,
    timeoutSeconds: 300,
  });
  if (venv.problem) throw noVenv(python, venv);

  const requirement = `moto[server]==${PINNED_MOTO}`;
  const args = ["-m", "pip", "install", "--no-input", "--progress-bar", "off", requirement];
  const pip = await run(interpreter(home), args, {
    // With PIP_USER=1 in the environment of the user, pip would refuse to install into a virtual environment.
    env: { ...env, PIP_USER: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    timeoutSeconds: 1800,
    signal,
    kill,
    onLine: (line) => {
      if (/^\s*(Downloading|Installing collected)/.test(line)) log(`  ${line.trim().slice(0, 100)}`);
    },
  });
  if (pip.problem) {
    throw new UserError({
      what: `moto, the AWS emulator, could not be installed with pip: ${pip.problem}.\n${lastLines(withoutRetries(pip.output), 6)}`,
      remedy:
        "Behind a proxy or a package mirror, set HTTPS_PROXY or PIP_INDEX_URL.\n" +
        `Or install moto for the python3 on PATH: python3 -m pip install "${requirement}"`,
    });
  }
  await writeFile(marker(home), `${requirement}\n`);
  return interpreter(home);
}

/** Output without the lines in which pip announces that it tries to connect again. Each has some 200 characters. */
const withoutRetries = (output: string): string => output.replace(/^WARNING: Retrying .*$/gm, "");

const environmentDir = (cacheDir: string): string => join(resolve(cacheDir), `moto-${PINNED_MOTO}`);

const marker = (home: string): string => join(home, "complete");

const interpreter = (home: string): string =>
  process.platform === "win32" ? join(home, "Scripts", "python.exe") : join(home, "bin", "python");

function noVenv(python: Python, { problem, output }: Outcome): UserError {
  // Debian and Ubuntu ship the module in a package of its own. The message of Python does not always name that package.
  const splitOff = /ensurepip is not|No module named '?(venv|ensurepip)/.test(output);
  return new UserError(
    splitOff
      ? {
          what:
            `${python.command} (Python ${python.version}) has no venv module, and moto, the AWS emulator, is ` +
            "installed into a virtual environment.",
          remedy: "On Debian and Ubuntu: `apt-get install python3-venv`.",
        }
      : {
          what: `${python.command} could not make a virtual environment for moto: ${problem}.\n${lastLines(output)}`,
        },
  );
}
