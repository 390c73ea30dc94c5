import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../fleet/cli";
import { createPlanFolder } from "../../../fleet/plan-folder";
import { version as program } from "../../../package.json";
import { prepareTerraform } from "../../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../../toolchain/aws-provider";
import { runProgram } from "../../helpers/run-program";

const ROOT = join(__dirname, "..", "..", "..");
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-refused-profile-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A plan folder in which nothing has changed, with a profile. */
async function planFolder(profile: string): Promise<string> {
  const folder = join(directory, "plans");
  const { terraform } = await prepareTerraform({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  const { product, version } = terraform;
  const role = "arn:aws:iam::111111111111:role/deploy";
  await createPlanFolder(folder, () =>
    Promise.resolve({
      version: 2,
      plannedAt: "2026-01-01T00:00:00.000Z",
      program,
      provider: AWS_PROVIDER_VERSION,
      terraform: { product, version },
      source: { commit: "abc", dirty: false },
      map: "accounts/index.ts",
      organization: "acme",
      changedSince: { ref: "main", commit: "def" },
      unchanged: ["account-payments"],
      warnings: [],
      waves: [],
      profiles: [{ name: profile, planRoleArn: role, roleArn: role, externalId: null }],
      shard: null,
      stacks: [],
    }),
  );
  return folder;
}

it("holds the plan folder no longer when the user's configuration has a profile of the same name", async () => {
  const folder = await planFolder("session-audit-payments");
  const config = join(directory, "config");
  writeFileSync(config, "[profile session-audit-payments]\n");
  const { status, stderr } = await runProgram(run, ["deploy", folder], { env: { AWS_CONFIG_FILE: config } });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining(`${config} has a profile session-audit-payments`) as string,
  });
  expect(readdirSync(folder)).not.toContain("deploy.lock");
});
