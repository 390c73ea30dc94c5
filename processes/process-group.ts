import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Sends a signal to every process of a group. A group that has ended already is no error. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // macOS answers EPERM, and not ESRCH, for a group whose processes have all ended.
    if (!/^(ESRCH|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/**
 * Starts a shell that runs a script when this process has ended. The shell reads from a pipe that the operating system
 * closes at the end of this process, however it ends: an `exit` handler would not run after SIGKILL or a crash.
 * @returns a function that ends the shell, so that the script never runs
 */
function afterUs(script: string, argument: string): () => void {
  const watcher = spawn("sh", ["-c", `read -r _; ${script}`, "sh", argument], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without `unref`, the shell and its pipe would keep this process running.
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  watcher.stdin.on("error", () => undefined);
  watcher.on("error", () => undefined);
  return () => void watcher.kill("SIGKILL");
}

/**
 * Kills a process group at the end of this process, however it ends: Ctrl-C, a crash or SIGKILL.
 * @returns a function to call once the group has ended by itself
 */
export const endWithUs = (pid: number): (() => void) => afterUs('kill -s KILL -- "-$1"', String(pid));

/**
 * Removes a directory at the end of this process, however it ends. Another process that is about to end may create the
 * directory again, as Terraform does for its state, so the removal is repeated until the directory stays absent for
 * five seconds. It gives up after a minute and a half.
 * @returns a function to call once the directory has been removed in another way
 */
export const removeWithUs = (directory: string): (() => void) =>
  afterUs(
    'gone=0; left=90; while [ "$gone" -lt 5 ] && [ "$left" -gt 0 ]; do sleep 1; left=$((left - 1)); ' +
      'if [ -e "$1" ]; then gone=0; rm -rf -- "$1"; else gone=$((gone + 1)); fi; done',
    directory,
  );

/** Ends a child that leads its process group, and waits for its end: SIGTERM first, and SIGKILL after three seconds. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    signalGroup(child.pid, "SIGTERM");
    const insist = setTimeout(signalGroup, 3_000, child.pid, "SIGKILL");
    await gone;
    clearTimeout(insist);
  }
  // A wrapper such as `uv run` may end before the server that it has started.
  signalGroup(child.pid, "SIGKILL");
}

/** How a child is run to its end. */
export interface GroupOptions {
  /** @default the directory of this process */
  readonly cwd?: string;
  /** The child's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Asks the child to end, once. */
  readonly interrupt?: AbortSignal;
  /**
   * How the child is asked. `child` sends SIGINT to the child alone, which then ends its own children in order, as
   * Terraform does with its providers. `group` sends SIGTERM to the child and to every process that it has started.
   * @default "child"
   */
  readonly ask?: "child" | "group";
  /** Kills the child and every process that it has started. */
  readonly kill?: AbortSignal;
  /** Kills the child and every process that it has started after this many seconds. */
  readonly timeoutSeconds?: number;
  /** Receives the text of both streams as it comes. */
  readonly onText?: (text: string, stream: "stdout" | "stderr") => void;
}

/** How a child ended, what it wrote to stdout, and both of its streams in the order in which their text came. */
export interface GroupOutcome {
  /** null if a signal ended the child. */
  readonly exitCode: number | null;
  /** The signal that ended the child, or null. */
  readonly endedBy: NodeJS.Signals | null;
  /** Whether the child ran for longer than `timeoutSeconds`. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly output: string;
}

/**
 * Runs a program to its end in a process group of its own, with no standard input. A Ctrl-C on the terminal reaches
 * only the group of this process, so that the child gets one signal from here and not two. At a second SIGINT,
 * Terraform stops at once and may lose its state ("Two interrupts received. Exiting immediately.").
 * @throws the reason of `interrupt` or `kill` if one of them is aborted already, or why the program cannot start
 */
export function runInGroup(
  command: string,
  args: readonly string[],
  options: GroupOptions,
): Promise<GroupOutcome> {
  const { cwd, env, interrupt, kill, ask = "child", timeoutSeconds, onText } = options;
  return new Promise((resolve, reject) => {
    interrupt?.throwIfAborted();
    kill?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    const { pid } = child;
    const unwatch = pid === undefined ? () => undefined : endWithUs(pid);
    const killGroup = () => pid !== undefined && signalGroup(pid, "SIGKILL");
    const stop = () =>
      ask === "child" ? child.kill("SIGINT") : pid !== undefined && signalGroup(pid, "SIGTERM");
    interrupt?.addEventListener("abort", stop, { once: true });
    kill?.addEventListener("abort", killGroup, { once: true });
    let timedOut = false;
    const outOfTime = () => {
      timedOut = true;
      killGroup();
    };
    const timer = timeoutSeconds === undefined ? undefined : setTimeout(outOfTime, timeoutSeconds * 1000);
    const over = () => {
      clearTimeout(timer);
      interrupt?.removeEventListener("abort", stop);
      kill?.removeEventListener("abort", killGroup);
      unwatch();
    };
    // Terraform may be gone before a provider that it started, and that provider holds Terraform's output open.
    child.on("exit", killGroup);
    let output = "";
    let stdout = "";
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (name === "stdout") stdout += text;
        onText?.(text, name);
      });
    }
    child.on("error", (error) => {
      over();
      reject(error);
    });
    child.on("close", (exitCode, endedBy) => {
      over();
      resolve({ exitCode, endedBy, timedOut, stdout, output });
    });
  });
}
