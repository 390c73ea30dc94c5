import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rm } from "node:fs/promises";

/** How an apply is run. */
export interface ApplyProps {
  readonly binary: string;
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
  /** The saved plan. */
  readonly plan: string;
  /** Receives what Terraform prints. */
  readonly log: string;
  /** Keeps the id of the process while it runs. */
  readonly pidFile: string;
  readonly lockTimeout: string;
  /** Asks Terraform to end soon: it finishes its current operations, saves its state and releases its lock. */
  readonly interrupt: AbortSignal;
  readonly kill: AbortSignal;
}

/**
 * Writes the id of the process into a file, and then becomes Terraform. If this program wrote the file, a SIGKILL could
 * come between the start of Terraform and the file: the next deployment would not know that Terraform runs.
 */
const BECOME = 'umask 077 && echo "$$" > "$0" && exec "$@"';

/**
 * Applies a saved plan. If this process ends for any reason, Terraform continues and finishes its apply: an apply that is
 * killed half-way leaves a locked state, and resources that no state contains. For that reason, Terraform leads a
 * process group of its own and writes to a file, not to a pipe, which would break.
 * @returns the exit code, null after a signal, and everything that Terraform has printed
 */
export async function apply(props: ApplyProps): Promise<{ exitCode: number | null; output: string }> {
  const { binary, env, directory, plan, log, pidFile, lockTimeout, interrupt, kill } = props;
  const file = await open(log, "w", 0o600);
  try {
    const terraform = [binary, "apply", "-no-color", "-input=false", `-lock-timeout=${lockTimeout}`, plan];
    const child = spawn("/bin/sh", ["-c", BECOME, pidFile, ...terraform], {
      cwd: directory,
      env,
      detached: true,
      stdio: ["ignore", file.fd, file.fd],
      windowsHide: true,
    });
    const ended = once(child, "exit") as Promise<[number | null]>;
    ended.catch(() => undefined);
    const ask = () => child.kill("SIGINT");
    const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
    interrupt.addEventListener("abort", ask, { once: true });
    kill.addEventListener("abort", end, { once: true });
    const [exitCode] = await ended;
    interrupt.removeEventListener("abort", ask);
    kill.removeEventListener("abort", end);
    return { exitCode, output: await readFile(log, "utf8") };
  } finally {
    await file.close();
    await rm(pidFile, { force: true });
  }
}

/** The id of the process that a killed deployment has left to go on, or null. */
export async function leftRunning(pidFile: string): Promise<number | null> {
  const text = await readFile(pidFile, "utf8").catch(() => "");
  return /^\d+\n$/.test(text) ? Number(text) : null;
}
