import { readFileSync } from "node:fs";
import { IAMClient, ListPolicyTagsCommand } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig } from "../../demo/people";
import type { JournalLine } from "../../fleet/deploy/journal";
import type { Manifest } from "../../fleet/plan-folder";
import exampleMap from "../fixtures/example-map";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";
import { createPlanRole, PLAN_ROLE } from "../helpers/plan-role";

// Somebody deploys with the role that plans, whose calls the embedded AWS judges.
const SANDBOX = "222222222222";
const STACK = "account-sandbox";
const MAP: AccountsMap = withS3State({
  ...exampleMap,
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: PLAN_ROLE },
  access: { attachToRoles: [] },
  notifications: { ...exampleMap.notifications, security: { accountChanges: false } },
});

let fleet: Fleet;
let before: Awaited<ReturnType<typeof everything>>;
let outcome: Awaited<ReturnType<Fleet["run"]>>;

/** The lineage of the stack's state, the locks in the backend, and the tags that the deployment would change. */
async function everything() {
  const s3 = new S3Client({
    endpoint: fleet.emulator.endpoint,
    region: "eu-central-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "AKIAEMULATOR", secretAccessKey: "emulator" },
  });
  const Key = `session-audit/${STACK}.tfstate`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: STATE_BUCKET, Key }));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: STATE_BUCKET }));
  const iam = new IAMClient(await clientConfig(fleet.emulator, SANDBOX, "us-east-1"));
  const PolicyArn = `arn:aws:iam::${SANDBOX}:policy/session-audit-acme-operator`;
  const { lineage } = JSON.parse(await Body!.transformToString()) as { lineage: string };
  return {
    lineage,
    locks: Contents.flatMap(({ Key = "" }) => (Key.endsWith(".tflock") ? [Key] : [])),
    tags: (await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags,
  };
}

beforeAll(async () => {
  fleet = await Fleet.start({ judgedRoles: [PLAN_ROLE] });
  await createPlanRole(fleet.emulator, SANDBOX);
  fleet.write(MAP);
  expect(await fleet.run("plan", STACK, "--out", "first")).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", "first", "--no-converge-check")).toMatchObject({ status: 0 });
  before = await everything();
  fleet.write({
    ...MAP,
    deployment: { mode: "assume-role", role: PLAN_ROLE },
    tags: { "managed-by": "somebody" },
  });
  expect(await fleet.run("plan", STACK, "--out", "changed")).toMatchObject({ status: 2 });
  outcome = await fleet.run("deploy", "changed");
});
afterAll(() => fleet.stop());

it("is refused by AWS at the first call that changes something", () => {
  expect(outcome.status).toBe(1);
  expect(outcome.stdout).toContain("0 stacks applied, 0 without changes, 1 failed");
  expect(outcome.stdout.replaceAll(/\s+/g, " ")).toMatch(
    /AccessDenied: User: arn:aws:sts::222222222222:assumed-role\/session-audit-plan\/\S+ is not authorized to perform: iam:\w*Tag\w* /,
  );
});

it("changes nothing in AWS, and leaves no lock", async () => {
  expect(before.locks).toEqual([]);
  expect(await everything()).toEqual(before);
});

// The AWS provider writes the planned values of a failed update into the state. The next refresh puts them right.
it("leaves a state from which the next plan has the same changes", async () => {
  const summary = (folder: string) =>
    (JSON.parse(readFileSync(fleet.path(folder, "manifest.json"), "utf8")) as Manifest).stacks[0]!.summary;
  expect(await fleet.run("plan", STACK, "--out", "after")).toMatchObject({ status: 2 });
  expect(summary("after")).toBe(summary("changed"));
});

it("is a failure in the journal", () => {
  const lines = readFileSync(fleet.path("changed", "journal.ndjson"), "utf8").trim().split("\n");
  const ended = lines.map((line) => JSON.parse(line) as JournalLine).filter(({ event }) => event === "ended");
  expect(ended).toMatchObject([{ stack: STACK, result: "failed" }]);
});
