import { isFromAws, wordsOf } from "../../aws-errors";
import type { Seen } from "../model";

/**
 * Reads something of AWS. What AWS refuses or throttles is a result, in AWS's own words; every other error, and an
 * interruption, is thrown.
 */
export async function look<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<Seen<T>> {
  try {
    signal?.throwIfAborted();
    return { seen: await read() };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isFromAws(error)) throw error;
    return { unseen: wordsOf(error) };
  }
}

/**
 * Reads something that may not exist; null: AWS says that there is no such thing.
 * @param absent names of AWS's errors that say so
 */
export async function orNull<T>(absent: readonly string[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (absent.includes((error as Error).name)) return null;
    throw error;
  }
}
