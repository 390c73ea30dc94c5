import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Outcome } from "../processes/child-process";
import { lastLines, run } from "../processes/child-process";
import { isFile } from "./path-lookup";
import type { Python } from "./python";
import { askPython } from "./python";
import { ToolchainError } from "./toolchain-error";

export const PINNED_MOTO = "5.2.1";
/** What moto 5.2 asks for. */
export const MINIMUM_PYTHON = "3.10";

interface Options {
  python: Python;
  cacheDir: string;
  log: (line: string) => void;
  env: NodeJS.ProcessEnv;
}

/** The Python of the virtual environment that an earlier run finished, if it still works. */
export async function cachedMoto(cacheDir: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const home = environmentDir(cacheDir);
  if (!isFile(marker(home))) return undefined;
  // The Python it was made with may have been upgraded away since.
  const python = await askPython(interpreter(home), env);
  return python?.moto === PINNED_MOTO ? interpreter(home) : undefined;
}

/**
 * Makes a virtual environment with the pinned moto in the cache, in place of what may be there.
 *
 * It cannot be built aside and renamed, as a virtual environment holds its own path. The marker is written last
 * instead: without it the environment is rebuilt.
 *
 * @returns the path of its Python
 * @throws ToolchainError with the end of the failing command's output
 */
export async function motoInVirtualEnvironment({ python, cacheDir, log, env }: Options): Promise<string> {
  const home = environmentDir(cacheDir);
  await mkdir(cacheDir, { recursive: true });
  await rm(home, { recursive: true, force: true });

  log(`Making a Python environment for moto in ${home}, once`);
  const venv = await run(python.command, ["-m", "venv", home], { env, timeoutSeconds: 300 });
  if (venv.problem) throw noVenv(python, venv);

  const requirement = `moto[server]==${PINNED_MOTO}`;
  const args = ["-m", "pip", "install", "--no-input", "--progress-bar", "off", requirement];
  const pip = await run(interpreter(home), args, {
    env: { ...env, PIP_USER: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" }, // --user is an error inside an environment
    timeoutSeconds: 1800,
    onLine: (line) => {
      if (/^\s*(Downloading|Installing collected)/.test(line)) log(`  ${line.trim().slice(0, 100)}`);
    },
  });
  if (pip.problem) {
    throw new ToolchainError(
      `moto, the AWS emulator, could not be installed with pip: ${pip.problem}.\n${lastLines(withoutRetries(pip.output), 6)}\n` +
        `  Behind a proxy or a package mirror, set HTTPS_PROXY or PIP_INDEX_URL; or install it yourself for the ` +
        `python3 on PATH: python3 -m pip install "${requirement}"`,
    );
  }
  await writeFile(marker(home), `${requirement}\n`);
  return interpreter(home);
}

/** pip announces each retry of a connection in a line of 200 characters. */
const withoutRetries = (output: string): string => output.replace(/^WARNING: Retrying .*$/gm, "");

const environmentDir = (cacheDir: string): string => join(resolve(cacheDir), `moto-${PINNED_MOTO}`);

const marker = (home: string): string => join(home, "complete");

const interpreter = (home: string): string =>
  process.platform === "win32" ? join(home, "Scripts", "python.exe") : join(home, "bin", "python");

function noVenv(python: Python, { problem, output }: Outcome): ToolchainError {
  // Debian and Ubuntu split the module off, and its own message names the package only on some versions.
  const splitOff = /ensurepip is not|No module named '?(venv|ensurepip)/.test(output);
  return new ToolchainError(
    splitOff
      ? `${python.command} (Python ${python.version}) lacks the venv module, in which moto, the AWS emulator, is to ` +
          "be installed.\n  On Debian and Ubuntu: `apt-get install python3-venv`."
      : `${python.command} could not make a virtual environment for moto: ${problem}.\n${lastLines(output)}`,
  );
}
