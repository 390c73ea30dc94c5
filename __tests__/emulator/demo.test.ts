import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TSX } from "../helpers/tsx";

const ROOT = resolve(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "session-audit-demo-test-"));
mkdirSync(join(directory, "tmp"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the demo with another temporary directory, so that what it leaves behind shows; tsx keeps a cache there. */
function demo(args: readonly string[], map?: string) {
  const file = join(directory, "map.yaml");
  if (map !== undefined) writeFileSync(file, map);
  const outcome = spawnSync(process.execPath, [...TSX, "emulator/demo.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: {
      ...process.env,
      ...(map !== undefined && { SESSION_AUDIT_ACCOUNTS: file }),
      TMPDIR: join(directory, "tmp"),
    },
  });
  return { ...outcome, left: readdirSync(join(directory, "tmp")).filter((name) => !name.startsWith("tsx-")) };
}

const MAP = `
organization: { name: solo }
state: { backend: s3, bucket: real-state, region: eu-west-1, keyPrefix: session-audit }
deployment: { mode: ambient }
trail: create
accounts: { web: { id: "555555555555", homeRegion: eu-west-1, regions: [eu-west-1] } }
`;

it("says what it does and how it ends", () => {
  const { status, stdout, stderr, left } = demo(["--help"]);
  expect({ status, stderr, left }).toEqual({ status: 0, stderr: "", left: [] });
  expect(stdout).toMatch(/Usage: npm run demo[\s\S]*130 interrupted/);
});

it("refuses an argument that it does not know, instead of running for minutes", () => {
  const { status, stdout, stderr } = demo(["--hlep"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain('unknown argument "--hlep"');
});

it("refuses a map that is wrong, with every problem and no stack trace", () => {
  const { status, stdout, stderr, left } = demo([], "organization: { name: Acme }\naccounts: {}\n");
  expect({ status, stdout, left }).toEqual({ status: 1, stdout: "", left: [] });
  expect(stderr).toMatch(/organization\.name[\s\S]*state[\s\S]*deployment/);
  expect(stderr).not.toContain("    at ");
});

it("refuses a map that is right but cannot be rehearsed, before anything starts", () => {
  const { status, stdout, stderr, left } = demo([], MAP);
  expect({ status, stdout, left }).toEqual({ status: 1, stdout: "", left: [] });
  expect(stderr).toContain("map.yaml: the map is right, but the demo cannot rehearse it");
  expect(stderr).toContain("accounts.web.access.attachToRoles");
  expect(stderr).toContain("accounts.web.transcripts.readers");
  expect(stderr).not.toContain("    at ");
});
