import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { excerptOf } from "../../demo/rollout/excerpt";
import { deployedIn } from "../../demo/rollout/journal-checks";
import { run } from "../../fleet/cli";
import { ROOT } from "../helpers/embedded";
import { runProgram, type ProgramOutcome } from "../helpers/run-program";

// The demo as a newcomer starts it, with its output in a pipe.
let directory: string;
let temporary: string;
let outcome: ProgramOutcome;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-rollout-test-"));
  temporary = join(directory, "tmp");
  mkdirSync(temporary);
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn("npm", ["run", "--silent", "demo:rollout", "--", "--out", join(directory, "out")], {
    cwd: ROOT,
    env: { ...env, TMPDIR: temporary, COLUMNS: "80" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [status] = (await once(child, "close")) as [number | null];
  outcome = { status, stdout, stderr };
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const lines = () => outcome.stdout.trimEnd().split("\n");
const fileOf = (...names: string[]) => join(directory, "out", ...names);

it("tells its story to the end", () => {
  const { status, stdout, stderr } = outcome;
  expect({ status, stderr, output: status === 0 ? "" : stdout }).toEqual({
    status: 0,
    stderr: "",
    output: "",
  });
  expect(stdout).toContain("Every command did what the demo says. Nothing has reached AWS.");
});

it("shows each command as a person types it, with its exit code", () => {
  const commands = lines().flatMap((line) => /\$ npx session-audit (\w+)/.exec(line)?.[1] ?? []);
  const codes = lines().flatMap((line) => /^ *\d+:\d\d {2}exit code (\d+):/.exec(line)?.[1] ?? []);
  expect(commands.map((command, index) => `${command} ${codes[index]}`)).toEqual([
    ...["plan 2", "deploy 0", "plan 2", "review 0", "review 0", "review 2"],
    ...["plan 2", "review 0", "deploy 1", "deploy 0", "drift 2"],
  ]);
});

it("has lines of at most 80 characters, and no colours in a pipe", () => {
  // A path of the test's temporary directory cannot be folded.
  expect(lines().filter((line) => line.length > 80 && !line.includes(directory))).toEqual([]);
  expect(outcome.stdout).not.toContain("\u001b");
});

it("applies no plan twice, through a failure", () => {
  const { applied, failed } = deployedIn(readFileSync(fileOf("plans", "accepted", "journal.ndjson"), "utf8"));
  expect(failed).toEqual(["session-sandbox-eu-central-1"]);
  expect([...applied].sort()).toEqual(
    ["payments", "sandbox", "storefront"].map((account) => `session-${account}-eu-central-1`),
  );
  expect(applied[0]).toBe("session-sandbox-eu-central-1");
});

it("leaves the page of a review and plan folders that can be reviewed again, and nothing else", async () => {
  expect(readdirSync(fileOf()).sort()).toEqual(["acme.json", "plans", "review.html"]);
  expect(readFileSync(fileOf("review.html"), "utf8")).toContain("Recording gets weaker in 2 targets");
  const again = await runProgram(run, ["review", fileOf("plans", "changed")], { env: { COLUMNS: "71" } });
  expect(again.status).toBe(0);
  for (const line of excerptOf(again.stdout)) expect(outcome.stdout).toContain(line);
  // tsx keeps its cache in the temporary directory.
  expect(readdirSync(temporary).filter((name) => name.startsWith("session-audit"))).toEqual([]);
});
