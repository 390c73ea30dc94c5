import { Progress } from "../../demo/progress";
import { timeLeft } from "../../processes/duration";
import { Screen } from "../../processes/terminal";

const STEPS = [
  { id: "find", title: "find the tools", seconds: 10 },
  { id: "deploy", title: "deploy", seconds: 110 },
  { id: "check", title: "check", seconds: 60 },
];

let written: string;
let progress: Progress;
const watch = (isTTY = false) => {
  const output = { write: (text: string) => (written += text), isTTY, columns: 80 };
  progress = new Progress(new Screen(output, { NO_COLOR: "1" }), STEPS);
};
const pass = (seconds: number) => jest.advanceTimersByTime(seconds * 1000);
const never = () => new Promise<never>(() => {});

beforeEach(() => {
  jest.useFakeTimers();
  written = "";
  watch();
});
afterEach(() => {
  progress.end();
  jest.useRealTimers();
});

it("numbers its steps, and estimates the time that is left", () => {
  progress.begin("find");
  pass(10);
  progress.begin("deploy");
  expect(written).toBe(
    " 0:00  Step 1 of 3 (about 3 min left): find the tools\n\n 0:10  Step 2 of 3 (about 3 min left): deploy\n",
  );
});

it("learns from the pace of the machine", () => {
  progress.begin("find");
  pass(10);
  progress.begin("deploy");
  // More than twice as slow as on two idle cores: the last minute will take two.
  pass(290);
  progress.begin("check");
  expect(written).toContain("Step 3 of 3 (about 2 min left): check");
});

it("refuses a step that it does not know", () => {
  expect(() => progress.begin("dance")).toThrow("no step dance among find, deploy, check");
});

describe("in a pipe", () => {
  beforeEach(() => {
    progress.begin("deploy");
    written = "";
  });

  it("prints at least every 15 seconds which work is running, and for how long", () => {
    void progress.during("applying archive", never);
    pass(15);
    expect(written).toBe(" 0:14  still applying archive (14 s)\n");
    pass(15);
    expect(written.split("\n")).toHaveLength(3);
  });

  it("prints what a program has said behind a margin, and no status soon after", () => {
    void progress.during("running a command", never);
    pass(10);
    progress.quote("  1/8  done");
    progress.quote("");
    pass(10);
    expect(written).toBe("       |   1/8  done\n       |\n");
  });

  it("prints no status while other lines are printed", () => {
    for (let time = 0; time < 10; time++) {
      pass(10);
      progress.line("planned");
    }
    expect(written).not.toContain("still");
  });

  it("forgets work that has ended or failed", async () => {
    await progress.during("planning a", () => Promise.resolve());
    await expect(progress.during("planning b", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    pass(15);
    expect(written).toBe(" 0:14  still deploy\n");
  });

  it("prints nothing after its end", () => {
    progress.end();
    pass(60);
    expect(written).toBe("");
  });
});

it("on a terminal, rewrites one line each second instead of printing new lines", () => {
  progress.end();
  watch(true);
  progress.begin("deploy");
  void progress.during("applying archive", never);
  written = "";
  pass(2);
  expect(written).toBe(
    [1, 2].map((s) => `\r\u001b[K 0:0${s}  about 2 min left: applying archive (${s} s)`).join(""),
  );
  void progress.during("planning account", never);
  written = "";
  pass(1);
  expect(written).toContain("applying archive (3 s), and 1 more");
  pass(60);
  expect(written).not.toContain("\n");
});

it.each([
  [200, "about 3 min left"],
  [60, "about 1 min left"],
  [51, "about 1 min left"],
  [41, "about 50 s left"],
  [4, "a few seconds left"],
])("calls %d seconds %j", (seconds, text) => expect(timeLeft(seconds)).toBe(text));
