import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountsMap } from "../../accounts/schema";
import { isAlive } from "../helpers/is-alive";
import { ROOT } from "../helpers/embedded";
import { until } from "../helpers/until";

// The embedded AWS as a person runs it in one terminal, with commands in another terminal.
let directory: string;
let temporary: string;
let output: string;
let child: ChildProcess;
let exitCode: number | null | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-emulator-test-"));
  temporary = join(directory, "tmp");
  mkdirSync(temporary);
  [output, exitCode] = ["", undefined];
});
afterEach(async () => {
  if (exitCode === undefined) {
    process.kill(-child.pid!, "SIGKILL");
    await until(() => exitCode !== undefined, { what: "end of the embedded AWS" });
  }
  rmSync(directory, { recursive: true, force: true });
});

const MAP: AccountsMap = {
  organization: { name: "acme" },
  state: { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "session-audit" },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  trail: "existing",
  transcripts: { bucket: "none" },
  preferences: { enforce: { s3: false } },
  notifications: { activity: { enabled: false }, security: { enabled: false } },
  access: { attachToRoles: ["app-server"] },
  accounts: { web: { id: "555555555555", homeRegion: "eu-central-1", regions: ["eu-central-1"] } },
};

/** Starts the embedded AWS for a map. @returns the files whose variables reach it */
async function emulate(map: AccountsMap): Promise<string[]> {
  const file = join(directory, "map.json");
  writeFileSync(file, JSON.stringify(map));
  // Without npm, which ends by the signal itself, so that the exit code is the program's.
  child = spawn(process.execPath, ["--require", "tsx/cjs", "demo/emulator/cli.ts", file], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, COLUMNS: "300" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => void (output += text));
  }
  child.on("close", (code) => (exitCode = code));
  const isReady = () => {
    if (exitCode !== undefined) throw new Error(`the embedded AWS ended:\n${output}`);
    return output.includes("npx session-audit plan");
  };
  await until(isReady, { what: "line for the other terminal" });
  return [...output.matchAll(/^ {2}\. (\S+)$/gm)].map(([, path]) => path!);
}

/** Runs commands in another terminal, whose shell has credentials for the real AWS. */
function inOtherTerminal(file: string, commands: string) {
  const env = { ...process.env, AWS_PROFILE: "production", AWS_REGION: "eu-west-1", TMPDIR: directory };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", `. ${file}\n${commands}`], {
    cwd: ROOT,
    env,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

async function end(): Promise<void> {
  process.kill(-child.pid!, "SIGINT");
  await until(() => exitCode !== undefined, { what: "end of the embedded AWS" });
}

it("plans and deploys a map with the commands of the project, until Ctrl-C", async () => {
  const [file, ...others] = await emulate(MAP);
  expect(others).toEqual([]);
  const plans = join(directory, "plans");
  const done = inOtherTerminal(
    file!,
    `node fleet/bin.mjs plan --out ${plans}; echo "plan $?"
     node fleet/bin.mjs deploy ${plans}; echo "deploy $?"
     node fleet/bin.mjs drift; echo "drift $?"`,
  );
  expect(done.output).toContain("plan 2");
  expect(done.output).toContain("deploy 0");
  expect(done.output).toContain("drift 0");
  await end();
  expect(exitCode).toBe(0);
  expect(readdirSync(temporary).filter((name) => name.startsWith("session-audit"))).toEqual([]);
  expect(isAlive(child.pid!)).toBe(false);
});

it("has the credentials of each account for a map that expects them", async () => {
  const accounts = {
    ...MAP.accounts,
    shop: { id: "666666666666", homeRegion: "eu-central-1", regions: ["eu-central-1"] },
  } satisfies AccountsMap["accounts"];
  const files = await emulate({ ...MAP, deployment: { mode: "ambient" }, accounts });
  expect(files.map((path) => path.split("/").at(-1))).toEqual(["env-web.sh", "env-shop.sh"]);
  const plan = (file: string) =>
    inOtherTerminal(file, `node fleet/bin.mjs plan session-shop-* --out ${join(directory, "plans")}`);
  // The stacks of an account refuse the credentials of another one.
  expect(plan(files[0]!)).toMatchObject({
    status: 1,
    output: expect.stringContaining("555555555555") as string,
  });
  rmSync(join(directory, "plans"), { recursive: true, force: true });
  expect(plan(files[1]!)).toMatchObject({ status: 2 });
  await end();
  expect(exitCode).toBe(0);
});
