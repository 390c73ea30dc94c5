import type { ChildSignals } from "./child-process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long each step of an interruption may take, in milliseconds after the first signal. */
export interface InterruptionTimes {
  /** After this long, children that still run are killed. */
  readonly grace: number;
  /** After this long, the process exits, and the watchdogs in process-group.ts end what still runs. */
  readonly patience: number;
  /**
   * A repeated signal within this time does not count as a second Ctrl-C: npm and tsx forward a signal that the
   * terminal has sent to this process already.
   */
  readonly echo: number;
}

const TIMES: InterruptionTimes = { grace: 4_000, patience: 9_000, echo: 750 };

/** How often this process checks whether npm still runs. */
const NPM_CHECK_MS = 500;

/** The steps of an interruption by a Ctrl-C, a closed terminal or a `kill`. */
export interface Interruption extends Required<ChildSignals> {
  /** Aborted by the first signal: children are asked to end. */
  readonly signal: AbortSignal;
  /** Aborted by a second signal, or after the grace period: children are killed. */
  readonly kill: AbortSignal;
  /** Removes the signal handlers. Call it when the program has ended. */
  release(): void;
}

/** What a program does at the steps of an interruption. */
export interface Interrupted {
  /** Called at the first signal and at the second one, with the name of the signal. */
  onSignal(name: string, times: "first" | "second"): void;
  /**
   * Called when the program has not ended in time. It must end the process.
   * @default the process exits with {@link INTERRUPTED}
   */
  onOverdue?(): void;
}

/** The exit code that shells give to a program that a Ctrl-C has ended. */
export const INTERRUPTED = 130;

/** How long the last resort waits for a reader that takes nothing any more, in milliseconds. */
const FLUSH_MS = 1_000;

/**
 * The last resort for a program that has heard a signal and has not ended by itself. `process.exitCode` alone would not end
 * it, because something still runs. It ends when everything that was printed is written.
 */
function exitOverdue(): void {
  process.exitCode = INTERRUPTED;
  const exit = () => process.exit();
  setTimeout(exit, FLUSH_MS);
  process.stdout.write("", () => process.stderr.write("", exit));
}

/**
 * Handles the signals that end a program.
 * @param times tests give times of their own
 * @example
 * const interruption = onInterruption({
 *   onSignal: (name) => process.stderr.write(`${name}: stopping\n`),
 * });
 * await run("terraform", ["init"], { ...interruption, env: process.env, timeoutSeconds: 600 });
 */
export function onInterruption(
  { onSignal, onOverdue = exitOverdue }: Interrupted,
  times: InterruptionTimes = TIMES,
): Interruption {
  const interrupted = new AbortController();
  const killed = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let first: number | undefined;
  const interrupt = (name: string) => {
    if (first === undefined) {
      first = Date.now();
      onSignal(name, "first");
      interrupted.abort(new Error(`interrupted by ${name}`));
      timers.push(
        setTimeout(() => killed.abort(), times.grace),
        setTimeout(onOverdue, times.patience),
      );
      for (const timer of timers) timer.unref();
    } else if (Date.now() - first > times.echo && !killed.signal.aborted) {
      onSignal(name, "second");
      killed.abort();
    }
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  timers.push(...whenNpmEnds(() => first === undefined && interrupt("the end of npm")));
  return {
    signal: interrupted.signal,
    kill: killed.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/**
 * Calls a function when npm has ended, if npm has started this process. A `kill` of npm ends npm and its shell, and
 * neither of them forwards the signal.
 */
function whenNpmEnds(ended: () => void): NodeJS.Timeout[] {
  if (process.env["npm_lifecycle_event"] === undefined) return [];
  const parent = process.ppid;
  return [setInterval(() => process.ppid !== parent && ended(), NPM_CHECK_MS).unref()];
}
