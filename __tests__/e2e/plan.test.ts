import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { IAMClient } from "@aws-sdk/client-iam";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AccountsMap } from "../../accounts/schema";
import type { Manifest } from "../../fleet/plan-folder";
import exampleMap from "../fixtures/example-map";
import { clientConfig, createRole } from "../../demo/people";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";
import type { ProgramOutcome } from "../helpers/run-program";
import { until } from "../helpers/until";
import type { PlanJson } from "../../review/plan-json";

/** The example with smaller stacks of accounts, which need no other stack. */
const MAP: AccountsMap = {
  ...withS3State(exampleMap),
  notifications: { ...exampleMap.notifications, security: { accountChanges: false } },
};
let fleet: Fleet;
let s3: S3Client;
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
beforeEach(() => fleet.write(MAP));

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(fleet.path(folder, "manifest.json"), "utf8")) as Manifest;
const planOf = (folder: string, id: string) =>
  JSON.parse(readFileSync(fleet.path(folder, id, "plan.json"), "utf8")) as PlanJson;

it("saves the plans of the selected stacks in a folder that only its owner can read", async () => {
  const { status, stdout } = await fleet.run("plan", "account-*", "--out", "some");
  expect(status).toBe(2);
  expect(stdout).toContain("4 stacks planned: 4 with changes, 0 without, 0 failed.");
  expect(statSync(fleet.path("some")).mode & 0o777).toBe(0o700);
  const manifest = manifestOf("some");
  expect(manifest.stacks.map(({ id }) => id)).toEqual([
    ...["account-log-archive", "account-sandbox", "account-storefront", "account-payments"],
  ]);
  for (const stack of manifest.stacks) {
    expect(stack).toMatchObject({ result: "changes", state: null, attempts: 1 });
    expect(stack.summary).toMatch(/^Plan: [1-9]\d* to add, 0 to change, 0 to destroy\.$/);
    expect(stack.planSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(planOf("some", stack.id).resource_changes!.length).toBeGreaterThan(0);
    expect(existsSync(fleet.path("some", stack.id, "plan.tfplan"))).toBe(true);
  }
  expect(manifest).toMatchObject({ version: 2, organization: "acme", provider: "5.100.0", shard: null });
});

it("names a stack that fails with Terraform's message, and plans the others", async () => {
  const key = "session-audit/account-sandbox.tfstate";
  await s3.send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key: key, Body: "{ no state" }));
  try {
    const { status, stdout, stderr } = await fleet.run("plan", "account-s*", "--out", "broken");
    expect(status).toBe(1);
    expect(stdout).toContain("2 stacks planned: 1 with changes, 0 without, 1 failed.");
    expect(stdout).toMatch(/account-sandbox failed:\n {2}Error: .*state/);
    expect(stdout).toContain("log: broken/account-sandbox/terraform.log");
    expect(stderr).toMatch(/account-sandbox: failed: /);
    expect(readFileSync(fleet.path("broken", "account-sandbox", "terraform.log"), "utf8")).toContain(
      "Error:",
    );
    expect(manifestOf("broken").stacks.map(({ result }) => result)).toEqual(["failed", "changes"]);
  } finally {
    await s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key: key }));
  }
});

it("tells a failure that all stacks have once, and where the log of each is", async () => {
  for (const { id } of Object.values(MAP.accounts)) {
    const iam = new IAMClient(await clientConfig(fleet.emulator, id, "us-east-1"));
    await createRole(iam, "for-instances", { Service: "ec2.amazonaws.com" });
  }
  fleet.write({ ...MAP, deployment: { mode: "assume-role", role: "for-instances" } });
  const { status, stdout } = await fleet.run("plan", "account-*", "--out", "denied");
  expect(status).toBe(1);
  expect(stdout).toContain("4 stacks planned: 0 with changes, 0 without, 4 failed.");
  expect(stdout).toContain("4 stacks failed, for the same reason:");
  expect(stdout.match(/ failed(:|, for)/g)).toHaveLength(1);
  expect(stdout).toContain("AccessDenied");
  for (const { id, log } of manifestOf("denied").stacks) {
    expect(log).toBe(`${id}/terraform.log`);
    expect(readFileSync(fleet.path("denied", log!), "utf8")).toContain("AccessDenied");
  }
  const review = await fleet.run("review", "denied");
  expect(review.stdout.replaceAll(/\s+/g, " ")).toContain("the same in 4 stacks");
});

describe("after a Ctrl-C, a plan", () => {
  /** The objects in the bucket that Terraform locks states with. */
  const locks = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: STATE_BUCKET }));
    return Contents.flatMap(({ Key = "" }) => (Key.endsWith(".tflock") ? [Key] : []));
  };
  const leftovers = () => readdirSync(fleet.directory).filter((name) => name.startsWith("stopped"));
  let stopped: ProgramOutcome;
  beforeAll(async () => {
    const running = fleet.start("plan", "account-*", "--parallel", "1", "--out", "stopped");
    await until(() => leftovers().some((name) => existsSync(fleet.path(name, "plan", "account-sandbox"))), {
      what: "second plan",
    });
    await until(async () => (await locks()).length > 0, { what: "lock of the second state" });
    running.kill("SIGINT");
    stopped = await running.ended;
  });

  it("starts no further stack, and says so by its exit code", () => {
    expect(stopped).toMatchObject({ status: 130, stdout: "" });
    expect(stopped.stderr).toContain("SIGINT: stopping Terraform");
    expect(stopped.stderr.match(/^\d\/4 /gm)).toEqual(["1/4 "]);
  });

  it("leaves no folder, no part of one, and no lock", async () => {
    expect({ leftovers: leftovers(), locks: await locks() }).toEqual({ leftovers: [], locks: [] });
  });

  it.each([["review"], ["deploy"], ["merge", "--out", "merged"]])(
    "is refused by %s in words",
    async (command, ...more) => {
      expect(await fleet.run(command, "stopped", ...more)).toMatchObject({
        status: 1,
        stdout: "",
        stderr: expect.stringMatching(/is no plan folder: it has no manifest\.json/) as string,
      });
    },
  );

  it("is made by the next run", async () => {
    expect(await fleet.run("plan", "account-sandbox", "--out", "stopped")).toMatchObject({ status: 2 });
  });
});

it("does not overwrite a folder", async () => {
  writeFileSync(fleet.path("taken"), "mine");
  const { status, stderr } = await fleet.run("plan", "account-sandbox", "--out", "taken");
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/taken exists.*never overwritten/),
  });
  expect(readFileSync(fleet.path("taken"), "utf8")).toBe("mine");
});

it("leaves no part of a folder that it cannot finish", async () => {
  const { status, stderr } = await fleet.run("plan", "account-sandbox", "--out", "map.json/plans");
  expect(status).toBe(1);
  expect(stderr).toMatch(/map\.json\/plans cannot be created: [\s\S]*--out/);
  expect(stderr).not.toMatch(/^ {4}at /m);
});

it("plans in parts, and makes one folder of them", async () => {
  for (const index of [1, 2]) {
    const { status } = await fleet.run(
      "plan",
      "account-*",
      "--shard",
      `${index}/2`,
      "--out",
      `part-${index}`,
    );
    expect([0, 2]).toContain(status);
  }
  const merged = await fleet.run("merge", "part-1", "part-2", "--out", "whole");
  expect(merged).toMatchObject({ status: 0, stdout: "4 stacks of 2 parts: whole\n" });
  expect(manifestOf("whole").stacks.map(({ id }) => id)).toEqual([
    ...["account-log-archive", "account-sandbox", "account-storefront", "account-payments"],
  ]);
  expect(planOf("whole", "account-payments").resource_changes!.length).toBeGreaterThan(0);

  const missing = await fleet.run("merge", "part-1", "--out", "half");
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining("these are missing: 2") });
  expect(existsSync(fleet.path("half"))).toBe(false);
});

describe("states that have left the map", () => {
  const key = "session-audit/session-gone-eu-west-1.tfstate";
  const put = (resources: unknown[]) =>
    s3.send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key: key, Body: JSON.stringify({ resources }) }));
  afterEach(() => s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key: key })));

  it("are listed, and named by a plan", async () => {
    await put([{ type: "aws_ssm_document" }]);
    const { status, stdout } = await fleet.run("list", "--orphans");
    expect(status).toBe(2);
    expect(stdout).toMatch(
      /session-gone-eu-west-1 +1 +s3:\/\/acme-terraform-state\/session-audit\/session-gone/,
    );
    expect(stdout).toContain("docs/runbook.md#");
    const planned = await fleet.run("plan", "account-sandbox", "--out", "beside-orphans");
    expect(planned.stderr).toContain("not in the map any more: session-gone-eu-west-1");
  });

  it("do not count once they are destroyed", async () => {
    await put([]);
    expect(await fleet.run("list", "--orphans")).toMatchObject({
      status: 0,
      stdout: "Every state belongs to a stack of the map.\n",
    });
  });
});
