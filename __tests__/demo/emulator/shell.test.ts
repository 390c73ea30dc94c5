import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../demo/emulator/cli";
import { shellLines } from "../../../demo/emulator/shell";
import { runProgram } from "../../helpers/run-program";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-shell-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The environment of a command behind the lines, in a shell that has an environment before. */
function environmentAfter(lines: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const file = join(directory, "env.sh");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const { PATH } = process.env;
  const text = execFileSync("sh", ["-c", `. ${file} && env -0`], { env: { PATH, ...env }, encoding: "utf8" });
  return Object.fromEntries(
    text
      .split("\0")
      .filter(Boolean)
      .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

it("clears what could lead a call past the embedded AWS", () => {
  const after = environmentAfter(shellLines({ AWS_REGION: "us-east-1" }, {}), {
    AWS_PROFILE: "production",
    AWS_SESSION_TOKEN: "real",
    AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com",
    https_proxy: "http://proxy:3128",
    AWS_REGION: "eu-west-1",
    HOME: "/home/alice",
  });
  const { PATH: _path, PWD: _pwd, OLDPWD: _old, SHLVL: _level, _: _last, ...rest } = after;
  expect(rest).toEqual({ AWS_REGION: "us-east-1", HOME: "/home/alice" });
});

it("works in a shell without any of these variables", () => {
  expect(environmentAfter(shellLines({ AWS_REGION: "us-east-1" }, {}), {})).toMatchObject({
    AWS_REGION: "us-east-1",
  });
});

it.each(["plain", "two words", "it's", "$(touch x)", "`id`", 'a"b', "", "line\nbreak"])(
  "sets %j as it is",
  (value) => {
    expect(environmentAfter(shellLines({ VALUE: value }, {}), {})["VALUE"]).toBe(value);
  },
);

it("leaves out what the environment has already, and never a variable of AWS", () => {
  const env = { HOME: "/home/alice", GOGC: "400", AWS_REGION: "us-east-1" };
  const exported = shellLines(env, { HOME: "/home/alice", AWS_REGION: "us-east-1" }).filter((line) =>
    line.startsWith("export "),
  );
  expect(exported).toEqual(["export GOGC=400", "export AWS_REGION=us-east-1"]);
});

it("explains itself in --help", async () => {
  const { status, stdout } = await runProgram(run, ["--help"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/npm run emulator -- \[map\][\s\S]*Examples:[\s\S]*Exit codes:/);
});

it.each([
  [["--verbose"], 2, "not: --verbose"],
  [["a.yaml", "b.yaml"], 2, "not: b.yaml"],
  [["missing.yaml"], 1, "missing.yaml: no such file"],
])("says what is wrong with %j", async (argv, exitCode, text) => {
  const { status, stdout, stderr } = await runProgram(run, argv, { cwd: directory });
  expect({ status, stdout }).toEqual({ status: exitCode, stdout: "" });
  expect(stderr).toContain(text);
});

it("refuses a map whose states the embedded AWS cannot hold", async () => {
  const map = {
    organization: { name: "acme" },
    state: { backend: "cloud", organization: "acme", workspacePrefix: "audit-" },
    deployment: { mode: "ambient" },
    trail: "existing",
    accounts: { web: { id: "555555555555", homeRegion: "eu-west-1", regions: ["eu-west-1"] } },
  };
  const file = join(directory, "map.json");
  writeFileSync(file, JSON.stringify(map));
  const { status, stderr } = await runProgram(run, [file]);
  expect(status).toBe(1);
  expect(stderr).toContain('state.backend is "cloud"');
});
