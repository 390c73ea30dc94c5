import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { DetachRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig, createRole } from "../../demo/people";
import type { JournalLine } from "../../fleet/deploy/journal";
import exampleMap from "../fixtures/example-map";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";
import { until } from "../helpers/until";
import { foreignLock } from "../helpers/foreign-lock";

/** Accounts whose stacks are small: one policy each. */
const MAP: AccountsMap = withS3State({
  ...exampleMap,
  access: { attachToRoles: [] },
  // The rule on changes of roles would need a second provider in each stack, which takes seconds to start.
  notifications: { ...exampleMap.notifications, security: { accountChanges: false } },
  accounts: Object.fromEntries(
    Object.entries(exampleMap.accounts).map(([name, { access: _, ...account }]) => [name, account]),
  ),
});
/** Two stacks in two waves. */
const ACCOUNTS = ["account-sandbox", "account-payments"];

let fleet: Fleet;
let s3: S3Client;
let number = 0;
beforeAll(async () => {
  fleet = await Fleet.start();
  s3 = new S3Client({
    endpoint: fleet.emulator.endpoint,
    region: "eu-central-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "AKIAEMULATOR", secretAccessKey: "emulator" },
  });
});
afterAll(() => fleet.stop());

/** Plans stacks of a map in which the organization has a name of its own, so that each test begins with no states. */
async function planned(ids: readonly string[], change: Partial<AccountsMap> = {}) {
  const name = `acme${++number}`;
  const state = { ...MAP.state, keyPrefix: name } as AccountsMap["state"];
  fleet.write({ ...MAP, ...change, organization: { ...MAP.organization, name }, state });
  const { status, stderr } = await fleet.run("plan", ...ids, "--out", name);
  expect({ status, stderr: stderr.slice(0, 0) }).toEqual({ status: 2, stderr: "" });
  return name;
}

const journalOf = (folder: string): JournalLine[] =>
  existsSync(fleet.path(folder, "journal.ndjson"))
    ? readFileSync(fleet.path(folder, "journal.ndjson"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as JournalLine)
    : [];
const appliedIn = (folder: string) =>
  journalOf(folder).flatMap((line) =>
    line.event === "ended" && line.result === "applied" ? [line.stack] : [],
  );
const keysBelow = async (prefix: string) =>
  (
    (await s3.send(new ListObjectsV2Command({ Bucket: STATE_BUCKET, Prefix: `${prefix}/` }))).Contents ?? []
  ).map(({ Key }) => Key!.slice(prefix.length + 1));
const outcomes = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout) as { stacks: { id: string; result: string; reason?: string }[] }).stacks.map(
      ({ id, result, reason }) => [id, reason === undefined ? result : `${result}: ${reason}`],
    ),
  );

it("applies the plans wave by wave, once, and finds each stack as planned", async () => {
  const folder = await planned(ACCOUNTS);
  const { status, stdout } = await fleet.run("deploy", folder);
  expect(stdout).toBe("2 stacks applied, 0 without changes, 0 failed, 0 not started.\n");
  expect(status).toBe(0);
  expect(appliedIn(folder)).toEqual(ACCOUNTS);

  const again = await fleet.run("deploy", folder);
  expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("deployed before") });
  const resumed = await fleet.run("deploy", folder, "--resume", "--json");
  expect(outcomes(resumed.stdout)).toEqual(Object.fromEntries(ACCOUNTS.map((id) => [id, "applied before"])));
  expect(appliedIn(folder)).toEqual(ACCOUNTS);
  expect(readFileSync(fleet.path(folder, "deploy-report.xml"), "utf8")).toContain('tests="1" failures="0"');

  const empty = await fleet.run("plan", ...ACCOUNTS, "--out", `${folder}-again`);
  expect(empty).toMatchObject({ status: 0, stdout: expect.stringContaining("2 without, 0 failed") });
});

it("demands the approval of a wave in a pipeline before it deploys anything", async () => {
  const folder = await planned(["account-sandbox", "account-payments"], {
    waves: ["canary", "early", { name: "rest", approve: true }],
  });
  const refused = await fleet.run("deploy", folder);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("--approve rest") });
  expect(journalOf(folder)).toEqual([]);
  expect(await fleet.run("deploy", folder, "--approve", "rest", "--no-converge-check")).toMatchObject({
    status: 0,
  });
  expect(journalOf(folder)).toContainEqual(
    expect.objectContaining({ event: "approved", wave: "rest", by: "--approve" }),
  );
});

it("refuses a plan whose state has moved on or is gone, names both sides, and deploys nothing of the wave", async () => {
  const words = (text: string) => text.replaceAll(/\s+/g, " ");
  const folder = await planned(["account-sandbox"]);
  const [other, second] = [`${folder}-other`, `${folder}-second`];
  expect(await fleet.run("plan", "account-sandbox", "--out", other)).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", other, "--no-converge-check")).toMatchObject({ status: 0 });
  const moved = await fleet.run("deploy", folder);
  expect(moved.status).toBe(1);
  expect(words(moved.stderr)).toMatch(
    /the plan was made on no state, and now there is serial \d+ of lineage/,
  );
  expect(moved.stdout).toContain("account-sandbox: not started");
  expect(appliedIn(folder)).toEqual([]);

  const map = readFileSync(fleet.path("map.json"), "utf8").replace("managed-by", "managed-from");
  fleet.write(JSON.parse(map) as AccountsMap);
  expect(await fleet.run("plan", "account-sandbox", "--out", second)).toMatchObject({ status: 2 });
  await s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key: `${folder}/account-sandbox.tfstate` }));
  const gone = await fleet.run("deploy", second);
  expect(gone.status).toBe(1);
  expect(words(gone.stderr)).toMatch(/made on serial \d+ of lineage \S+, and now there is no state/);
  // A plan that only creates is applied no second time, although Terraform would accept it.
  const again = await fleet.run("deploy", other, "--resume", "--json");
  expect(outcomes(again.stdout)).toEqual({ "account-sandbox": "applied before" });
});

it("plans a stack again with --reconcile, and applies that plan only if all of it was reviewed", async () => {
  const folder = await planned(["account-sandbox"]);
  const [tagged, reviewed] = [`${folder}-tagged`, `${folder}-reviewed`];
  expect(await fleet.run("deploy", folder, "--no-converge-check")).toMatchObject({ status: 0 });
  const map = readFileSync(fleet.path("map.json"), "utf8");
  const write = (text: string) => fleet.write(JSON.parse(text) as AccountsMap);

  // The reviewed plan changes a tag. Meanwhile another deployment changes the same tag.
  write(map.replace('"managed-by":"session-audit"', '"managed-by":"reviewed"'));
  expect(await fleet.run("plan", "account-sandbox", "--out", reviewed)).toMatchObject({ status: 2 });
  write(map.replace('"managed-by":"session-audit"', '"managed-by":"somebody"'));
  expect(await fleet.run("plan", "account-sandbox", "--out", tagged)).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", tagged, "--no-converge-check")).toMatchObject({ status: 0 });
  const refused = await fleet.run("deploy", reviewed, "--reconcile");
  expect(refused.status).toBe(1);
  expect(refused.stdout).toMatch(/and a new plan does what was not reviewed: .*aws_iam_policy\./);

  // Once the tag is as it was, a new plan does what was reviewed, although the state has moved on.
  write(map);
  const restored = `${folder}-restored`;
  expect(await fleet.run("plan", "account-sandbox", "--out", restored)).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", restored, "--no-converge-check")).toMatchObject({ status: 0 });
  expect(await fleet.run("deploy", reviewed, "--resume", "--reconcile")).toMatchObject({ status: 0 });
  expect(appliedIn(reviewed)).toEqual(["account-sandbox"]);
});

it("refuses a plan that was changed after the review, and plans of another version of Terraform", async () => {
  const folder = await planned(["account-sandbox"]);
  const manifest = fleet.path(folder, "manifest.json");
  const reviewed = readFileSync(manifest, "utf8");
  writeFileSync(manifest, reviewed.replace(/"version": "1\.[\d.]+"/, '"version": "1.9.9"'));
  const version = await fleet.run("deploy", folder);
  expect(version.status).toBe(1);
  expect(version.stderr).toMatch(/Terraform: planned with Terraform 1\.9\.9, here is Terraform 1\./);

  writeFileSync(manifest, reviewed);
  const file = fleet.path(folder, "account-sandbox", "plan.tfplan");
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from("x")]));
  const changed = await fleet.run("deploy", folder);
  expect(changed.status).toBe(1);
  expect(changed.stderr).toMatch(
    /account-sandbox: the plan has the checksum [0-9a-f]{64}, the manifest says [0-9a-f]{64}/,
  );
});

it("applies no plan that somebody puts into the folder while an earlier wave is deployed", async () => {
  const folder = await planned(ACCOUNTS);
  // Terraform would apply this plan: it is of the same state and configuration.
  const other = `${folder}-other`;
  expect(await fleet.run("plan", "account-payments", "--out", other)).toMatchObject({ status: 2 });
  const running = fleet.start("deploy", folder, "--json");
  await until(() => appliedIn(folder).includes("account-sandbox"), { what: "applied stack" });
  copyFileSync(
    fleet.path(other, "account-payments", "plan.tfplan"),
    fleet.path(folder, "account-payments", "plan.tfplan"),
  );
  const { status, stdout } = await running.ended;
  expect(status).toBe(1);
  // The wave is checked before it begins, and the stack before its apply.
  expect(outcomes(stdout)["account-payments"]).toMatch(
    /^(?:not started: the plan folder is no longer what was reviewed|failed: account-payments: the plan has the checksum)/,
  );
  expect(appliedIn(folder)).toEqual(["account-sandbox"]);
});

/** Locks the state of a stack, as another Terraform does. */
async function lock(folder: string, id: string): Promise<void> {
  const key = `${folder}/${id}.tfstate.tflock`;
  await s3.send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key: key, Body: foreignLock(key) }));
}
const unlock = (folder: string, id: string) =>
  s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key: `${folder}/${id}.tfstate.tflock` }));

it("stops the rollout at a locked state, says who holds the lock, does not break it, and goes on later", async () => {
  const folder = await planned(ACCOUNTS);
  await lock(folder, "account-sandbox");
  const { status, stdout } = await fleet.run("deploy", folder, "--lock-timeout", "1s", "--json");
  expect(status).toBe(1);
  expect(outcomes(stdout)).toEqual({
    "account-sandbox": expect.stringMatching(
      /^failed: the state is locked by alice@laptop \(Apply\), for \d+ min; lock id 1111/,
    ),
    "account-payments": "not started: wave canary stopped after 1 failure",
  });
  expect(await keysBelow(folder)).toContain("account-sandbox.tfstate.tflock");
  expect(readFileSync(fleet.path(folder, "deploy-report.xml"), "utf8")).toContain("<failure message=");

  await unlock(folder, "account-sandbox");
  expect(await fleet.run("deploy", folder, "--resume", "--no-converge-check")).toMatchObject({ status: 0 });
  expect(appliedIn(folder)).toEqual(ACCOUNTS);
});

it("goes on to the next wave as long as a wave fails no more than it tolerates", async () => {
  const folder = await planned(["account-sandbox", "account-payments"], {
    waves: [{ name: "canary", failureTolerance: "100%" }, "early", "rest"],
  });
  await lock(folder, "account-sandbox");
  const { status, stdout } = await fleet.run("deploy", folder, "--lock-timeout", "1s", "--json");
  expect(status).toBe(1);
  expect(outcomes(stdout)).toMatchObject({
    "account-sandbox": expect.stringMatching(/^failed/),
    "account-payments": "applied",
  });
});

it("refuses a second deployment of the same folder while the first one runs, and says who runs it", async () => {
  const folder = await planned(ACCOUNTS);
  const first = fleet.start("deploy", folder, "--no-converge-check");
  await until(() => journalOf(folder).length > 0, { what: "line in the journal" });
  const second = await fleet.run("deploy", folder, "--resume");
  // Before any expectation: the workspace is free for the next test.
  const { status } = await first.ended;
  expect(second).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/\(process \d+\) deploys this plan folder/),
  });
  expect(status).toBe(0);
});

describe("an interrupted deployment", () => {
  /** Conditions on the journal, for the phases in which a signal comes. */
  const PHASES = {
    "before the first stack": (lines: JournalLine[]) => lines.length >= 1,
    "during an apply": (lines: JournalLine[]) => lines.some(({ event }) => event === "started"),
  };

  it.each(Object.entries(PHASES))(
    "lets running stacks end at a first Ctrl-C %s, and goes on",
    async (_, reached) => {
      const folder = await planned(ACCOUNTS);
      const running = fleet.start("deploy", folder, "--no-converge-check");
      await until(() => reached(journalOf(folder)), { what: "journal of that phase" });
      running.kill("SIGINT");
      const { status, stderr } = await running.ended;
      expect(status).toBe(130);
      expect(stderr).toContain("no further stack is started");
      expect((await keysBelow(folder)).filter((key) => key.endsWith(".tflock"))).toEqual([]);
      expect(journalOf(folder).filter(({ event }) => event === "started")).toHaveLength(
        appliedIn(folder).length,
      );
      expect(await fleet.run("deploy", folder, "--resume", "--no-converge-check")).toMatchObject({
        status: 0,
      });
      expect(appliedIn(folder).sort()).toEqual([...ACCOUNTS].sort());
    },
  );

  it.each(Object.entries(PHASES))("loses nothing when it is killed %s", async (_, reached) => {
    const folder = await planned(ACCOUNTS);
    const running = fleet.start("deploy", folder, "--no-converge-check");
    await until(() => reached(journalOf(folder)), { what: "journal of that phase" });
    running.kill("SIGKILL");
    await running.ended;
    const resumed = await fleet.run("deploy", folder, "--resume");
    expect(resumed).toMatchObject({ status: 0 });
    expect(appliedIn(folder).sort()).toEqual([...ACCOUNTS].sort());
    expect((await keysBelow(folder)).filter((key) => key.endsWith(".tflock"))).toEqual([]);
    expect(await fleet.run("plan", ...ACCOUNTS, "--out", `${folder}-after`)).toMatchObject({ status: 0 });
  });
});

it("keeps the journal in S3, where a second machine finds it", async () => {
  const folder = await planned(["account-sandbox", "account-payments"]);
  const journal = `s3://${STATE_BUCKET}/journals/${folder}`;
  expect(await fleet.run("deploy", folder, "--journal", journal, "--until", "canary")).toMatchObject({
    status: 0,
  });
  expect(journalOf(folder)).toEqual([]);
  expect(await fleet.run("deploy", folder, "--journal", journal)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("deployed before"),
  });
  const resumed = await fleet.run("deploy", folder, "--journal", journal, "--resume", "--json");
  expect(outcomes(resumed.stdout)).toEqual({
    "account-sandbox": "applied before",
    "account-payments": "applied",
  });
});

it("asks doctor after a wave with which the command ends, and not again when it resumes", async () => {
  const iam = new IAMClient(await clientConfig(fleet.emulator, "222222222222", "us-east-1"));
  await createRole(iam, "gated", { Service: "ec2.amazonaws.com" });
  const sandbox = { ...MAP.accounts["sandbox"]!, access: { attachToRoles: ["gated"] } };
  const folder = await planned(ACCOUNTS, {
    waves: [{ name: "canary", doctor: true }, "early", "rest"],
    accounts: { ...MAP.accounts, sandbox },
  });
  const attached = {
    RoleName: "gated",
    PolicyArn: `arn:aws:iam::222222222222:policy/session-audit-${folder}-instance`,
  };
  expect(await fleet.run("deploy", folder, "--until", "canary")).toMatchObject({ status: 0 });
  expect(journalOf(folder).at(-2)).toMatchObject({ event: "passed", wave: "canary" });
  // Doctor would object now.
  await iam.send(new DetachRolePolicyCommand(attached));
  expect(await fleet.run("deploy", folder, "--resume", "--no-converge-check")).toMatchObject({ status: 0 });
  expect(appliedIn(folder)).toEqual(ACCOUNTS);
});
