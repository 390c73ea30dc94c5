import { onDrain, type Drain } from "../../processes/drain";

let drain: Drain;
afterEach(() => drain.release());
const aborted = () => [drain.drain, drain.interrupt, drain.kill].map((signal) => signal.aborted);
const send = (signal: NodeJS.Signals) => void process.emit(signal, signal);

it("goes one stage further with each signal, whichever it is", () => {
  const stages: unknown[] = [];
  drain = onDrain((stage, signal) => stages.push([stage, signal]), -1);
  send("SIGINT");
  expect(aborted()).toEqual([true, false, false]);
  send("SIGTERM");
  expect(aborted()).toEqual([true, true, false]);
  send("SIGHUP");
  expect(aborted()).toEqual([true, true, true]);
  send("SIGINT");
  expect(stages).toEqual([
    [1, "SIGINT"],
    [2, "SIGTERM"],
    [3, "SIGHUP"],
  ]);
});

it("counts a signal once that npm forwards", () => {
  drain = onDrain(() => undefined, 60_000);
  send("SIGINT");
  send("SIGINT");
  expect(aborted()).toEqual([true, false, false]);
});

it("handles no signal after its release", () => {
  drain = onDrain(() => undefined, -1);
  const before = process.listenerCount("SIGINT");
  drain.release();
  expect(process.listenerCount("SIGINT")).toBe(before - 1);
});
