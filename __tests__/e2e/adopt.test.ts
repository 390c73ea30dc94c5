import { existsSync, readFileSync, rmSync } from "node:fs";
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeRegionsCommand, EC2Client, type DescribeRegionsCommandInput } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
  type BucketLocationConstraint,
} from "@aws-sdk/client-s3";
import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  SSMClient,
  UpdateDocumentCommand,
} from "@aws-sdk/client-ssm";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig, createRole } from "../../demo/people";
import { run } from "../../fleet/cli";
import type { Adoption, TargetResult } from "../../fleet/adopt/model";
import type { Manifest } from "../../fleet/plan-folder";
import { PREFERENCES_DOCUMENT } from "../../stacks/names";
import { Fleet, STATE_BUCKET } from "../helpers/fleet";
import { createPlanRole, PLAN_ROLE } from "../helpers/plan-role";

/** What a first rollout meets: one account for each case. The role that plans looks, and each of its calls is judged. */

const HOME = "eu-central-1";
const ACCOUNTS = {
  empty: "611111111111",
  console: "622222222222",
  behind: "633333333333",
  owned: "644444444444",
  denied: "655555555555",
  disabled: "666666666666",
} as const;
type Name = keyof typeof ACCOUNTS;

/** Small stacks: a log group and the preferences. */
const MAP: AccountsMap = {
  organization: { name: "acme" },
  state: { backend: "s3", bucket: STATE_BUCKET, region: HOME, keyPrefix: "adopt" },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: PLAN_ROLE },
  trail: "existing",
  protect: false,
  transcripts: { bucket: "none" },
  encryption: { mode: "s3-managed" },
  preferences: { encryptSessionData: false, enforce: { s3: false, cloudWatch: false } },
  notifications: { activity: { enabled: true }, security: { enabled: false } },
  access: { operatorPolicy: false, reviewerPolicy: false, attachToRoles: ["app-server"] },
  accounts: {
    ...Object.fromEntries(
      (["empty", "console", "behind", "owned", "denied"] as const).map((name) => [
        name,
        { id: ACCOUNTS[name], homeRegion: HOME, regions: [HOME] },
      ]),
    ),
    disabled: { id: ACCOUNTS.disabled, homeRegion: HOME, regions: [HOME, "ap-east-1"] },
  },
};

let fleet: Fleet;
const ssmOf = async (name: Name, region = HOME) =>
  new SSMClient(await clientConfig(fleet.emulator, ACCOUNTS[name], region));
const s3 = () =>
  new S3Client({
    endpoint: fleet.emulator.endpoint,
    region: HOME,
    forcePathStyle: true,
    credentials: { accessKeyId: "AKIAEMULATOR", secretAccessKey: "emulator" },
  });

const setVersioning = (Status: "Enabled" | "Suspended") =>
  s3().send(new PutBucketVersioningCommand({ Bucket: STATE_BUCKET, VersioningConfiguration: { Status } }));

const content = (inputs: object) =>
  JSON.stringify({
    schemaVersion: "1.0",
    description: "Document to hold regional settings for Session Manager",
    sessionType: "Standard_Stream",
    inputs,
  });
const CONSOLE = content({ s3BucketName: "old-bucket", idleSessionTimeout: "5", runAsEnabled: false });

async function createPreferences(name: Name, Content: string, Tags: { Key: string; Value: string }[] = []) {
  const ssm = await ssmOf(name);
  const document = { Name: PREFERENCES_DOCUMENT, DocumentType: "Session", DocumentFormat: "JSON" } as const;
  await ssm.send(new CreateDocumentCommand({ ...document, Content, Tags }));
}
async function updatePreferences(name: Name, Content: string) {
  const ssm = await ssmOf(name);
  const document = {
    Name: PREFERENCES_DOCUMENT,
    DocumentVersion: "$LATEST",
    DocumentFormat: "JSON",
  } as const;
  await ssm.send(new UpdateDocumentCommand({ ...document, Content }));
}

/** A trail of all regions that logs, in an account. */
async function createTrail(name: Name) {
  const config = await clientConfig(fleet.emulator, ACCOUNTS[name], HOME);
  const bucket = `trail-${ACCOUNTS[name]}`;
  const LocationConstraint = HOME as BucketLocationConstraint;
  const buckets = new S3Client({ ...config, forcePathStyle: true });
  await buckets.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }),
  );
  const service = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" } };
  const Statement = [
    { ...service, Action: "s3:GetBucketAcl", Resource: `arn:aws:s3:::${bucket}` },
    { ...service, Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/*` },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await buckets.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const cloudtrail = new CloudTrailClient(config);
  const trail = { Name: "org", S3BucketName: bucket, IsMultiRegionTrail: true };
  await cloudtrail.send(new CreateTrailCommand(trail));
  await cloudtrail.send(new StartLoggingCommand({ Name: "org" }));
}

beforeAll(async () => {
  // The trail of the organization records every account but these two.
  const besides: readonly string[] = [ACCOUNTS.owned, ACCOUNTS.console];
  const organizationTrail = (accountId: string) => !besides.includes(accountId);
  fleet = await Fleet.start({ judgedRoles: [PLAN_ROLE], organizationTrail });
  for (const [name, id] of Object.entries(ACCOUNTS) as [Name, string][]) {
    const iam = new IAMClient(await clientConfig(fleet.emulator, id, "us-east-1"));
    if (name === "denied") await createRole(iam, PLAN_ROLE, { Service: "ec2.amazonaws.com" });
    else await createPlanRole(fleet.emulator, id);
    if (name !== "empty") await createRole(iam, "app-server", { Service: "ec2.amazonaws.com" });
    if (name === "console") await createTrail(name);
  }
  await createPreferences("console", CONSOLE);
  await createPreferences("behind", content({ cloudWatchLogGroupName: "" }));
  await updatePreferences("behind", content({ cloudWatchLogGroupName: "old-group" }));
  await createPreferences("owned", CONSOLE, [
    { Key: "aws:cloudformation:stack-name", Value: "AWSAccelerator-SecurityResourcesStack" },
  ]);
  fleet.emulator.disableRegion(ACCOUNTS.disabled, "ap-east-1");
  fleet.write(MAP);
});
afterAll(() => fleet.stop());

const generated = () => fleet.path("map.generated.json");
beforeEach(() => rmSync(generated(), { force: true }));

async function adopt(...argv: string[]) {
  const { status, stdout, stderr } = await fleet.run("adopt", "--json", ...argv);
  expect({ stdout: stdout.slice(0, 1), stderr }).toMatchObject({ stdout: "{" });
  return { status, result: JSON.parse(stdout) as Adoption & { written: unknown } };
}
const targetOf = ({ targets }: Adoption, account: Name, region = HOME): TargetResult =>
  targets.find((target) => target.account === account && target.region === region)!;
/** Lines as `verdict subject`, without those that are ok. */
const told = ({ lines }: Pick<TargetResult, "lines">) =>
  lines.flatMap(({ verdict, subject }) => (verdict === "ok" ? [] : [`${verdict} ${subject}`]));

describe("a look at every target by the role that plans", () => {
  let result: Adoption;
  let status: number | null;
  let judged: Fleet["emulator"]["judgments"];
  beforeAll(async () => {
    const before = fleet.emulator.judgments.length;
    ({ status, result } = await adopt("--html", "adopt.html"));
    judged = fleet.emulator.judgments.slice(before);
  });

  it("has something to do, and is refused nothing that the policy of the role is for", () => {
    expect(status).toBe(2);
    expect(judged.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(judged.length).toBeGreaterThan(40);
  });

  it.each<[Name, string, readonly string[]]>([
    ["empty", HOME, []],
    ["console", HOME, ["to-do preferences"]],
    ["behind", HOME, ["to-do preferences", "to-do versions"]],
    ["owned", HOME, ["to-do preferences", "to-do owner", "to-do trail"]],
    ["denied", HOME, ["not-looked-at credentials"]],
    ["disabled", HOME, []],
    ["disabled", "ap-east-1", ["to-do region"]],
  ])("tells of %s in %s what is in the way", (name, region, lines) => {
    expect(told(targetOf(result, name, region))).toEqual(lines);
  });

  it("says why a target was not looked at, in AWS's words", () => {
    expect(targetOf(result, "denied").lines[0]!.text).toMatch(/AccessDenied.*AssumeRole/);
  });

  it("compares the console's document field by field", () => {
    const effects = targetOf(result, "console").changes.map(({ path, effect }) => `${path} ${effect}`);
    expect(effects).toEqual(
      expect.arrayContaining([
        "inputs.s3BucketName weaker",
        "inputs.idleSessionTimeout weaker",
        "inputs.cloudWatchLogGroupName stronger",
        "inputs.cloudWatchStreamingEnabled stronger",
        "inputs.runAsDefaultUser neutral",
      ]),
    );
  });

  it("names the tool that keeps a document", () => {
    expect(targetOf(result, "owned").document!.owner).toMatch(
      /^Landing Zone Accelerator on AWS.*AWSAccelerator-SecurityResourcesStack/,
    );
  });

  it("names the role that does not exist", () => {
    const of = (name: Name) => told(result.accounts.find(({ account }) => account === name)!);
    expect(of("empty")).toEqual(["to-do roles"]);
    expect(of("console")).toEqual([]);
  });

  it("finds the bucket of the states without versions", () => {
    expect(result.shared.map(({ verdict, text }) => `${verdict}: ${text}`)).toEqual([
      expect.stringContaining("to-do: The bucket acme-terraform-state does not keep versions"),
      "ok: The policy of the bucket acme-terraform-state takes lock files.",
    ]);
  });

  it("writes a page that loads nothing", () => {
    const page = readFileSync(fleet.path("adopt.html"), "utf8");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(page).toContain("AWSAccelerator-SecurityResourcesStack");
  });

  it("writes nothing else", () => {
    expect(existsSync(generated())).toBe(false);
  });
});

it("lists regions as AWS does, and knows nobody in one that is not enabled", async () => {
  const config = await clientConfig(fleet.emulator, ACCOUNTS.disabled, HOME);
  const ec2 = new EC2Client(config);
  const statusOf = async (input: DescribeRegionsCommandInput, name: string) =>
    (await ec2.send(new DescribeRegionsCommand(input))).Regions!.find(({ RegionName }) => RegionName === name)
      ?.OptInStatus;
  expect(await statusOf({ AllRegions: true }, "ap-east-1")).toBe("not-opted-in");
  expect(await statusOf({}, "ap-east-1")).toBeUndefined();
  expect(await statusOf({}, HOME)).toBe("opt-in-not-required");
  expect(await statusOf({}, "eu-south-1")).toBe("opted-in");
  await expect(ec2.send(new DescribeRegionsCommand({ RegionNames: ["xx-east-1"] }))).rejects.toThrow(
    "Invalid region provided",
  );
  const there = { ...config, region: "ap-east-1" };
  await expect(
    new SSMClient(there).send(new DescribeDocumentCommand({ Name: PREFERENCES_DOCUMENT })),
  ).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  await expect(new EC2Client(there).send(new DescribeRegionsCommand({}))).rejects.toMatchObject({
    name: "AuthFailure",
  });
  expect(() => fleet.emulator.disableRegion(ACCOUNTS.disabled, HOME)).toThrow("enabled by default");
});

it("finds a policy of the state's bucket that refuses lock files", async () => {
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: "*" };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
  await s3().send(new PutBucketPolicyCommand({ Bucket: STATE_BUCKET, Policy }));
  try {
    const { result } = await adopt("--account", "console");
    expect(result.shared.map(({ verdict }) => verdict)).toEqual(["to-do", "to-do"]);
    expect(result.shared[1]!.text).toContain("refuses s3:DeleteObject on lock files");
  } finally {
    await s3().send(new DeleteBucketPolicyCommand({ Bucket: STATE_BUCKET }));
  }
});

/** Runs `adopt --promote` in this process, where a test can answer. @returns the question */
async function promoteAtTerminal(answer: string): Promise<string> {
  const before = { ...process.env };
  let asked = "";
  Object.assign(process.env, fleet.env); // The AWS SDK reads the environment of the process.
  try {
    await run(["adopt", "--account", "behind", "--promote"], {
      stdout: { write: () => true },
      stderr: { write: () => true },
      env: process.env,
      cwd: fleet.directory,
      ask: async (question) => {
        asked = question;
        return answer;
      },
    });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
  return asked;
}

it("promotes the latest version, once somebody has agreed", async () => {
  const versions = async () => {
    const { Document } = await (
      await ssmOf("behind")
    ).send(new DescribeDocumentCommand({ Name: PREFERENCES_DOCUMENT }));
    return [Document!.LatestVersion, Document!.DefaultVersion];
  };
  const asked = await fleet.run("adopt", "--account", "behind", "--promote");
  expect(asked).toMatchObject({ status: 1, stderr: expect.stringContaining("Add --yes") });
  expect(await versions()).toEqual(["2", "1"]);
  expect(await promoteAtTerminal("no")).toContain("behind   eu-central-1  1        2");
  expect(await versions()).toEqual(["2", "1"]);
  const { result } = await adopt("--account", "behind", "--promote", "--yes");
  expect(told(targetOf(result, "behind"))).toEqual(["to-do preferences"]);
  expect(await versions()).toEqual(["2", "2"]);
});

const planned = async (name: string, ...argv: string[]) => {
  const { status, stderr, stdout } = await fleet.run("plan", ...argv, "--out", name);
  expect({ status, stdout, stderr }).toMatchObject({ status: 2 });
  return JSON.parse(readFileSync(fleet.path(name, "manifest.json"), "utf8")) as Manifest;
};

describe("a first deployment", () => {
  const STACK = `session-console-${HOME}`;
  beforeAll(() => setVersioning("Enabled"));
  afterAll(() => setVersioning("Suspended"));
  const present = async () =>
    (
      await (
        await ssmOf("console")
      ).send(new GetDocumentCommand({ Name: PREFERENCES_DOCUMENT, DocumentVersion: "$LATEST" }))
    ).Content;

  it("is refused over preferences that the plan would create", async () => {
    await planned("creates", STACK);
    const { status, stderr } = await fleet.run("deploy", "creates");
    expect(status).toBe(1);
    expect(stderr).toContain(`${STACK}: preferences exist, and the plan would create them`);
    expect(stderr).toContain("session-audit adopt --write");
    expect(await present()).toBe(CONSOLE);
    expect(existsSync(fleet.path("creates", "deploy-report.json"))).toBe(false);
  });

  it("is refused over adopted preferences that nobody has looked at", async () => {
    const { console: account, ...accounts } = MAP.accounts;
    const regions = { [HOME]: { preferences: { adopt: true } } };
    fleet.write({ ...MAP, accounts: { ...accounts, console: { ...account!, regions } } });
    try {
      await planned("unseen", STACK);
      expect((await fleet.run("deploy", "unseen")).stderr).toContain(
        `${STACK}: preferences exist that nobody has looked at`,
      );
      expect(await present()).toBe(CONSOLE);
    } finally {
      fleet.write(MAP);
    }
  });

  it("imports what adopt --write has noted, and no other content", async () => {
    const { status, result } = await adopt("--account", "console", "--write");
    expect(status).toBe(0);
    expect(result.written).toEqual({
      file: "map.generated.json",
      changes: [{ kind: "adopt", account: "console", region: HOME }],
    });
    expect(JSON.parse(readFileSync(generated(), "utf8"))).toEqual({
      accounts: { console: { regions: { [HOME]: { preferences: { adopt: true } } } } },
      "x-looked-at": { [ACCOUNTS.console]: { [HOME]: targetOf(result, "console").document!.sha256 } },
    });
    const { stacks } = await planned("imports", STACK);
    const stack = stacks.find(({ id }) => id === STACK)!;
    expect(stack).toMatchObject({ lookedAt: targetOf(result, "console").document!.sha256 });
    expect(stack.summary).toContain("1 to import");

    const another = content({ s3BucketName: "another-bucket" });
    await updatePreferences("console", another);
    const refused = await fleet.run("deploy", "imports");
    expect(refused.stderr).toContain(
      `${STACK}: the preferences are no longer those that somebody has looked at`,
    );
    expect(await present()).toBe(another);

    expect((await adopt("--account", "console", "--promote", "--yes", "--write")).status).toBe(0);
    await planned("again", STACK);
    expect(await fleet.run("deploy", "again")).toMatchObject({ status: 0 });
    expect(await present()).toContain("Session Manager preferences of acme, kept by session-audit");

    // Afterwards, the document is session-audit's own.
    const after = await adopt("--account", "console", "--write");
    expect(after).toMatchObject({ status: 0, result: { written: { changes: [] } } });
    expect(targetOf(after.result, "console")).toMatchObject({ document: { isOwn: true }, changes: [] });
  });

  it("creates preferences where there are none, and is refused if they come into being after the plan", async () => {
    const stack = `session-empty-${HOME}`;
    await planned("empty", stack);
    await createPreferences("empty", CONSOLE);
    expect((await fleet.run("deploy", "empty")).stderr).toContain(`${stack}: preferences exist`);
    await (await ssmOf("empty")).send(new DeleteDocumentCommand({ Name: PREFERENCES_DOCUMENT }));
    const iam = new IAMClient(await clientConfig(fleet.emulator, ACCOUNTS.empty, "us-east-1"));
    await createRole(iam, "app-server", { Service: "ec2.amazonaws.com" });
    expect(await fleet.run("deploy", "empty")).toMatchObject({ status: 0 });
  });
});

it("takes back what it has written when the preferences are gone, and lets the map decide", async () => {
  await createPreferences("disabled", CONSOLE);
  await adopt("--account", "disabled", "--write");
  const { disabled, ...accounts } = MAP.accounts;
  const regions = { [HOME]: { preferences: { adopt: false } } };
  fleet.write({ ...MAP, accounts: { ...accounts, disabled: { ...disabled!, regions } } });
  try {
    rmSync(generated());
    const refused = await fleet.run("adopt", "--account", "disabled", "--write");
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`sets preferences.adopt itself for disabled ${HOME}`),
    });
    expect(existsSync(generated())).toBe(false);
  } finally {
    fleet.write(MAP);
  }
  await adopt("--account", "disabled", "--write");
  await (await ssmOf("disabled")).send(new DeleteDocumentCommand({ Name: PREFERENCES_DOCUMENT }));
  const { result } = await adopt("--account", "disabled", "--region", HOME, "--write");
  expect(result.written).toMatchObject({ changes: [{ kind: "forget" }] });
  expect(JSON.parse(readFileSync(generated(), "utf8"))).toEqual({});
});
