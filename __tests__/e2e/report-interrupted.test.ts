import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFake, type Fake } from "../../bench/fake-aws/start";
import type { ReportLine, ReportSummary } from "../../report/model";
import { ROOT } from "../helpers/embedded";
import { until } from "../helpers/until";

/** Reports over many targets of a fake of the AWS APIs, which ends with this file. */
const SESSIONS = 40_000;
const TARGETS = 80;

let directory: string;
let fake: Fake;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-test-"));
  fake = await startFake(directory, { sessions: SESSIONS, targets: TARGETS });
});
afterAll(async () => {
  await fake.stop();
  rmSync(directory, { recursive: true, force: true });
});

const start = (...argv: string[]) => {
  const child = spawn(process.execPath, [join(ROOT, "fleet", "bin.mjs"), "report", ...argv], {
    cwd: directory,
    env: fake.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  return { child, output, closed: once(child, "close") as Promise<[number | null]> };
};

it("ends with 130 after a Ctrl-C while it reads, with whole lines and without the summary of a complete report", async () => {
  const { child, output, closed } = start("--json", "--no-details");
  await until(() => output.stdout.includes('{"type":"session"'), { what: "line of a session" });
  child.kill("SIGINT");
  expect(await closed).toEqual([130, null]);
  expect(output.stderr).toContain("SIGINT: stopping the report");
  expect(output.stdout.at(-1)).toBe("\n");
  const lines = output.stdout.trimEnd().split("\n");
  const types = new Set(lines.map((line) => (JSON.parse(line) as ReportLine).type));
  expect([...types].sort()).toEqual(["coverage", "report", "session"]);
  expect(lines.length).toBeLessThan(SESSIONS);
});

it("has every session of a reader that is slower than the report", async () => {
  const { child, output, closed } = start("--json", "--no-details", "--no-trail", "--parallel", "4");
  child.stdout!.pause();
  // The report waits for its reader once the pipe is full: until then it has read a part of the targets.
  await until(() => /^ *1\/80 /m.test(output.stderr), { what: "target that was read" });
  child.stdout!.resume();
  expect(await closed).toEqual([3, null]);
  const lines = output.stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith('{"type":"session"'))).toHaveLength(SESSIONS);
  expect((JSON.parse(lines.at(-1)!) as ReportSummary).aggregates.rows).toBe(SESSIONS);
});
