import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** The headless shell comes first: it opens a page with a quarter of the processor time of the whole browser. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** Chromium is the only program here that may sit on a network: nothing of it may look for updates or send anything. */
const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/**
 * The path of Chromium: `CHROME_PATH`, else the first of some names in `PATH`.
 * @returns null if there is none
 * @throws Error if there is none although the environment demands one: `CI` is set, or `CHROME_PATH` names no program
 */
export function findChromium(env: NodeJS.ProcessEnv): string | null {
  const { CHROME_PATH: named, PATH: path = "", CI: ci } = env;
  if (named) {
    if (isProgram(named)) return named;
    throw new Error(
      `CHROME_PATH names ${named}, which is no program. Set it to the path of Chromium, or unset it.`,
    );
  }
  const found = NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find(
    isProgram,
  );
  if (found !== undefined) return found;
  if (ci && ci !== "false")
    throw new Error(
      `Chromium is not installed: none of ${NAMES.join(", ")} is in PATH. Install the package chromium, or set CHROME_PATH.`,
    );
  return null;
}

/** Starts Chromium without a window and with a profile of its own, which is removed when it ends. */
export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args: ARGUMENTS });

/**
 * Describes tests in Chromium. Without one, they are skipped, and a line says so.
 * @returns `describe`, or `describe.skip`
 */
export function describeInChromium(executablePath: string | null): jest.Describe {
  if (executablePath !== null) return describe;
  process.stderr.write(
    "SKIPPED: the tests of a page, because Chromium is not installed. Install it, or set CHROME_PATH.\n",
  );
  return describe.skip;
}
