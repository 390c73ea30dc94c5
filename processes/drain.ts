/** The stages in which a program ends work that must not be torn: one signal for each. */
export interface Drain {
  /** Aborted by the first signal: no new work is started, and running work is finished. */
  readonly drain: AbortSignal;
  /** Aborted by the second signal: running work is asked to end soon. */
  readonly interrupt: AbortSignal;
  /** Aborted by the third signal: running work is killed. */
  readonly kill: AbortSignal;
  /** Removes the signal handlers. */
  release(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Handles the signals that end a program, in three stages. A pipeline that cancels a job sends several signals within
 * seconds, and so reaches the later stages by itself.
 * @see https://docs.github.com/actions/how-tos/manage-workflow-runs/cancel-a-workflow-run
 * @param onStage called at each stage, with the name of the signal
 * @param echoMs a signal this soon after another one does not count: npm and tsx forward a signal that the terminal
 * has sent to this process already
 */
export function onDrain(onStage: (stage: 1 | 2 | 3, signal: string) => void, echoMs = 750): Drain {
  const stages = [new AbortController(), new AbortController(), new AbortController()] as const;
  let stage = 0;
  let last = -Infinity;
  const handle = (signal: string) => {
    const now = Date.now();
    if (stage === stages.length || now - last <= echoMs) return;
    last = now;
    const controller = stages[stage]!;
    stage++;
    onStage(stage as 1 | 2 | 3, signal);
    controller.abort(new Error(`interrupted by ${signal}`));
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    drain: stages[0].signal,
    interrupt: stages[1].signal,
    kill: stages[2].signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
