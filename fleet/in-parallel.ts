/**
 * Works on items side by side, and yields each result as soon as it is there. New work starts only when the result before
 * has been taken, so that no more than `parallel` results wait in memory.
 * @throws the first error, or the reason of an aborted signal; work that still runs then is left to its end
 * @example for await (const page of inParallel(urls, 8, download)) print(page);
 */
export async function* inParallel<T, R>(
  items: Iterable<T>,
  parallel: number,
  work: (item: T) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const iterator = items[Symbol.iterator]();
  const settled: (() => R)[] = [];
  let running = 0;
  // `Promise.race` is no way to wait here: a promise that never settles keeps the result of every race that it was in.
  let wake: () => void = () => undefined;
  const settle = (take: () => R) => {
    settled.push(take);
    wake();
  };
  const fill = () => {
    while (running < parallel) {
      const { done, value } = iterator.next();
      if (done) return;
      running++;
      work(value).then(
        (result) => settle(() => result),
        (error: Error) =>
          settle(() => {
            throw error;
          }),
      );
    }
  };
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (fill(); running > 0; fill()) {
      signal?.throwIfAborted();
      if (settled.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      signal?.throwIfAborted();
      running--;
      yield settled.shift()!();
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}
