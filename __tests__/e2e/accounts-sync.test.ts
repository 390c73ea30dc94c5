import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig, createRole } from "../../demo/people";
import { startEmulator, type Emulator } from "../../emulator";
import type { DirectoryAccount, OrganizationDirectory } from "../../emulator/organizations/directory";
import { run } from "../../fleet/cli";
import { findMoto } from "../../toolchain";
import { ROOT } from "../helpers/embedded";
import { runProgram } from "../helpers/run-program";

const MANAGEMENT = "999999999999";
const MAP: AccountsMap = {
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  waves: ["canary", "rest"],
  trail: "existing",
  access: { instanceProfile: true },
  sync: {
    homeRegion: "eu-central-1",
    regions: ["eu-central-1"],
    exclude: [MANAGEMENT],
    waves: [{ wave: "canary", tag: { key: "stage", value: "dev" } }],
  },
  accounts: {},
};
/** More accounts than AWS Organizations has on one page. */
const many = (count: number, parent: string): DirectoryAccount[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(300000000000 + index),
    name: `Shop ${index}`,
    state: "ACTIVE",
    parent,
    ...(index < 2 && { tags: { stage: "dev" } }),
  }));
const directory: OrganizationDirectory = { root: "r-ab12", units: [], accounts: [] };

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  const moto = await findMoto({ cacheDir: join(ROOT, ".cache"), log: () => {} });
  emulator = await startEmulator({
    moto,
    organizationTrail: true,
    organizationDirectory: directory,
    organization: { id: "o-a1b2c3d4e5", accounts: ["300000000000"], managementAccount: MANAGEMENT },
  });
  const iam = new IAMClient(await clientConfig(emulator, MANAGEMENT, "us-east-1"));
  await createRole(iam, "others", { Service: "ec2.amazonaws.com" });
});
afterAll(() => emulator.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "session-audit-sync-"));
  writeFileSync(join(folder, "acme.json"), JSON.stringify(MAP));
  directory.units = [
    { id: "ou-ab12-workloads0", name: "Workloads", parent: "r-ab12" },
    { id: "ou-ab12-deep000000", name: "Deep", parent: "ou-ab12-workloads0" },
  ];
  directory.accounts = [
    { id: MANAGEMENT, name: "Management", state: "ACTIVE", parent: "r-ab12" },
    ...many(45, "ou-ab12-deep000000"),
  ];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a sync in a process of its own account. */
async function sync(argv: readonly string[], accountId = MANAGEMENT) {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = await emulator.credentials(accountId);
  const before = { ...process.env };
  const env = {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ENDPOINT_URL_STS: emulator.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    SESSION_AUDIT_ACCOUNTS: join(folder, "acme.json"),
  };
  Object.assign(process.env, env); // The AWS SDK reads the environment of the process.
  try {
    return await runProgram(run, ["accounts", "sync", ...argv], { env, cwd: folder });
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
const file = () => join(folder, "acme.generated.json");
const generated = () => JSON.parse(readFileSync(file(), "utf8")) as { accounts: Record<string, unknown> };
const list = () =>
  runProgram(run, ["list", "--ids"], { env: { SESSION_AUDIT_ACCOUNTS: join(folder, "acme.json") } });

it("describes an organization of several pages, from a map without accounts", async () => {
  expect((await sync(["--check"])).status).toBe(2);
  expect(existsSync(file())).toBe(false);
  const written = await sync(["--write"]);
  expect(written).toMatchObject({ status: 0, stderr: "" });
  expect(written.stdout).toContain("Written: acme.generated.json");
  expect(Object.keys(generated().accounts)).toHaveLength(45);
  expect(generated().accounts["shop-1"]).toMatchObject({ id: "300000000001", wave: "canary" });
  expect(generated().accounts["shop-2"]).toEqual({
    id: "300000000002",
    homeRegion: "eu-central-1",
    regions: ["eu-central-1"],
  });
  const { stdout } = await list();
  expect(
    stdout
      .trim()
      .split("\n")
      .filter((id) => id.startsWith("session-shop-")),
  ).toHaveLength(45);
  expect(await sync(["--check"])).toMatchObject({
    status: 0,
    stdout: "The map has the accounts that AWS Organizations has (46).\n",
  });
});

it("says what was added, suspended, moved, closed and renamed", async () => {
  directory.accounts = directory.accounts.slice(0, 5);
  await sync(["--write"]);
  const [management, first, second, third, fourth] = directory.accounts as [
    ...[DirectoryAccount, DirectoryAccount, DirectoryAccount, DirectoryAccount, DirectoryAccount],
  ];
  directory.accounts = [
    management,
    { ...first, state: "SUSPENDED" },
    { ...second, tags: {} },
    { ...third, name: "Renamed" },
    { ...fourth, id: "400000000000", name: "Brand New" },
  ];
  const { status, stdout } = await sync(["--json", "--write"]);
  expect(status).toBe(0);
  const { changes } = JSON.parse(stdout) as { changes: { kind: string; account: string }[] };
  expect(changes.map(({ kind, account }) => `${kind} ${account}`).sort()).toEqual([
    ...["add brand-new", "leave-out shop-0", "leave-out shop-3", "move shop-1", "rename shop-2"],
  ]);
  expect(Object.keys(generated().accounts).sort()).toEqual(["brand-new", "shop-1", "shop-2"]);
  expect((await list()).stdout).toContain("session-shop-2-eu-central-1");
});

it("tries again when AWS Organizations throttles", async () => {
  directory.accounts = directory.accounts.slice(0, 3);
  emulator.failNext({
    service: "organizations",
    operation: "ListAccountsForParent",
    times: 2,
    code: "TooManyRequestsException",
  });
  expect((await sync(["--check"])).status).toBe(2);
});

it("says who may list the organization when a member tries", async () => {
  const { status, stdout, stderr } = await sync(["--write"], "300000000000");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("AWS Organizations was not listed: AccessDeniedException");
  expect(stderr).toContain("credentials of the management account or of a delegated administrator");
  expect(existsSync(file())).toBe(false);
});

it.each<[string, object, readonly string[], string]>([
  ["no sync", { sync: undefined }, [], "the map has no sync"],
  ["a wrong sync", { sync: { homeRegion: "x", regions: [] } }, [], "sync.homeRegion"],
  ["both options", {}, ["--check", "--write"], "a check writes nothing"],
  [
    "a role that trusts others",
    {},
    ["--role", `arn:aws:iam::${MANAGEMENT}:role/others`],
    "--role arn:aws:iam",
  ],
  // The result must be a map: this one would have a wave that it does not list.
  ["an invalid result", { waves: ["rest"] }, ["--write"], "sync.waves[0].wave"],
])("writes nothing with %s", async (_, changes, argv, text) => {
  writeFileSync(join(folder, "acme.json"), JSON.stringify({ ...MAP, ...changes }));
  const { status, stdout, stderr } = await sync(argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(text);
  expect(existsSync(file())).toBe(false);
});
