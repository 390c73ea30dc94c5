import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, run, type RunOptions } from "../../processes/child-process";
import { isAlive } from "../helpers/is-alive";
import { until } from "../helpers/until";
import { Sandbox } from "../toolchain/sandbox";

const sh = (script: string, more: Partial<RunOptions> = {}) =>
  run("/bin/sh", ["-c", script], { env: { PATH: "/usr/bin:/bin" }, timeoutSeconds: 600, ...more });

describe("run", () => {
  it("returns standard output separately from standard error", async () => {
    expect(await sh("echo out; echo warning >&2")).toMatchObject({ stdout: "out\n", problem: undefined });
  });

  it("passes on whole lines, even if they arrive in pieces", async () => {
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

  it.each(["1", "2"])("passes on a last line without an end, of stream %s", async (stream) => {
    const lines: string[] = [];
    await sh(`printf 'one\\ntwo' >&${stream}`, { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(["one", "two"]);
  });

  it("does not put half a line of one stream before a line of the other", async () => {
    const sandbox = new Sandbox();
    const lines: string[] = [];
    const onLine = (line: string) => {
      lines.push(line);
      if (line === "first") sandbox.file("half", "");
      if (line === "warning") sandbox.file("warned", "");
    };
    const wait = (file: string) => `while [ ! -e ${file} ]; do sleep 0.01; done`;
    try {
      // The line before the half one shows that both have arrived: they are written at once.
      const script = `printf 'first\\nha'; ${wait("half")}; echo warning >&2; ${wait("warned")}; echo lf`;
      await sh(script, { cwd: sandbox.root, onLine, timeoutSeconds: 30 });
    } finally {
      sandbox.remove();
    }
    expect(lines).toEqual(["first", "warning", "half"]);
  });

  it.each([
    ["fails", "exit 4", "it exited with 4"],
    ["is killed", "kill -TERM $$", "it was ended by SIGTERM"],
  ])("names the problem when the program %s", async (_, script, problem) => {
    expect(await sh(script)).toMatchObject({ problem });
  });

  it("names the problem when the program hangs", async () => {
    const outcome = await sh("exec sleep 1000", { timeoutSeconds: 0.3 });
    expect(outcome).toMatchObject({ problem: "it did not finish within 0.3 seconds and was killed" });
  });

  describe("with a signal", () => {
    let sandbox: Sandbox;
    let stop: { signal: AbortController; kill: AbortController };
    beforeEach(() => {
      sandbox = new Sandbox();
      stop = { signal: new AbortController(), kill: new AbortController() };
    });
    afterEach(() => {
      stop.kill.abort();
      sandbox.remove();
    });

    /** A shell with a child of its own, which notes the process ids of both; the trap is the shell's. */
    const start = async (trap: string) => {
      const script = `${trap}; sleep 1000 & echo "$$ $!" > pids.new; mv pids.new pids; while :; do wait; done`;
      const running = sh(script, { cwd: sandbox.root, signal: stop.signal.signal, kill: stop.kill.signal });
      const settled = running.catch((error: unknown) => error);
      const file = join(sandbox.root, "pids");
      await until(() => existsSync(file), { what: "process id of the child" });
      return { settled, pids: readFileSync(file, "utf8").trim().split(" ").map(Number) };
    };
    const gone = (pids: readonly number[]) =>
      until(() => !pids.some(isAlive), { what: "end of the program and of its child" });

    it("ends the program and its children, and throws the reason", async () => {
      const { settled, pids } = await start(":");
      const reason = new Error("interrupted by SIGTERM");
      stop.signal.abort(reason);
      expect(await settled).toBe(reason);
      await gone(pids);
    });

    it("kills a program that does not end at the signal", async () => {
      const { settled, pids } = await start("trap '' TERM");
      stop.signal.abort(new Error("interrupted"));
      expect(isAlive(pids[0]!)).toBe(true);
      stop.kill.abort();
      expect(await settled).toEqual(new Error("interrupted"));
      await gone(pids);
    });

    it("starts nothing once it is aborted", async () => {
      stop.signal.abort(new Error("interrupted"));
      const script = "touch started";
      await expect(sh(script, { cwd: sandbox.root, signal: stop.signal.signal })).rejects.toThrow(
        "interrupted",
      );
      expect(existsSync(join(sandbox.root, "started"))).toBe(false);
    });
  });

  it("names the problem when the program cannot start", async () => {
    const outcome = await run("/nowhere/terraform", [], { env: {}, timeoutSeconds: 600 });
    expect(outcome.problem).toMatch(/cannot be started .*ENOENT/);
  });
});

it("lastLines indents the end and skips empty lines", () => {
  expect(lastLines("one\n\ntwo\r\nthree\n", 2)).toBe("    two\n    three");
});
