import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let serial = 0;

/**
 * Makes the file or folder `target` appear whole or not at all, even if the process is killed half-way. An older
 * `target` is replaced, so call this only where `target` is absent or broken.
 * @param build gets an empty folder beside `target`, and returns the path in it that becomes `target`. Everything else
 * in that folder is removed.
 * @throws whatever `build` throws; `target` is then absent
 * @example
 * await allOrNothing("cache/terraform", async (folder) => {
 *   await writeFile(join(folder, "terraform"), bytes, { mode: 0o755 });
 *   return join(folder, "terraform");
 * });
 */
export async function allOrNothing(
  target: string,
  build: (workDir: string) => Promise<string>,
): Promise<void> {
  const workDir = `${target}.partial-${process.pid}-${serial++}`;
  await mkdir(dirname(target), { recursive: true });
  await removeLeftovers(target);
  await rm(target, { recursive: true, force: true });
  try {
    await mkdir(workDir);
    const finished = await build(workDir);
    await rename(finished, target).catch((error: NodeJS.ErrnoException) => {
      // Another process has finished the same target first. Its copy is as good, and may be in use.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Removes the folders beside `target` that were left by processes which were killed while they built it. */
async function removeLeftovers(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    if (isLeftover(name, `${basename(target)}.partial-`))
      await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

/**
 * Whether a file or folder was left by a process of this program that no longer runs: its name is the prefix, the id of the
 * process, and a serial number. Every other name is that of somebody else's file.
 * @example isLeftover("plan.partial-4711-0", "plan.partial-")
 */
export function isLeftover(name: string, prefix: string): boolean {
  const [, pid] = name.startsWith(prefix) ? (/^(\d+)-\d+$/.exec(name.slice(prefix.length)) ?? []) : [];
  return pid !== undefined && !isRunning(Number(pid));
}

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    // Signal 0 only checks whether the process exists.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
