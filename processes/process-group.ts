import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Sends a signal to a process group; one that has ended already is fine. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // macOS says EPERM of a group in which nobody lives any more.
    if (!/^(ESRCH|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** A shell that waits on a pipe which the system closes with us: `exit` handlers would miss SIGKILL and crashes. */
function afterUs(script: string, argument: string): () => void {
  const watcher = spawn("sh", ["-c", `read -r _; ${script}`, "sh", argument], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Neither the shell nor its pipe keeps this process from ending.
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  watcher.stdin.on("error", () => undefined);
  watcher.on("error", () => undefined);
  return () => void watcher.kill("SIGKILL");
}

/**
 * Ends a process group when this process is gone, however it goes: Ctrl-C, a crash or SIGKILL.
 * @returns call it when the group has ended in order
 */
export const endWithUs = (pid: number): (() => void) => afterUs('kill -s KILL -- "-$1"', String(pid));

/**
 * Removes a directory when this process is gone. A process that is about to end may still write to it: the directory
 * is removed again until it stays away for a second.
 * @returns call it when the directory has been removed in order
 */
export const removeWithUs = (directory: string): (() => void) =>
  afterUs(
    'sleep 1; for _ in 1 2 3 4 5 6 7 8 9; do rm -rf -- "$1"; sleep 1; [ -e "$1" ] || break; done',
    directory,
  );

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

/** How a child is run to its end. */
export interface GroupOptions {
  readonly cwd: string;
  /** The child's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Sends the child SIGINT, once. */
  readonly interrupt?: AbortSignal;
  /** Kills the child and all that it has started. */
  readonly kill?: AbortSignal;
}

/** How a child ended, and both of its streams in the order they came. */
export interface GroupOutcome {
  /** null: it was ended by a signal. */
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Runs a program to its end in a process group of its own: a Ctrl-C on the terminal reaches it once, through us, and
 * not twice, which Terraform takes for "stop at once, whatever is lost".
 * @throws whatever the signals were aborted with, if they were before the start, or why it cannot be started
 */
export function runInGroup(
  command: string,
  args: readonly string[],
  { cwd, env, interrupt, kill }: GroupOptions,
): Promise<GroupOutcome> {
  return new Promise((resolve, reject) => {
    interrupt?.throwIfAborted();
    kill?.throwIfAborted();
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const { pid } = child;
    const unwatch = pid === undefined ? () => undefined : endWithUs(pid);
    const stop = () => void child.kill("SIGINT");
    const killGroup = () => pid !== undefined && signalGroup(pid, "SIGKILL");
    interrupt?.addEventListener("abort", stop, { once: true });
    kill?.addEventListener("abort", killGroup, { once: true });
    const over = () => {
      interrupt?.removeEventListener("abort", stop);
      kill?.removeEventListener("abort", killGroup);
      unwatch();
    };
    // Terraform may be gone before a provider that it started, which holds its output open.
    child.on("exit", killGroup);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => void (output += text));
    }
    child.on("error", (error) => {
      over();
      reject(error);
    });
    child.on("close", (exitCode) => {
      over();
      resolve({ exitCode, output });
    });
  });
}
