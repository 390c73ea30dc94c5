import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * A copy of the project in which an operator has replaced the map that it ships with a map of their own. The whole unit
 * project runs there. The end-to-end tests do not: they take minutes, and each of them names its map or gets it from
 * the same setup file as the unit tests.
 */
const PROJECT = resolve(__dirname, "..", "..");
const MAP = `
export default {organization: {name: 'globex'},
    state: {backend: 'local', directory: 'state'}, deployment: {mode: 'ambient'}, trail: 'create',
    accounts: {
      factory: {id: '777777777777', homeRegion: 'ap-southeast-2', regions: ['ap-southeast-2'], wave: 'only'},
      shop: {id: '888888888888', homeRegion: 'us-west-2', regions: ['us-west-2'], wave: 'only'} },
    waves: ['only']
}
`;
const MAP_AS_YAML = `
organization:   {name: globex}
accounts:
      shop: {   id: '888888888888' }
`;

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "session-audit-operator-"));
  const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  const files = listed.stdout.split("\0").filter((file) => file !== "" && existsSync(join(PROJECT, file)));
  for (const file of files) cpSync(join(PROJECT, file), join(copy, file));
  symlinkSync(join(PROJECT, "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, "accounts", "index.ts"), MAP);
  writeFileSync(join(copy, "acme.yaml"), MAP_AS_YAML);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a script of package.json in the copy. */
const npm = (script: string, ...args: string[]) =>
  runInCopy("npm", ["run", "--silent", script, "--", ...args]);

/** Runs a program in the copy, as an operator does: with none of the variables that tests set. */
function runInCopy(program: string, args: readonly string[]) {
  const { SESSION_AUDIT_ACCOUNTS: _map, JEST_WORKER_ID: _worker, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: copy,
    env,
    encoding: "utf8",
    maxBuffer: 1024 ** 3,
  });
  return { status, stdout, output: stdout + stderr };
}

it("is the map that the programs of the copy use", () => {
  const { status, stdout, output } = runInCopy(process.execPath, ["fleet/bin.mjs", "list", "--json"]);
  expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
  const accounts = (JSON.parse(stdout) as { account: string }[]).map(({ account }) => account);
  expect(new Set(accounts)).toEqual(new Set(["factory", "shop"]));
});

it("changes the outcome of no test", () => {
  const results = join(copy, "results.json");
  const { status, output } = npm("test:unit", "--json", "--outputFile", results);
  const { testResults, numTotalTests } = JSON.parse(readFileSync(results, "utf8")) as {
    testResults: { name: string; message: string; status: string }[];
    numTotalTests: number;
  };
  const failed = testResults.filter((file) => file.status !== "passed");
  expect(failed.map(({ name, message }) => `${name}\n${message}`)).toEqual([]);
  expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
  expect(numTotalTests).toBeGreaterThan(1000);
});

it("does not fail the check of the format, in which it is not included", () => {
  const { status, output } = npm("format:check");
  expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
});
