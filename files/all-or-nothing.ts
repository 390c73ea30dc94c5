import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let serial = 0;

/**
 * Makes the file or folder `target` appear whole or not at all, also when the process is killed half-way.
 * `build` gets an empty folder beside `target` and returns the path in it that becomes `target`; the rest of the
 * folder is thrown away. What `target` was before is replaced; call this only when it is absent or broken.
 */
export async function allOrNothing(
  target: string,
  build: (workDir: string) => Promise<string>,
): Promise<void> {
  const workDir = `${target}.partial-${process.pid}-${serial++}`;
  await mkdir(dirname(target), { recursive: true });
  await sweepWhatKilledProcessesLeft(target);
  await rm(target, { recursive: true, force: true });
  try {
    await mkdir(workDir);
    const finished = await build(workDir);
    await rename(finished, target).catch((error: NodeJS.ErrnoException) => {
      // Another process finished the same thing first; its copy is as good and may be in use.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function sweepWhatKilledProcessesLeft(target: string): Promise<void> {
  const prefix = `${basename(target)}.partial-`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (!isRunning(pid)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
