import pLimit from "p-limit";

/** Calls about single sessions at the same time, for each target. */
const AT_ONCE = 16;

/**
 * Does the same for each item, a few at a time. After a failure no more work starts.
 * @throws the first error, or the reason of an aborted signal
 */
export async function each<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  let failed = false;
  const one = async (item: T) => {
    if (failed) return;
    try {
      signal?.throwIfAborted();
      await work(item);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  await Promise.all(items.map((item) => limit(() => one(item))));
}
