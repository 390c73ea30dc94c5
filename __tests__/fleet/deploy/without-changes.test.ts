import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256Of } from "../../../files/checksum";
import { run } from "../../../fleet/cli";
import { createPlanFolder, filesOf, type Manifest } from "../../../fleet/plan-folder";
import { version as program } from "../../../package.json";
import { prepareTerraform } from "../../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../../toolchain/aws-provider";
import { runProgram } from "../../helpers/run-program";
import { plannedStack, planManifest, wave } from "./planned";

/** `deploy` of a plan folder whose only stack has no changes, so that Terraform applies nothing. */
const ROOT = join(__dirname, "..", "..", "..");
let directory: string;
let folder: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-without-changes-"));
  folder = join(directory, "plans");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const CONTENT = "{}";
const checksum = sha256Of(CONTENT);
const STACK = plannedStack("session-payments-eu-central-1", {
  wave: "canary",
  result: "no changes",
  planSha256: checksum,
  jsonSha256: checksum,
  configurationSha256: checksum,
  lockFileSha256: checksum,
});

async function createFolder(change: Partial<Manifest> = {}): Promise<void> {
  const { terraform } = await prepareTerraform({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  const { product, version } = terraform;
  await createPlanFolder(folder, async (whole) => {
    const { plan, json, configuration, lockFile } = filesOf(whole, STACK.id);
    mkdirSync(dirname(plan), { recursive: true });
    for (const file of [plan, json, configuration, lockFile]) writeFileSync(file, CONTENT);
    return planManifest({
      program,
      provider: AWS_PROVIDER_VERSION,
      terraform: { product, version },
      waves: [wave("canary")],
      stacks: [STACK],
      ...change,
    });
  });
}

it("holds the plan folder no longer when the user's configuration has a profile of the same name", async () => {
  const role = "arn:aws:iam::111111111111:role/deploy";
  const name = "session-audit-payments";
  await createFolder({ profiles: [{ name, planRoleArn: role, roleArn: role, externalId: null }] });
  const config = join(directory, "config");
  writeFileSync(config, `[profile ${name}]\n`);
  const { status, stderr } = await runProgram(run, ["deploy", folder], { env: { AWS_CONFIG_FILE: config } });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining(`${config} has a profile ${name}`) as string,
  });
  expect(readdirSync(folder)).not.toContain("deploy.lock");
});

it.each([
  ["lets a wave pass", [], true],
  ["lets no wave pass with --no-gate, for a worker that deploys one stack of it", ["--no-gate"], false],
])("%s", async (_, options, passes) => {
  await createFolder();
  expect(await runProgram(run, ["deploy", folder, ...options])).toMatchObject({ status: 0 });
  const journal = readFileSync(join(folder, "journal.ndjson"), "utf8");
  expect(journal.includes('"event":"passed"')).toBe(passes);
});
