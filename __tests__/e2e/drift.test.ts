import { readFileSync } from "node:fs";
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
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
      stdout: "1 stack applied, 0 without changes, 0 failed, 0 not started.\n",
    });
  });
});

describe("a renamed account", () => {
  const renamed = (formerName: string | undefined): AccountsMap => {
    const { sandbox, ...others } = MAP.accounts;
    return { ...MAP, accounts: { ...others, playground: { ...sandbox!, formerName } } };
  };
  afterAll(() => fleet.write(MAP));

  it("has nothing to plan if the map has its former name", async () => {
    fleet.write(renamed("sandbox"));
    const { status, stdout } = await fleet.run("plan", "--account", "playground", STACK, "--out", "renamed");
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("1 without") as string });
  });

  it("has a new stack without it", async () => {
    fleet.write(renamed(undefined));
    const { status, stdout } = await fleet.run(
      "list",
      "--account",
      "playground",
      "--kind",
      "account",
      "--ids",
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "account-playground\n" });
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

  it("is not known of a stack that has no state, with exit code 4", async () => {
    const { status, stdout, stderr } = await fleet.run("drift", STACK, "account-payments", "--json");
    expect(status).toBe(4);
    expect(stderr).toContain("not compared");
    const { stacks } = JSON.parse(stdout) as Review;
    expect(stacks.find(({ id }) => id === STACK)).toMatchObject({ result: "no changes" });
    expect(stacks.find(({ id }) => id === "account-payments")).toMatchObject({
      result: "failed",
      failure: expect.stringContaining("its state is lost") as string,
    });
  });

  it("is described in the words of a review, with exit code 2", async () => {
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

describe("drift --who", () => {
  const SESSION = "session-sandbox-eu-central-1";
  const off = { enabled: false };
  const { archive: _, ...withoutArchive } = MAP;
  beforeAll(async () => {
    fleet.write({
      ...withoutArchive,
      organization: { ...MAP.organization, name: "who" },
      waves: ["canary"],
      transcripts: { bucket: "none" },
      preferences: { enforce: { s3: false } },
      notifications: { activity: off, security: off },
      accounts: { sandbox: { ...MAP.accounts["sandbox"]!, regions: ["eu-central-1"] } },
    });
    expect(await fleet.run("plan", SESSION, "--out", "who")).toMatchObject({ status: 2 });
    expect(await fleet.run("deploy", "who", "--no-converge-check")).toMatchObject({ status: 0 });
    const credentials = await fleet.emulator.credentials(SANDBOX, "operator", "mallory");
    const config = { endpoint: fleet.emulator.endpoint, region: "eu-central-1", credentials };
    const logGroupName = "/session-audit/who/sessions";
    await new CloudWatchLogsClient(config).send(
      new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }),
    );
  });

  it("names who set the retention by hand, when, from where and by which call", async () => {
    const { status, stdout } = await fleet.run("drift", SESSION, "--who");
    expect(status).toBe(2);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
      /Who changed it, as CloudTrail tells aws_cloudwatch_log_group\.\S+ in session-sandbox-eu-central-1 - PutRetentionPolicy by role operator, session mallory, at 20\d\d-\S+Z, from 203\.0\.113\.10/,
    );
  });

  it("tells programs the same in fields", async () => {
    const { stdout } = await fleet.run("drift", SESSION, "--who", "--json");
    const { who } = JSON.parse(stdout) as Review;
    expect(who).toMatchObject([
      {
        stack: SESSION,
        accountId: SANDBOX,
        region: "eu-central-1",
        unknown: null,
        calls: [
          {
            event: "PutRetentionPolicy",
            source: "logs.amazonaws.com",
            arn: expect.stringMatching(/assumed-role\/operator\/mallory$/) as string,
          },
          { arn: expect.stringMatching(/assumed-role\/session-audit-deploy\//) as string },
        ],
      },
    ]);
  });

  it("says that CloudTrail has refused, and tells the drift nevertheless", async () => {
    fleet.emulator.failNext({
      service: "cloudtrail",
      operation: "LookupEvents",
      code: "AccessDeniedException",
      times: 100,
    });
    const { status, stdout } = await fleet.run("drift", SESSION, "--who");
    fleet.emulator.failNext({ service: "cloudtrail", operation: "LookupEvents", code: "", times: 0 });
    expect(status).toBe(2);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "CloudTrail could not be asked in account 222222222222, eu-central-1: AccessDeniedException",
    );
  });

  it("names what it does not cover", async () => {
    const { stdout } = await fleet.run("drift", SESSION);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("What somebody has added beside the stacks is not seen");
  });
});
