import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../helpers/embedded";

jest.setTimeout(60_000);

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** From the signal to the end. */
  readonly seconds: number;
}

let temporary: string;
beforeEach(() => (temporary = mkdtempSync(join(tmpdir(), "session-audit-interrupt-"))));
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

/** Starts the demo and interrupts it, `times` times, when it says something. */
async function interrupted(when: RegExp, signal: NodeJS.Signals, times = 1): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", "emulator/demo.ts"], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, NO_COLOR: "1", MARK: temporary },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (when.test(output)) resolve();
      });
    }
    void closed.then(() => resolve());
  });
  const began = Date.now();
  for (let time = 0; time < times; time++) {
    if (time > 0) await delay(1_000);
    // To the group, as a terminal does.
    if (child.exitCode === null) process.kill(-child.pid!, signal);
  }
  const code = await closed;
  return { code, output, seconds: (Date.now() - began) / 1000 };
}

/** Whatever the demo has started carries its temporary directory in its environment; zombies have none. */
function leftProcesses(): string[] {
  const { stdout } = spawnSync("ps", ["eww", "-A", "-o", "pid=,args="], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes(`MARK=${temporary}`) && !/\bps eww\b/.test(line));
}

async function expectNothingLeft(): Promise<void> {
  for (let tries = 0; tries < 40 && leftProcesses().length > 0; tries++) await delay(100);
  expect(leftProcesses().map((line) => line.slice(0, 120))).toEqual([]);
  expect(readdirSync(temporary).filter((name) => name.startsWith("session-audit-demo-"))).toEqual([]);
}

it.each([
  ["SIGINT", /AWS provider/],
  ["SIGHUP", /moto \d/],
  ["SIGTERM", /wave canary/],
] as const)("ends with 130 and leaves nothing on %s at %s", async (signal, when) => {
  const { code, output, seconds } = await interrupted(when, signal);
  expect({ code, output }).toEqual({ code: 130, output: expect.stringContaining(`${signal}: stopping`) });
  expect(output).not.toContain("    at ");
  expect(seconds).toBeLessThan(10);
  await expectNothingLeft();
});

it("kills Terraform at a second Ctrl-C", async () => {
  const { code, output, seconds } = await interrupted(/wave canary/, "SIGINT", 2);
  expect(code).toBe(130);
  expect(output).not.toContain("    at ");
  expect(seconds).toBeLessThan(10);
  await expectNothingLeft();
});

it("leaves neither process nor directory when it is killed", async () => {
  await interrupted(/wave canary/, "SIGKILL");
  for (let tries = 0; tries < 50 && readdirSync(temporary).length > 0; tries++) await delay(100);
  await expectNothingLeft();
});

it("ends with npm, which hands no signal on", async () => {
  const child = spawn("npm", ["run", "demo"], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, NO_COLOR: "1", MARK: temporary },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  await new Promise<void>((resolve) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("wave canary")) resolve();
    });
    child.on("exit", () => resolve());
  });
  process.kill(child.pid!, "SIGTERM");
  for (let tries = 0; tries < 120 && leftProcesses().length > 0; tries++) await delay(100);
  await expectNothingLeft();
});
