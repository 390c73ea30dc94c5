import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { run } from "../stacks/program";
import { runProgram, spawnProgram } from "./helpers/run-program";

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
  // As cdktf runs it: in a process of its own, and here in another place of the world.
  const env = { CDKTF_OUTDIR: second, TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", HOME: directory };
  expect(spawnProgram("main.ts", [], { cwd: directory, env })).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(digests(first).length).toBeGreaterThan(10);
  expect(digests(second)).toEqual(digests(first));
});

it("writes into cdktf.out of the working directory where cdktf names no other folder", async () => {
  expect(await runProgram(run, [], { cwd: directory, env: { CDKTF_OUTDIR: undefined } })).toMatchObject({
    status: 0,
  });
  expect(filesIn(directory)).toContain(join("cdktf.out", "manifest.json"));
});

it("lets no path of the machine and no token into what it writes", async () => {
  const outdir = join(directory, "out");
  await synthesize(outdir);
  for (const file of filesIn(outdir)) {
    const text = readFileSync(join(outdir, file), "utf8");
    for (const trace of [directory, ROOT, "TfToken", "<unresolved"]) expect(text).not.toContain(trace);
  }
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
  it("says on stderr all that is wrong without a stack trace, exits with 1, and writes nothing", async () => {
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
