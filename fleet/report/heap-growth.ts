import { setFlagsFromString } from "node:v8";

/** By how many percent the heap may grow before V8 collects the garbage of all of it. */
const GROWTH_PERCENT = 100;

/**
 * Makes this process collect garbage before its heap has become twice as large as what it holds. On a machine with much
 * memory, V8 otherwise waits until the heap is up to four times as large, and a report over thousands of targets makes
 * garbage all the time. It costs no measurable processor time.
 * @see https://v8.dev/blog/heap-size-limit
 */
export const limitHeapGrowth = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
