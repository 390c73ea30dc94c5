import { lastLines, run, type RunOptions } from "../../processes/child-process";
import { Sandbox } from "../toolchain/sandbox";

const sh = (script: string, more: Partial<RunOptions> = {}) =>
  run("/bin/sh", ["-c", script], { env: { PATH: "/usr/bin:/bin" }, timeoutSeconds: 600, ...more });

describe("run", () => {
  it("tells standard output from the rest", async () => {
    expect(await sh("echo out; echo warning >&2")).toMatchObject({ stdout: "out\n", problem: undefined });
  });

  it("gives whole lines however they arrive", async () => {
    const sandbox = new Sandbox();
    const lines: string[] = [];
    const onLine = (line: string) => {
      lines.push(line);
      if (line === "one") sandbox.file("arrived", "");
    };
    try {
      const script = "printf 'one\\ntw'; while [ ! -e arrived ]; do sleep 0.01; done; printf 'o\\n'";
      await sh(script, { cwd: sandbox.root, onLine });
    } finally {
      sandbox.remove();
    }
    expect(lines).toEqual(["one", "two"]);
  });

  it.each([
    ["fails", "exit 4", "it exited with 4"],
    ["is killed", "kill -TERM $$", "it was ended by SIGTERM"],
  ])("names the problem when the program %s", async (_, script, problem) => {
    expect(await sh(script)).toMatchObject({ problem });
  });

  it("names the problem when the program hangs", async () => {
    const outcome = await sh("exec sleep 1000", { timeoutSeconds: 0.3 });
    expect(outcome).toMatchObject({ problem: "it gave no answer in 0.3 seconds" });
  });

  it("names the problem when the program cannot start", async () => {
    const outcome = await run("/nowhere/terraform", [], { env: {}, timeoutSeconds: 600 });
    expect(outcome.problem).toMatch(/cannot be started .*ENOENT/);
  });
});

it("lastLines indents the end and skips empty lines", () => {
  expect(lastLines("one\n\ntwo\r\nthree\n", 2)).toBe("    two\n    three");
});
