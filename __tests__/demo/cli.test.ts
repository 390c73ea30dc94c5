import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../demo/cli";
import { runProgram, spawnProgram } from "../helpers/run-program";

let directory: string;
let temporary: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-demo-test-"));
  temporary = join(directory, "tmp");
  mkdirSync(temporary);
  jest.replaceProperty(process, "env", { ...process.env, TMPDIR: temporary });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the demo with a temporary directory of its own, which shows what it leaves behind. */
async function demo(argv: readonly string[], map?: string) {
  const file = join(directory, "map.yaml");
  if (map !== undefined) writeFileSync(file, map);
  const env = map === undefined ? {} : { SESSION_AUDIT_ACCOUNTS: file };
  return { ...(await runProgram(run, argv, { env })), left: readdirSync(temporary) };
}

const MAP = `
organization: { name: solo }
state: { backend: s3, bucket: real-state, region: eu-west-1, keyPrefix: session-audit }
deployment: { mode: ambient }
trail: create
accounts: { web: { id: "555555555555", homeRegion: eu-west-1, regions: [eu-west-1] } }
`;

it("says what it does and how it ends", async () => {
  const { status, stdout, stderr, left } = await demo(["--help"]);
  expect({ status, stderr, left }).toEqual({ status: 0, stderr: "", left: [] });
  expect(stdout).toMatch(/Usage: npm run demo[\s\S]*Examples:[\s\S]*130 {2}interrupted/);
});

it("refuses an argument that it does not know, instead of running for minutes", async () => {
  const { status, stdout, stderr } = await demo(["--hlep"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain('unknown argument "--hlep"');
});

it("refuses a map that is wrong, with every problem and no stack trace", async () => {
  const { status, stdout, stderr, left } = await demo([], "organization: { name: Acme }\naccounts: {}\n");
  expect({ status, stdout, left }).toEqual({ status: 1, stdout: "", left: [] });
  expect(stderr).toMatch(/organization\.name[\s\S]*state[\s\S]*deployment/);
  expect(stderr).not.toContain("    at ");
});

it("refuses a map that is right but cannot be rehearsed, before anything starts", async () => {
  const { status, stdout, stderr, left } = await demo([], MAP);
  expect({ status, stdout, left }).toEqual({ status: 1, stdout: "", left: [] });
  expect(stderr).toContain("map.yaml: the map is right, but the demo cannot rehearse it");
  expect(stderr).toContain("accounts.web.access.attachToRoles");
  expect(stderr).toContain("accounts.web.transcripts.readers");
  expect(stderr).not.toContain("    at ");
});

it("handles signals only while it runs", async () => {
  const before = process.listenerCount("SIGINT");
  await demo([], MAP);
  expect(process.listenerCount("SIGINT")).toBe(before);
});

it("runs as a program of its own", () => {
  const { status, stdout, stderr } = spawnProgram("demo/cli.ts", ["--hlep"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toBe('unknown argument "--hlep"; the demo takes none but --help\n');
});
