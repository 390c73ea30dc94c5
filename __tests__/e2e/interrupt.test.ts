import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareToolchain } from "../../toolchain";
import { ROOT } from "../helpers/embedded";
import { until } from "../helpers/until";

const DEMO = ["--require", "tsx/cjs", "demo/cli.ts"];
const ROLLOUT_DEMO = ["--require", "tsx/cjs", "demo/rollout/cli.ts"];
/** The demo of a rollout plans eight stacks before it applies one. */
const PLANNING_MS = 10 * 60_000;
const PATIENT_DEMO = ["--require", "tsx/cjs", "__tests__/fixtures/patient-demo.ts"];

/** A program in a process group of its own, like a program that was started from a terminal. */
class Program {
  output = "";
  private code: number | null | undefined;
  private readonly child: ChildProcess;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: temporary, NO_COLOR: "1", MARK: temporary, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => void (this.output += text));
    }
    this.child.on("close", (code) => (this.code = code));
  }

  /** Waits until the program has printed a matching line. @throws with the output if the program ends before */
  says(words: RegExp, within?: number): Promise<void> {
    return this.reaches(() => words.test(this.output), `line that matches ${words}`, within);
  }

  /** Waits for a condition while the program runs. @throws with the output if the program ends before */
  reaches(condition: () => boolean, what: string, within?: number): Promise<void> {
    const check = () => {
      if (condition()) return true;
      if (this.code !== undefined) throw new Error(`the program ended without a ${what}:\n${this.output}`);
      return false;
    };
    return until(check, { what, within });
  }

  /** Sends a signal to the whole group, as a terminal does. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal);
  }

  /** Sends a signal to the program alone, as `kill` does. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until the program ends. @returns its exit code, null after a signal */
  async ended(): Promise<number | null> {
    await until(() => this.code !== undefined, {
      what: `end of the program, which has printed:\n${this.output}`,
    });
    return this.code!;
  }
}

let temporary: string;
beforeEach(() => (temporary = mkdtempSync(join(tmpdir(), "session-audit-interrupt-"))));
afterEach(async () => {
  for (const pid of leftProcesses().map(({ pid }) => pid)) spawnSync("kill", ["-KILL", String(pid)]);
  await expectNothingLeft();
  rmSync(temporary, { recursive: true, force: true });
});

/** Finds what the programs have started by the variable `MARK` in its environment. Zombies have no environment. */
function leftProcesses(): { pid: number; command: string }[] {
  const { stdout } = spawnSync("ps", ["eww", "-A", "-o", "pid=,args="], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line.includes(`MARK=${temporary}`) && !/\bps eww\b/.test(line))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 120) }));
}
const leftDirectories = () => readdirSync(temporary).filter((name) => name.startsWith("session-audit-demo-"));

async function expectNothingLeft(): Promise<void> {
  await until(() => leftProcesses().length === 0, { what: "end of every process that the demo has started" });
  await until(() => leftDirectories().length === 0, { what: "end of every directory of the demo" });
}

it.each([
  ["SIGINT", /AWS provider/],
  ["SIGHUP", /moto \d/],
  ["SIGTERM", /planning all/],
] as const)("the demo ends with 130 and leaves nothing behind on %s at %s", async (signal, when) => {
  const demo = new Program(process.execPath, DEMO);
  await demo.says(when);
  demo.signalGroup(signal);
  expect(await demo.ended()).toBe(130);
  expect(demo.output).toContain(`${signal}: stopping`);
  expect(demo.output).not.toContain("    at ");
  await expectNothingLeft();
});

it("the demo of a rollout ends with 130 and leaves nothing behind while a plan is applied", async () => {
  const demo = new Program(process.execPath, ROLLOUT_DEMO);
  await demo.says(/account-log-archive: applied/, PLANNING_MS);
  demo.signalGroup("SIGINT");
  expect(await demo.ended()).toBe(130);
  expect(demo.output).toContain("SIGINT: stopping");
  expect(demo.output).not.toContain("    at ");
  await expectNothingLeft();
});

/** Writes a wrapper of Terraform whose `apply` never ends and ignores every signal but SIGKILL. @returns its path */
async function stubbornTerraform(started: string): Promise<string> {
  const { terraform } = await prepareToolchain({ cacheDir: join(ROOT, ".cache"), log: () => {} });
  const file = join(temporary, "terraform");
  const script = [
    "#!/bin/sh",
    `[ "$1" = apply ] || exec '${terraform.binary}' "$@"`,
    "trap '' INT TERM HUP",
    `: > '${started}'`,
    "while :; do sleep 1; done",
  ];
  writeFileSync(file, `${script.join("\n")}\n`, { mode: 0o755 });
  return file;
}

it("the first Ctrl-C asks Terraform to end, and a second one kills it", async () => {
  const started = join(temporary, "apply-has-started");
  const demo = new Program(process.execPath, PATIENT_DEMO, {
    TERRAFORM_BINARY_NAME: await stubbornTerraform(started),
  });
  await demo.reaches(() => existsSync(started), "call of terraform apply");
  demo.signalGroup("SIGINT");
  await demo.says(/SIGINT: stopping/);
  demo.signalGroup("SIGINT");
  await demo.says(/SIGINT: killing them/);
  expect(await demo.ended()).toBe(130);
  expect(demo.output).not.toContain("    at ");
  await expectNothingLeft();
});

it("the demo leaves neither process nor directory when it is killed", async () => {
  const demo = new Program(process.execPath, DEMO);
  await demo.says(/planned archive/);
  demo.signalGroup("SIGKILL");
  expect(await demo.ended()).toBe(null);
  await expectNothingLeft();
});

it("the demo ends together with npm, which forwards no signal", async () => {
  const npm = new Program("npm", ["run", "demo"]);
  await npm.says(/planned archive/);
  npm.signal("SIGTERM");
  await npm.ended();
  await expectNothingLeft();
});
