import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../fleet/cli";
import exampleMap from "../fixtures/example-map";
import { runProgram } from "../helpers/run-program";

const explain = (...argv: string[]) => runProgram(run, ["explain", ...argv]);
const columnsOf = (stdout: string) => stdout.split("\n").map((line) => line.trim().split(/ {2,}/));

it("prints where a target is recorded, and where each setting is set", async () => {
  const { status, stdout, stderr } = await explain("payments", "us-east-1");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const rows = columnsOf(stdout);
  expect(rows).toContainEqual(["payments (444444444444), us-east-1"]);
  expect(rows).toContainEqual([
    "transcripts",
    "s3://session-audit-acme-111111111111-us-east-1/sessions/444444444444/us-east-1/",
  ]);
  expect(rows).toContainEqual([
    ...["logs.retentionDays", "731"],
    'accounts.payments.regions["us-east-1"].logs.retentionDays',
  ]);
  expect(rows).toContainEqual([
    ...["guard.terminate", "true"],
    "default; no effect unless guard.enabled is true",
  ]);
});

it("prints of an account what its regions have in another way", async () => {
  const { stdout } = await explain("payments");
  const [, others = ""] = stdout.split("In us-east-1, other than above");
  expect(columnsOf(others).filter((row) => row.length > 1)).toEqual([
    ["SETTING", "VALUE", "SET AT"],
    ["logs.retentionDays", "731", 'accounts.payments.regions["us-east-1"].logs.retentionDays'],
  ]);
  expect(stdout).not.toContain("In eu-central-1");
});

it("leaves out defaults with --set", async () => {
  const { stdout } = await explain("payments", "--set");
  expect(stdout).toContain("accounts.payments.preferences.idleTimeoutMinutes");
  expect(stdout).not.toMatch(/ {2}default/);
});

it("prints the settings of an archive in a region without servers", async () => {
  const map = join(__dirname, "..", "fixtures", "crossed.yaml");
  const { stdout } = await runProgram(run, ["explain", "archive", "eu-west-1", "--set"], {
    env: { SESSION_AUDIT_ACCOUNTS: map },
  });
  const rows = columnsOf(stdout);
  expect(rows).toContainEqual(["archive (111111111111), eu-west-1"]);
  expect(rows).toContainEqual([
    ...["transcripts.replication.region", '"eu-central-1"'],
    'accounts.archive.otherRegions["eu-west-1"].transcripts.replication.region',
  ]);
  expect(stdout).not.toContain("logs.streaming");
});

it("prints JSON for programs", async () => {
  const { stdout } = await explain("payments", "--json");
  const { account, accountId, region, settings, regions } = JSON.parse(stdout) as Record<string, unknown>;
  expect({ account, accountId, region }).toEqual({
    account: "payments",
    accountId: "444444444444",
    region: null,
  });
  expect(settings).toContainEqual({ setting: "protect", value: true, saidAt: null });
  expect(regions).toContainEqual({ region: "us-east-1", settings: expect.anything() as unknown });
  const one = JSON.parse((await explain("payments", "us-east-1", "--json")).stdout) as Record<
    string,
    unknown
  >;
  expect(Object.keys(one)).toEqual(["account", "accountId", "region", "settings"]);
});

it.each([
  [["paymets"], 'Did you mean "payments"?'],
  [["payments", "eu-west-1"], "allowed  eu-central-1, us-east-1"],
  [["log-archive", "eu-central-1"], "the account has no regions"],
  [[], "missing required argument 'account'"],
])("says what is wrong with %j", async (argv, text) => {
  const { status, stdout, stderr } = await explain(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(text);
});

it("prints characters that a terminal obeys as escapes, in text and in JSON", async () => {
  const linux = "echo \u009b31m\u202e";
  const directory = mkdtempSync(join(tmpdir(), "session-audit-explain-"));
  const map = join(directory, "map.json");
  writeFileSync(map, JSON.stringify({ ...exampleMap, preferences: { shellProfile: { linux } } }));
  const env = { SESSION_AUDIT_ACCOUNTS: map };
  const text = await runProgram(run, ["explain", "payments"], { env });
  const json = await runProgram(run, ["explain", "payments", "--json"], { env });
  rmSync(directory, { recursive: true });
  expect(text.stdout).toContain('"echo \\u009b31m\\u202e"');
  expect(json.stdout).toContain('"echo \\u009b31m\\u202e"');
  expect(text.stdout + json.stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
  const { settings } = JSON.parse(json.stdout) as { settings: { setting: string; value: unknown }[] };
  expect(settings).toContainEqual(
    expect.objectContaining({ setting: "preferences.shellProfile.linux", value: linux }),
  );
});
