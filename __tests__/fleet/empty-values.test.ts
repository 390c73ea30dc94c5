import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../fleet/cli";
import { openPlace } from "../../fleet/report/kept/open-place";
import { runProgram } from "../helpers/run-program";

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), "session-audit-empty-"))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const S3 = "s3://acme-plans/monday";

it.each([
  ["--out", ["report", "--out", ""]],
  ["--out", ["report", "--out", "  "]],
  ["--sign", ["report", "--out", "reports", "--sign", ""]],
  ["--trail", ["report", "--trail", ""]],
  ["<place>", ["report", "verify", ""]],
  ["<place>", ["report", "merge", ""]],
  ["--out", ["plan", "--out", ""]],
  ["--durations", ["plan", "--durations", ""]],
  ["--out", ["drift", "--out", ""]],
  ["[stacks...]", ["list", "account-sandbox", ""]],
  ["--account", ["list", "--account", "sandbox", "--account", ""]],
  ["<folder>", ["deploy", ""]],
  ["--journal", ["deploy", "plans", "--journal", ""]],
  ["--out", ["merge", "part", "--out", ""]],
  ["<folders...>", ["merge", "", "--out", "plans"]],
  ["<folder>", ["review", ""]],
  ["--out", ["review", "plans", "--out", ""]],
  ["<folder>", ["store", "", S3]],
  ["<url>", ["store", "plans", ""]],
  ["<folder>", ["fetch", `${S3}#${"0".repeat(64)}`, ""]],
  ["<stored>", ["fetch", "", "plans"]],
  ["--out", ["distribute", "plan", "--out", ""]],
  ["--bucket", ["distribute", "drift", "--bucket", ""]],
  ["<folder>", ["distribute", "deploy", ""]],
  ["--queue", ["worker", "--queue", ""]],
  ["--directory", ["worker", "--queue", "q", "--directory", ""]],
  ["--save-durations", ["matrix", "--format", "github", "--save-durations", ""]],
  ["--out", ["bootstrap", "--pipeline-account", "sandbox", "--out", ""]],
  ["--out", ["init", "--out", ""]],
  ["--html", ["doctor", "--html", ""]],
  ["--html", ["adopt", "--html", ""]],
])("refuses an empty value of %s, and writes nothing: %j", async (name, argv) => {
  const { status, stdout, stderr } = await runProgram(run, argv, { cwd });
  expect({ status, stdout, files: readdirSync(cwd) }).toEqual({ status: 1, stdout: "", files: [] });
  expect(stderr).toMatch(/^.* "\s*" is empty\.\n {2}allowed {2}.*\n {2}remedy {3}.*\n$/);
  expect(stderr.split("\n")[0]).toContain(name);
});

it("says what the value may be", async () => {
  const { stderr } = await runProgram(run, ["report", "--out", ""], { cwd });
  expect(stderr).toBe(`--out "" is empty.
  allowed  --out <place>: keep the report in a folder or in s3://<bucket>/<prefix>, chained to the one before it
  remedy   Give a value. A script that sets it probably lacks a variable.
`);
});

it.each(["", " "])("takes %j for no place of reports", (where) => {
  expect(() => openPlace(where, { cwd, env: {} })).toThrow(
    "is not a place for reports.\n  allowed  a folder",
  );
});
