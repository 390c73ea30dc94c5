import { onInterruption, type Interruption } from "../../processes/interruption";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const TIMES = { grace: 4_000, patience: 9_000, echo: 750 };

let told: string[];
let abandoned: number;
let interruption: Interruption;

function listen(): void {
  interruption = onInterruption(
    (name, times) => told.push(`${name} ${times}`),
    () => abandoned++,
    TIMES,
  );
}
const signal = (name: NodeJS.Signals) => process.emit(name);
const state = () => ({
  interrupted: interruption.signal.aborted,
  killed: interruption.kill.aborted,
  abandoned,
});

beforeEach(() => {
  jest.useFakeTimers();
  jest.replaceProperty(process, "env", {});
  [told, abandoned] = [[], 0];
});
afterEach(() => {
  for (const name of SIGNALS) process.removeAllListeners(name);
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it.each(SIGNALS)("%s asks children to end, and kills none", (name) => {
  listen();
  signal(name);
  expect(state()).toEqual({ interrupted: true, killed: false, abandoned: 0 });
  expect(told).toEqual([`${name} first`]);
});

it("a repeat that npm or tsx forwards is no second Ctrl-C", () => {
  listen();
  signal("SIGINT");
  jest.advanceTimersByTime(TIMES.echo);
  signal("SIGINT");
  expect(state()).toMatchObject({ killed: false });
  expect(told).toEqual(["SIGINT first"]);
});

it("a second Ctrl-C kills children at once", () => {
  listen();
  signal("SIGINT");
  jest.advanceTimersByTime(TIMES.echo + 1);
  signal("SIGINT");
  expect(state()).toMatchObject({ killed: true, abandoned: 0 });
  expect(told).toEqual(["SIGINT first", "SIGINT second"]);
});

it("a third Ctrl-C changes nothing", () => {
  listen();
  for (let time = 0; time < 3; time++) {
    signal("SIGINT");
    jest.advanceTimersByTime(TIMES.echo + 1);
  }
  expect(told).toEqual(["SIGINT first", "SIGINT second"]);
});

it("children that take longer than the grace are killed, and not before", () => {
  listen();
  signal("SIGTERM");
  jest.advanceTimersByTime(TIMES.grace - 1);
  expect(state()).toMatchObject({ killed: false });
  jest.advanceTimersByTime(1);
  expect(state()).toMatchObject({ killed: true, abandoned: 0 });
});

it("a program that does not come to its end is abandoned, once", () => {
  listen();
  signal("SIGTERM");
  jest.advanceTimersByTime(TIMES.patience - 1);
  expect(state()).toMatchObject({ abandoned: 0 });
  jest.advanceTimersByTime(60_000);
  expect(state()).toMatchObject({ abandoned: 1 });
});

it("nothing happens without a signal", () => {
  listen();
  jest.advanceTimersByTime(60_000);
  expect(state()).toEqual({ interrupted: false, killed: false, abandoned: 0 });
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
    expect(told).toEqual(["the end of npm first"]);
  });

  it("the end of npm after a signal is no second one", () => {
    listen();
    signal("SIGTERM");
    npmEnds();
    expect(state()).toMatchObject({ killed: false });
  });

  it("nothing happens as long as npm is there", () => {
    listen();
    jest.advanceTimersByTime(60_000);
    expect(state()).toMatchObject({ interrupted: false });
  });
});
