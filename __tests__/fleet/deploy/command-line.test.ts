import type { Context } from "../../../fleet/command";
import { draining } from "../../../fleet/deploy/command-line";
import { UserError } from "../../../processes/user-error";

const STAGES = ["finishing", "asking", "killing"] as const;

let printed: string[];
let codes: number[];
const context = () =>
  ({
    screen: { print: (text: string) => void printed.push(text) },
    exit: (code: number) => void codes.push(code),
  }) as unknown as Context;

beforeEach(() => {
  [printed, codes] = [[], []];
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

/** Signals as a person sends them: a forwarded one would come sooner. */
function interrupt(times: number): void {
  for (let time = 0; time < times; time++) {
    process.emit("SIGINT", "SIGINT");
    jest.setSystemTime(Date.now() + 1_000);
  }
}

const failing = (times: number, error: Error) =>
  draining(context(), STAGES, async () => {
    interrupt(times);
    throw error;
  });

it("says what each signal does, and listens to none afterwards", async () => {
  const before = process.listenerCount("SIGINT");
  await draining(context(), STAGES, async () => interrupt(3));
  expect(printed).toEqual(["SIGINT: finishing", "SIGINT: asking", "SIGINT: killing"]);
  expect(process.listenerCount("SIGINT")).toBe(before);
  expect(codes).toEqual([]);
});

it("ends with 130 if the work fails after it was asked to stop", async () => {
  await failing(2, new Error("Terraform stopped"));
  expect(codes).toEqual([130]);
});

it.each([
  ["of a fault before that", 1, new Error("broken")],
  ["that has words of its own", 2, new UserError({ what: "the journal is damaged." })],
])("passes an error on %s", async (_, times, error) => {
  await expect(failing(times, error)).rejects.toBe(error);
  expect(codes).toEqual([]);
});
