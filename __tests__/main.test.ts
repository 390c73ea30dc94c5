import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { run } from "../stacks/program";
import exampleMap from "./fixtures/example-map";
import { runProgram, spawnProgram } from "./helpers/run-program";
import { TSX } from "./helpers/tsx";

const ROOT = resolve(__dirname, "..");
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-main-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();

const digests = (root: string) =>
  filesIn(root).map((file) => [
    file,
    createHash("sha256")
      .update(readFileSync(join(root, file)))
      .digest("hex"),
  ]);

/** Runs the work of main.ts in this process, into a folder. */
const synthesize = (outdir: string, env: NodeJS.ProcessEnv = {}) =>
  runProgram(run, [], { cwd: directory, env: { CDKTF_OUTDIR: outdir, ...env } });

it("writes the same bytes for the same map, whenever and wherever it runs", async () => {
  const [first, second] = [join(directory, "first"), join(directory, "second")];
  expect(await synthesize(first)).toMatchObject({ status: 0 });
  // In its own process, as cdktf runs it, with another time zone, language and home directory.
  const env = { CDKTF_OUTDIR: second, TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", HOME: directory };
  expect(spawnProgram("main.ts", [], { cwd: directory, env })).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(digests(first).length).toBeGreaterThan(10);
  expect(digests(second)).toEqual(digests(first));
});

it("writes into cdktf.out of the working directory if cdktf names no other folder", async () => {
  expect(await runProgram(run, [], { cwd: directory, env: { CDKTF_OUTDIR: undefined } })).toMatchObject({
    status: 0,
  });
  expect(filesIn(directory)).toContain(join("cdktf.out", "manifest.json"));
});

it("writes no path of the machine and no unresolved token", async () => {
  const outdir = join(directory, "out");
  await synthesize(outdir);
  for (const file of filesIn(outdir)) {
    const text = readFileSync(join(outdir, file), "utf8");
    for (const trace of [directory, ROOT, "TfToken", "<unresolved"]) expect(text).not.toContain(trace);
  }
});

it("leaves nothing after a Ctrl-C, and says so", async () => {
  const accounts = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [
      `account-${index}`,
      {
        id: String(200000000000 + index),
        homeRegion: "eu-central-1",
        regions: ["eu-central-1"],
        wave: "rest",
      },
    ]),
  );
  const map = join(directory, "many.json");
  const archive = exampleMap.accounts["log-archive"];
  writeFileSync(map, JSON.stringify({ ...exampleMap, accounts: { "log-archive": archive, ...accounts } }));
  const outdir = join(directory, "out");
  const child = spawn(process.execPath, [...TSX, join(ROOT, "main.ts")], {
    cwd: directory,
    env: { ...process.env, CDKTF_OUTDIR: outdir, SESSION_AUDIT_ACCOUNTS: map },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close");
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  // The directory is made when the first stack is about to be built; a hundred accounts are not built by then.
  while (!existsSync(outdir) && child.exitCode === null) await nextTurn();
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(stderr).toMatch(/^Interrupted; nothing was written\.$/m);
  expect(existsSync(outdir)).toBe(false);
});

it("refuses an argument that it does not have", async () => {
  const { status, stderr } = await runProgram(run, ["--nocache"], { cwd: directory });
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/--nocache[\s\S]*--no-cache/),
  });
  expect(filesIn(directory)).toEqual([]);
});

it("keeps what has not changed, and builds everything with --no-cache", async () => {
  const outdir = join(directory, "out");
  await synthesize(outdir);
  const file = join(outdir, "manifest.json");
  const written = () => statSync(file).ino;
  const first = written();
  await synthesize(outdir);
  expect(written()).toBe(first);
  await runProgram(run, ["--no-cache"], { cwd: directory, env: { CDKTF_OUTDIR: outdir } });
  expect(written()).not.toBe(first);
});

describe.each([
  [
    "a map that is wrong",
    "wrong.yaml",
    "organization: { name: Acme }\nstate: { backend: s3 }\naccounts: {}\n",
    /^\S+wrong\.yaml: \d problems in the map; nothing was written\.[\s\S]*organization\.name[\s\S]*state\.bucket[\s\S]*deployment/,
  ],
  ["a map that does not parse", "broken.yaml", "organization: {\n", /^\S+broken\.yaml:2:1: /],
])("with %s", (_, name, text, message) => {
  it("prints every problem on stderr without a stack trace, exits with 1, and writes nothing", async () => {
    const map = join(directory, name);
    writeFileSync(map, text);
    const outdir = join(directory, "out");
    const { status, stdout, stderr } = await synthesize(outdir, { SESSION_AUDIT_ACCOUNTS: map });
    expect({ status, stdout, written: existsSync(outdir) }).toEqual({
      status: 1,
      stdout: "",
      written: false,
    });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
