import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Sends a signal to a process group; one that has ended already is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Ends a process group when this process is gone, however it goes: Ctrl-C, a crash or SIGKILL. A shell waits on a
 * pipe that the system closes with us; `exit` handlers would miss the signals.
 * @returns call it when the group has ended in order
 */
export function endWithUs(pid: number): () => void {
  const watcher = spawn("sh", ["-c", 'read -r _; kill -s KILL -- "-$1"', "sh", String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Neither the shell nor its pipe keeps this process from ending.
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  watcher.on("error", () => undefined);
  return () => void watcher.kill("SIGKILL");
}

/** Ends a child that leads its process group and waits until it is gone: asks first, then insists. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    signalGroup(child.pid, "SIGTERM");
    const insist = setTimeout(signalGroup, 3_000, child.pid, "SIGKILL");
    await gone;
    clearTimeout(insist);
  }
  // A wrapper such as `uv run` may end before the server that it started.
  signalGroup(child.pid, "SIGKILL");
}
