import { spawnSync } from "node:child_process";

/** Whether a process still runs. One that has ended stays a zombie where nobody reaps orphans: that counts as gone. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}
