import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds of work after which signals are heard. */
const TURN = 50;

/**
 * A function for long loops, which lets signals be heard from time to time.
 * @returns a function that throws the reason of the aborted signal
 * @example const heard = turns(signal); for (const stack of stacks) { build(stack); await heard(); }
 */
export function turns(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= TURN) {
      await nextTurn();
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}
