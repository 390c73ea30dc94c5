import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { TSX } from "./helpers/tsx";

const ROOT = resolve(__dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "session-audit-main-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs main.ts as cdktf does, into a directory. */
function synthesize(outdir: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [...TSX, join(ROOT, "main.ts")], {
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

describe("two runs over the same map, at different places and in different surroundings", () => {
  const [first, second] = [join(directory, "first"), join(directory, "second")];
  let codes: (number | null)[];
  beforeAll(() => {
    const elsewhere = { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", HOME: directory };
    codes = [synthesize(first, { TZ: "UTC", LANG: "C" }), synthesize(second, elsewhere)].map(
      ({ status }) => status,
    );
  });

  it("end with 0", () => expect(codes).toEqual([0, 0]));

  it("write the same bytes", () => {
    expect(digests(first).length).toBeGreaterThan(10);
    expect(digests(second)).toEqual(digests(first));
  });

  it("write no path of the machine and no token", () => {
    for (const file of filesIn(first)) {
      const text = readFileSync(join(first, file), "utf8");
      for (const trace of [directory, ROOT, "TfToken", "<unresolved"]) expect(text).not.toContain(trace);
    }
  });
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
