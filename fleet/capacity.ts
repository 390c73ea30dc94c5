import { availableParallelism, freemem } from "node:os";

/**
 * Memory of one Terraform with its AWS provider, in bytes: up to 430 MB (measured with provider 5.100.0, on a stack of a
 * target), and some room.
 */
const MEMORY_OF_ONE = 480e6;

/** What a machine has to give. */
export interface Machine {
  readonly cores: number;
  /** Bytes that processes can still get. */
  readonly freeMemory: number;
}

/** This machine, or this container, at this moment. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory?.() || Infinity;
  const inContainer = Math.max(limit - process.memoryUsage().rss, 0);
  return { cores: availableParallelism(), freeMemory: Math.min(freemem(), inContainer) };
}

/**
 * How many Terraforms run side by side: one for each core, because each keeps a core busy while its provider starts, and
 * no more than fit into memory.
 */
export const parallelism = ({ cores, freeMemory }: Machine): number =>
  Math.max(1, Math.min(cores, Math.floor(freeMemory / MEMORY_OF_ONE)));
