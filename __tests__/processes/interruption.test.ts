import { onInterruption, type Interruption } from "../../processes/interruption";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const TIMES = { grace: 4_000, patience: 9_000, echo: 750 };

let signals: string[];
let overdue: number;
let interruption: Interruption;

function listen(): void {
  interruption = onInterruption(
    {
      onSignal: (name, times) => signals.push(`${name} ${times}`),
      onOverdue: () => overdue++,
    },
    TIMES,
  );
}
const signal = (name: NodeJS.Signals) => process.emit(name, name);
const state = () => ({
  interrupted: interruption.signal.aborted,
  killed: interruption.kill.aborted,
  overdue,
});

beforeEach(() => {
  jest.useFakeTimers();
  jest.replaceProperty(process, "env", {});
  [signals, overdue] = [[], 0];
});
afterEach(() => {
  interruption.release();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it.each(SIGNALS)("%s asks children to end, and kills none of them", (name) => {
  listen();
  signal(name);
  expect(state()).toEqual({ interrupted: true, killed: false, overdue: 0 });
  expect(signals).toEqual([`${name} first`]);
});

it("a signal that npm or tsx forwards does not count as a second Ctrl-C", () => {
  listen();
  signal("SIGINT");
  jest.advanceTimersByTime(TIMES.echo);
  signal("SIGINT");
  expect(state()).toMatchObject({ killed: false });
  expect(signals).toEqual(["SIGINT first"]);
});

it("a second Ctrl-C kills children at once", () => {
  listen();
  signal("SIGINT");
  jest.advanceTimersByTime(TIMES.echo + 1);
  signal("SIGINT");
  expect(state()).toMatchObject({ killed: true, overdue: 0 });
  expect(signals).toEqual(["SIGINT first", "SIGINT second"]);
});

it("a third Ctrl-C changes nothing", () => {
  listen();
  for (let time = 0; time < 3; time++) {
    signal("SIGINT");
    jest.advanceTimersByTime(TIMES.echo + 1);
  }
  expect(signals).toEqual(["SIGINT first", "SIGINT second"]);
});

it("children are killed only after the grace period", () => {
  listen();
  signal("SIGTERM");
  jest.advanceTimersByTime(TIMES.grace - 1);
  expect(state()).toMatchObject({ killed: false });
  jest.advanceTimersByTime(1);
  expect(state()).toMatchObject({ killed: true, overdue: 0 });
});

it("a program that does not end in time is reported once as overdue", () => {
  listen();
  signal("SIGTERM");
  jest.advanceTimersByTime(TIMES.patience - 1);
  expect(state()).toMatchObject({ overdue: 0 });
  jest.advanceTimersByTime(60_000);
  expect(state()).toMatchObject({ overdue: 1 });
});

it("nothing happens without a signal", () => {
  listen();
  jest.advanceTimersByTime(60_000);
  expect(state()).toEqual({ interrupted: false, killed: false, overdue: 0 });
});

it("release() removes the signal handlers and the timers of an interruption", () => {
  const before = SIGNALS.map((name) => process.listenerCount(name));
  listen();
  signal("SIGTERM");
  interruption.release();
  expect(SIGNALS.map((name) => process.listenerCount(name))).toEqual(before);
  jest.advanceTimersByTime(60_000);
  expect(state()).toEqual({ interrupted: true, killed: false, overdue: 0 });
});

describe("below npm, which forwards no signal", () => {
  const npmEnds = () => {
    jest.replaceProperty(process, "ppid", 1);
    jest.advanceTimersByTime(1_000);
  };
  beforeEach(() => {
    jest.replaceProperty(process, "env", { npm_lifecycle_event: "demo" });
    jest.replaceProperty(process, "ppid", 4711);
  });

  it("the end of npm asks children to end", () => {
    listen();
    npmEnds();
    expect(state()).toMatchObject({ interrupted: true, killed: false });
    expect(signals).toEqual(["the end of npm first"]);
  });

  it("the end of npm after a signal does not count as a second signal", () => {
    listen();
    signal("SIGTERM");
    npmEnds();
    expect(state()).toMatchObject({ killed: false });
  });

  it("nothing happens while npm runs", () => {
    listen();
    jest.advanceTimersByTime(60_000);
    expect(state()).toMatchObject({ interrupted: false });
  });
});

describe("a program that has not ended in time, and says nothing else", () => {
  const exitOf = (written: (done: () => void) => void) => {
    const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, "write").mockImplementation((_text, done) => {
        written(done as unknown as () => void);
        return true;
      });
    }
    const { exitCode } = process;
    interruption = onInterruption({ onSignal: () => undefined }, TIMES);
    signal("SIGTERM");
    jest.advanceTimersByTime(TIMES.patience - 1);
    expect({ calls: exit.mock.calls, exitCode: process.exitCode }).toEqual({ calls: [], exitCode });
    jest.advanceTimersByTime(1);
    expect(process.exitCode).toBe(130);
    process.exitCode = exitCode;
    return exit;
  };

  it("exits with the code of a Ctrl-C when standard output and standard error are written", () => {
    const waiting: (() => void)[] = [];
    const exit = exitOf((done) => waiting.push(done));
    expect(waiting).toHaveLength(1);
    waiting.shift()!();
    expect(exit).not.toHaveBeenCalled();
    waiting.shift()!();
    expect(exit.mock.calls).toEqual([[]]);
  });

  it("exits a second later if nobody reads them", () => {
    const exit = exitOf(() => undefined);
    jest.advanceTimersByTime(999);
    expect(exit).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(exit.mock.calls).toEqual([[]]);
  });
});
