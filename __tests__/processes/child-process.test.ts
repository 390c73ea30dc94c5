import { lastLines, run } from "../../processes/child-process";

const sh = (script: string, onLine?: (line: string) => void) =>
  run("/bin/sh", ["-c", script], { env: { PATH: "/usr/bin:/bin" }, timeoutSeconds: 0.3, onLine });

describe("run", () => {
  it("tells standard output from the rest", async () => {
    expect(await sh("echo out; echo warning >&2")).toMatchObject({ stdout: "out\n", problem: undefined });
  });

  it("gives whole lines however they arrive", async () => {
    const lines: string[] = [];
    await sh("printf 'one\\ntw'; sleep 0.05; printf 'o\\n'", (line) => lines.push(line));
    expect(lines).toEqual(["one", "two"]);
  });

  it.each([
    ["fails", "exit 4", "it exited with 4"],
    ["is killed", "kill -TERM $$", "it was ended by SIGTERM"],
    ["hangs", "exec sleep 9", "it gave no answer in 0.3 seconds"],
  ])("names the problem when the program %s", async (_, script, problem) => {
    expect(await sh(script)).toMatchObject({ problem });
  });

  it("names the problem when the program cannot start", async () => {
    const outcome = await run("/nowhere/terraform", [], { env: {}, timeoutSeconds: 1 });
    expect(outcome.problem).toMatch(/cannot be started .*ENOENT/);
  });
});

it("lastLines indents the end and skips empty lines", () => {
  expect(lastLines("one\n\ntwo\r\nthree\n", 2)).toBe("    two\n    three");
});
