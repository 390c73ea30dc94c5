import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { inParallel } from "../../fleet/in-parallel";

/** Work whose end a test decides. */
function gates() {
  const open = new Map<number, (value: number) => void>();
  const started: number[] = [];
  const work = (item: number) => {
    started.push(item);
    return new Promise<number>((resolve) => open.set(item, resolve));
  };
  return { started, work, end: (item: number) => open.get(item)!(item) };
}

it("yields results as they come, and starts no more than it may", async () => {
  const { started, work, end } = gates();
  const results = inParallel([1, 2, 3], 2, work);
  const first = results.next();
  expect(started).toEqual([1, 2]);
  end(2);
  expect((await first).value).toBe(2);
  // The third item waits until the first result has been taken.
  expect(started).toEqual([1, 2]);
  const second = results.next();
  await Promise.resolve();
  expect(started).toEqual([1, 2, 3]);
  end(1);
  end(3);
  expect((await second).value).toBe(1);
  expect((await results.next()).value).toBe(3);
  expect((await results.next()).done).toBe(true);
});

it("throws the first error", async () => {
  const results = inParallel([1, 2], 2, (item) =>
    item === 1 ? Promise.reject(new Error("no")) : new Promise<number>(() => undefined),
  );
  await expect(results.next()).rejects.toThrow("no");
});

it("does not wait for work when a signal is aborted", async () => {
  const controller = new AbortController();
  const results = inParallel([1], 1, () => new Promise<number>(() => undefined), controller.signal);
  const next = results.next();
  controller.abort(new Error("interrupted"));
  await expect(next).rejects.toThrow("interrupted");
});

it("keeps no result that was taken, however many there are", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const taken: WeakRef<object>[] = [];
  const work = (item: number) => Promise.resolve({ item });
  const results = inParallel([1, 2, 3, 4], 1, work, new AbortController().signal);
  for (let item = 1; item <= 4; item++) {
    taken.push(new WeakRef((await results.next()).value as object));
  }
  // A reference that was looked at lives until the task ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(taken.slice(0, 3).map((one) => one.deref())).toEqual([undefined, undefined, undefined]);
  expect((await results.next()).done).toBe(true);
});
