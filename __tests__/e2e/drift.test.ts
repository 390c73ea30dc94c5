import { readFileSync } from "node:fs";
import { CreatePolicyVersionCommand, IAMClient } from "@aws-sdk/client-iam";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig } from "../../demo/people";
import type { Review } from "../../review/model";
import exampleMap from "../fixtures/example-map";
import { Fleet, withS3State } from "../helpers/fleet";

const SANDBOX = "222222222222";
const STACK = "account-sandbox";
/** One small stack, and a role that plans beside the one that deploys. */
const MAP: AccountsMap = withS3State({
  ...exampleMap,
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  access: { attachToRoles: [] },
  notifications: { ...exampleMap.notifications, security: { accountChanges: false } },
});

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
  fleet.write(MAP);
  expect(await fleet.run("plan", STACK, "--out", "first")).toMatchObject({ status: 2 });
});
afterAll(() => fleet.stop());

describe("a review of the plan", () => {
  it("is text by default, and calls nothing", async () => {
    const { status, stdout, stderr } = await fleet.run("review", "first");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("sandbox (222222222222)");
  });

  it("is written into a file in each form", async () => {
    const forms = { json: '"version": 1', html: "<!doctype html>", markdown: "sandbox" };
    for (const [format, part] of Object.entries(forms)) {
      const { status, stdout } = await fleet.run(
        "review",
        "first",
        "--format",
        format,
        "--out",
        `review.${format}`,
      );
      expect({ status, stdout }).toEqual({ status: 0, stdout: `Review: review.${format}\n` });
      expect(readFileSync(fleet.path(`review.${format}`), "utf8").toLowerCase()).toContain(
        part.toLowerCase(),
      );
    }
  });

  it("refuses a limit that is too short for anything, and a severity that is none", async () => {
    const short = await fleet.run("review", "first", "--format", "markdown", "--limit", "10");
    expect(short).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("from 1000") as string,
    });
    const severity = await fleet.run("review", "first", "--fail-on", "bad");
    expect(severity).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("critical, high") as string,
    });
  });
});

describe("two roles", () => {
  it("are in no plan: the plan names a profile", () => {
    const configuration = readFileSync(fleet.path("first", STACK, "cdk.tf.json"), "utf8");
    expect(configuration).toContain('"profile": "session-audit-222222222222"');
    expect(configuration).not.toContain("role_arn");
  });

  it("plan and deploy the same plan", async () => {
    expect(await fleet.run("deploy", "first")).toMatchObject({
      status: 0,
      stdout: "1 stacks applied, 0 without changes, 0 failed, 0 not started.\n",
    });
  });
});

describe("drift", () => {
  beforeAll(async () => {
    await fleet.run("deploy", "first", "--resume", "--no-converge-check");
  });

  it("is none after a deployment", async () => {
    const { status, stderr } = await fleet.run("drift", STACK);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("no drift") as string });
  });

  it("is told in the words of a review, with exit code 2", async () => {
    const iam = new IAMClient(await clientConfig(fleet.emulator, SANDBOX, "us-east-1"));
    const PolicyArn = `arn:aws:iam::${SANDBOX}:policy/session-audit-acme-operator`;
    const Statement = [{ Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
    const { status, stdout } = await fleet.run("drift", STACK, "--json");
    const review = JSON.parse(stdout) as Review;
    expect(status).toBe(2);
    expect(review.groups.map(({ change }) => change.address)).toEqual(["aws_iam_policy.OperatorPolicy"]);
    const [attribute] = review.groups[0]!.change.attributes;
    expect(attribute!.meaning).toMatchObject({ kind: "policy", direction: "wider" });
    expect(review.findings.map(({ severity }) => severity)).toContain("high");
  });
});
