import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-main-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs main.ts as cdktf does, into a directory. */
function synthesize(outdir: string, env: NodeJS.ProcessEnv = {}) {
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  return spawnSync(process.execPath, [tsx, join(ROOT, "main.ts")], {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: outdir, ...env },
  });
}

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

it("writes the same bytes for the same map, whenever and wherever it runs", () => {
  const [first, second] = [join(directory, "first"), join(directory, "second")];
  expect(synthesize(first, { TZ: "UTC", LANG: "C" }).status).toBe(0);
  expect(synthesize(second, { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", HOME: directory }).status).toBe(0);
  expect(digests(first).length).toBeGreaterThan(10);
  expect(digests(second)).toEqual(digests(first));
});

it("lets no path of the machine and no token into what it writes", () => {
  const outdir = join(directory, "out");
  synthesize(outdir);
  for (const file of filesIn(outdir)) {
    const text = readFileSync(join(outdir, file), "utf8");
    for (const trace of [directory, ROOT, "TfToken", "<unresolved"]) expect(text).not.toContain(trace);
  }
});

it("says all that is wrong with a map, exits with 1, and writes nothing", () => {
  const map = join(directory, "bad.yaml");
  writeFileSync(map, "organization: { name: Acme }\nstate: { backend: s3 }\naccounts: {}\n");
  const outdir = join(directory, "out");
  const { status, stderr, stdout } = synthesize(outdir, { SESSION_AUDIT_ACCOUNTS: map });
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/organization\.name[\s\S]*state\.bucket[\s\S]*deployment/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(outdir)).toBe(false);
});
