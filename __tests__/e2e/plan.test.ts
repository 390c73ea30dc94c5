import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Manifest } from "../../fleet/plan-folder";
import exampleMap from "../fixtures/example-map";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";
import type { PlanJson } from "../../review/plan-json";

const MAP = withS3State(exampleMap);
let fleet: Fleet;
let s3: S3Client;
beforeAll(async () => {
  fleet = await Fleet.start();
  s3 = new S3Client({
    ...{ endpoint: fleet.emulator.endpoint, region: "eu-central-1", forcePathStyle: true },
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
  expect(manifest).toMatchObject({ version: 1, organization: "acme", provider: "5.100.0", shard: null });
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
