import { spawnSync } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long an interruption waits for what, in milliseconds from the first signal on. */
export interface InterruptionTimes {
  /** Running children may take this long to end in order. Then they are killed. */
  readonly grace: number;
  /** The program may take this long to come to its end. Then it leaves the rest to the processes that outlive it. */
  readonly patience: number;
  /** A signal within this time is no second Ctrl-C: npm and tsx forward the one that the terminal has sent already. */
  readonly echo: number;
}

const TIMES: InterruptionTimes = { grace: 4_000, patience: 9_000, echo: 750 };

/** How often we look whether npm is still there. */
const ORPHAN_CHECK_MS = 500;

/** What Ctrl-C, a closed terminal and a polite `kill` set off. */
export interface Interruption {
  /** Aborted at once: running children end in order. */
  readonly signal: AbortSignal;
  /** Aborted by a second signal, or when children take too long: they are killed. */
  readonly kill: AbortSignal;
}

/**
 * Takes the signals that end a program.
 * @param told hears of the first, and of the second
 * @param abandon the last resort, when the program does not come to its end; it must end the process
 * @param times tests have others than the program
 */
export function onInterruption(
  told: (name: string, times: "first" | "second") => void,
  abandon: () => void,
  times: InterruptionTimes = TIMES,
): Interruption {
  const interrupted = new AbortController();
  const killed = new AbortController();
  let first = 0;
  const interrupt = (name: string) => {
    if (first === 0) {
      first = Date.now();
      told(name, "first");
      interrupted.abort(new Error(`interrupted by ${name}`));
      setTimeout(() => killed.abort(), times.grace).unref();
      setTimeout(abandon, times.patience).unref();
    } else if (Date.now() - first > times.echo && !killed.signal.aborted) {
      told(name, "second");
      killed.abort();
    }
  };
  for (const name of SIGNALS) process.on(name, () => interrupt(name));
  watchNpm(() => first === 0 && interrupt("the end of npm"));
  return { signal: interrupted.signal, kill: killed.signal };
}

/** A `kill` of npm ends npm and the shell between us, and none of them hands the signal on. */
function watchNpm(ended: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && ended(), ORPHAN_CHECK_MS).unref();
}

/**
 * Waits for work that takes no signal, such as what starts programs in our own process group. On interruption those
 * programs are ended, again and again while the work goes on, so that it fails and clears up by itself.
 */
export async function endingChildren<T>(work: Promise<T>, { signal, kill }: Interruption): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const sweep = () => {
    for (const pid of descendants(process.pid)) end(pid, kill.aborted ? "SIGKILL" : "SIGTERM");
    timer = setTimeout(sweep, 200);
  };
  const overdue = new Promise<never>((_resolve, reject) => {
    // A download, say, has no process that could be ended.
    kill.addEventListener("abort", () => setTimeout(() => reject(signal.reason as Error), 300), {
      once: true,
    });
  });
  signal.addEventListener("abort", sweep, { once: true });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    signal.removeEventListener("abort", sweep);
    clearTimeout(timer);
    signal.throwIfAborted();
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Processes that a process has started, and those that they have started. */
function descendants(root: number): number[] {
  const { stdout, pid: ps } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const all = (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) {
    for (const [pid, ppid] of all) if (ppid === parent && pid !== undefined && pid !== ps) found.push(pid);
  }
  return found.slice(1);
}
