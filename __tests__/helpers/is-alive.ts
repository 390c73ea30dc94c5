import { spawnSync } from "node:child_process";

/**
 * Whether a process still runs. A process that has ended stays in the table as a zombie if its parent does not wait for
 * it, as in some containers. A zombie does not run.
 */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}
