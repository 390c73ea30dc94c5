import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeWithUs } from "./process-group";

/**
 * Runs a function with a new directory that only this user may read, and removes the directory afterwards: also if the
 * function fails, and if this process ends in any way, SIGKILL included. What is written there may be secret, such as
 * a saved plan, which contains the state.
 * @param prefix how the name of the directory begins
 * @param work gets the absolute path of the directory; children that write into it must end before it does
 * @param parent an existing directory for it; by default the one that the system has for temporary files
 * @returns what the function returns
 * @throws Error of the file system, or what the function throws
 * @example
 * const plan = await inTemporaryFolder("session-audit-drift-", (folder) => refresh(join(folder, "refresh.tfplan")));
 */
export async function inTemporaryFolder<T>(
  prefix: string,
  work: (folder: string) => Promise<T>,
  parent: string = tmpdir(),
): Promise<T> {
  const folder = await mkdtemp(join(parent, prefix));
  const forget = removeWithUs(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
}
