import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../demo/rollout/cli";
import { runProgram } from "../../helpers/run-program";

let directory: string;
let temporary: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-rollout-test-"));
  temporary = join(directory, "tmp");
  mkdirSync(temporary);
  jest.replaceProperty(process, "env", { ...process.env, TMPDIR: temporary });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the demo, and lists what it leaves in the temporary directory. */
const demo = async (...argv: string[]) => ({
  ...(await runProgram(run, argv, { cwd: directory })),
  left: readdirSync(temporary),
});

it("explains in --help what it does, where its results are, and its exit codes, in 80 columns", async () => {
  const { status, stdout, stderr, left } = await demo("--help");
  expect({ status, stderr, left }).toEqual({ status: 0, stderr: "", left: [] });
  expect(stdout).toMatch(
    /Usage: npm run demo:rollout[\s\S]*--out <folder>[\s\S]*Examples:[\s\S]*130 {2}interrupted/,
  );
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

it.each([["--hlep"], ["out"], ["--out"]])("refuses %s, instead of running for minutes", async (word) => {
  const { status, stdout, stderr } = await demo(word);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toBe(`the demo takes --out <folder> and --help, and not: ${word}\n`);
});

it("overwrites no folder that has something, and says so before anything starts", async () => {
  writeFileSync(join(directory, "mine.txt"), "mine");
  const { status, stdout, stderr, left } = await demo("--out", ".");
  expect({ status, stdout, left }).toEqual({ status: 1, stdout: "", left: [] });
  expect(stderr).toContain('--out ".":');
  expect(stderr).toContain("is not an empty folder");
  expect(readdirSync(directory)).toContain("mine.txt");
});
