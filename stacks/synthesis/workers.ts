import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Written } from "./record";
import type { WorkerAnswer, WorkerInput } from "./worker";

/** How many stacks make a further worker worthwhile: loading cdktf and compiling the code takes as long as building these. */
const STACKS_PER_WORKER = 500;

/** Each worker has a heap of its own, so that there are few even on a large machine. */
const MOST = 4;

/** How many stacks a worker gets at a time. */
const BATCH = 10;

/** Number of workers for a number of stacks that are built; 0: this thread alone builds them as fast. */
export function workersFor(built: number): number {
  const count = Math.min(availableParallelism(), MOST, Math.floor(built / STACKS_PER_WORKER));
  return count < 2 ? 0 : count;
}

/**
 * Builds stacks in worker threads.
 * @param places places of the stacks in `declaredStacks`
 * @returns what was written, in the order of the places
 * @throws what building a stack throws in a worker, and the reason of an aborted signal. No worker runs any more then.
 */
export async function buildInWorkers(
  input: WorkerInput,
  places: readonly number[],
  count: number,
  signal?: AbortSignal,
): Promise<Written[]> {
  const written: Written[] = [];
  let next = 0;
  const workers = Array.from({ length: count }, () => startWorker(input));
  /** Gives a worker one batch after another. */
  const serve = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let from = 0;
      const give = () => {
        from = next;
        next += BATCH;
        const batch = places.slice(from, next);
        if (batch.length === 0) resolve();
        else worker.postMessage(batch);
      };
      worker.on("message", (answer: WorkerAnswer) => {
        answer.forEach((one, index) => (written[from + index] = one));
        give();
      });
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`a worker of the synthesis has ended with code ${code}`)));
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      give();
    });
  try {
    signal?.throwIfAborted();
    await Promise.all(workers.map(serve));
    return written;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A worker is TypeScript, and does not inherit how this process loads it. */
const TYPESCRIPT = join(__dirname, "..", "..", "processes", "typescript.cjs");

const startWorker = (workerData: WorkerInput): Worker =>
  new Worker(join(__dirname, "worker.ts"), {
    workerData,
    execArgv: ["--require", TYPESCRIPT],
  });
