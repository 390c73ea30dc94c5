import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketEncryptionCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteAssociationCommand,
  GetDocumentCommand,
  ListAssociationsCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import type { SessionRecord } from "../../emulator";
import { clientConfig, createInstanceRole, createPerson } from "../../demo/people";
import { simulate, type PolicyDocument } from "../../emulator/iam/policy-simulator";
import type { Deployment } from "../../demo/deployment";
import { defaultVpc, ec2Query, textsOf } from "../helpers/ec2";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// What instances need: State Manager's associations, Default Host Management Configuration, endpoints in their VPC.
const FIXTURE = join(ROOT, "__tests__", "fixtures", "hosts.yaml");
const ACCOUNT = "666666666666";
const REGION = "eu-west-1";
const BUCKET = "host-transcripts";
const HOST_ROLE = "AWSSystemsManagerDefaultEC2InstanceManagementRole";
const SESSIONS = "session-fleet-eu-west-1";

let embedded: Embedded;
let deployment: Deployment;
let ssm: SSMClient;
/** The fixture, with the ids of a VPC that the emulator has. */
let map: string;
let isDeployed = false;
/** A session that was started before the account stack had attached the instance policy. */
let early: SessionRecord;
let secondPlan: string[];

const ec2 = (action: string, parameters: Readonly<Record<string, string>> = {}) =>
  ec2Query(embedded.emulator, { accountId: ACCOUNT, region: REGION }, action, parameters);

beforeAll(async () => {
  embedded = await startEmbedded({
    organizationTrail: true,
    organization: { id: "o-a1b2c3d4e5", accounts: [ACCOUNT] },
    recordManagementCalls: ({ eventName }) => eventName === "DeleteAssociation",
  });
  const { vpcId, subnetIds, routeTableIds } = await defaultVpc(ec2);
  map = (await readFile(FIXTURE, "utf8"))
    .replace("<vpc>", vpcId)
    .replace("<subnets>", JSON.stringify(subnetIds.slice(0, 2)))
    .replace("<routes>", JSON.stringify(routeTableIds.slice(0, 1)));
  deployment = embedded.rehearse(await mapFile("map.yaml", map));
  const config = await clientConfig(embedded.emulator, ACCOUNT, REGION);
  ssm = new SSMClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } };
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: BUCKET,
      ServerSideEncryptionConfiguration: { Rules: [rule] },
    }),
  );
  // The role has the path and the policy that the console of Systems Manager gives it.
  await createInstanceRole(
    embedded.emulator,
    deployment.organization.accounts[0]!,
    `service-role/${HOST_ROLE}`,
    ["arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy"],
  );
  await deploy();
  early = await session();
  await deployment.apply(deployment.stacks.filter(({ id }) => id !== SESSIONS));
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
  await createPerson(
    embedded.emulator,
    deployment.organization,
    deployment.organization.accounts[0]!,
    "operator",
  );
});
afterAll(() => embedded?.stop());

/** Deploys the session stack of the unchanged map, unless that is deployed already. */
async function deploy(): Promise<void> {
  if (isDeployed) return;
  await deployment.synthesize();
  await deployment.apply(deployment.stacks.filter(({ id }) => id === SESSIONS));
  isDeployed = true;
}

async function mapFile(name: string, text: string): Promise<string> {
  const file = join(embedded.directory, name);
  await writeFile(file, text);
  return file;
}

/** The policies of the deployed endpoints, by service. */
async function endpoints() {
  const answer = await ec2("DescribeVpcEndpoints");
  const alive = answer
    .split("<vpcEndpointId>")
    .slice(1)
    .filter((one) => !one.includes("<state>deleted"));
  return new Map(
    alive.map((one) => {
      const [service] = textsOf(one, "serviceName");
      const [policy] = textsOf(one, "policyDocument");
      const document = JSON.parse(policy!.replaceAll("&quot;", '"')) as PolicyDocument;
      return [service!.split(".").at(-1)!, document] as const;
    }),
  );
}

const associations = async () => {
  const { Associations = [] } = await ssm.send(new ListAssociationsCommand({}));
  return Associations.map(({ AssociationName, Name, Targets, ScheduleExpression }) => ({
    AssociationName,
    Name,
    Targets,
    ScheduleExpression,
  })).sort((a, b) => a.AssociationName!.localeCompare(b.AssociationName!));
};

const association = (name: string, document: string) => ({
  AssociationName: `session-audit-hosts-${name}`,
  Name: document,
  Targets: [{ Key: "tag:SessionManager", Values: ["yes"] }],
  ScheduleExpression: "rate(14 days)",
});

const session = (users: readonly string[] = ["ssm-user"]) =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName: HOST_ROLE,
    users,
    operatorRoleName: "operator",
    operatorSessionName: "carol",
    commands: ["id"],
  });

/** The verdict of an endpoint's policy alone on a call of an account. */
const passes = async (policy: PolicyDocument, account: string, action: string, resource: string) =>
  (
    await simulate({
      principal: `arn:aws:sts::${account}:assumed-role/${HOST_ROLE}/i-0fedcba9876543210`,
      action,
      resource,
      resourceAccountId: account,
      resourcePolicy: policy,
    })
  ).result;

it("a session is refused before the instance policy is attached, because AWS's own policy does not suffice", () =>
  expect(early.started).toBe(false));

it("a second plan has no changes", () => expect(secondPlan).toEqual([]));

describe("the deployed session stack", () => {
  beforeEach(deploy);

  it("maintains the agent and the tools on tagged instances", async () => {
    expect(await associations()).toEqual([
      association("agent-update", "AWS-UpdateSSMAgent"),
      association("linux-tools", "session-audit-hosts-linux-tools"),
    ]);
  });

  it("gives instances a script that a shell can parse", async () => {
    const { Content = "" } = await ssm.send(
      new GetDocumentCommand({ Name: "session-audit-hosts-linux-tools" }),
    );
    const { mainSteps } = JSON.parse(Content) as { mainSteps: { inputs: { runCommand: string[] } }[] };
    const script = mainSteps[0]!.inputs.runCommand.join("\n");
    expect(script).toBe(
      (await readFile(join(ROOT, "stacks", "constructs", "linux-tools.sh"), "utf8")).trimEnd(),
    );
    expect(spawnSync("/bin/sh", ["-n"], { input: script }).status).toBe(0);
  });

  it("records a session on an instance without a profile", async () => {
    const record = await session();
    expect(record).toMatchObject({
      started: true,
      warnings: [],
      bucket: BUCKET,
      logStream: record.sessionId,
    });
  });

  it("refuses a session on an instance whose image lacks ssm-user, which the agent does not create", async () => {
    expect(await session([])).toMatchObject({
      started: false,
      refusal: "Unable to start shell: failed to start pty since RunAs user ssm-user does not exist",
    });
  });

  it("allows every call of that session through the endpoints, and none of the same calls by another account", async () => {
    const deployed = await endpoints();
    expect([...deployed.keys()].sort()).toEqual(["ec2messages", "kms", "logs", "s3", "ssm", "ssmmessages"]);
    const { calls } = await session();
    const judged = await Promise.all(
      calls.map(async ({ call, resource }) => {
        const policy = deployed.get(call.split(":")[0]!)!;
        const own = await passes(policy, ACCOUNT, call, resource);
        return { call, own, other: await passes(policy, "999999999999", call, resource) };
      }),
    );
    expect(judged.length).toBeGreaterThan(10);
    expect(judged.filter(({ own, other }) => own !== "Allowed" || other !== "ImplicitlyDenied")).toEqual([]);
  });

  it("reports that somebody deleted an association, and Terraform creates it again", async () => {
    const { Associations = [] } = await ssm.send(new ListAssociationsCommand({}));
    isDeployed = false;
    const { AssociationId } = Associations.find(({ AssociationName }) => AssociationName!.endsWith("tools"))!;
    const before = embedded.emulator.deliveries.length;
    await ssm.send(new DeleteAssociationCommand({ AssociationId }));
    await embedded.emulator.settled();
    const reported = embedded.emulator.deliveries
      .slice(before)
      .filter(({ rule }) => rule === "session-audit-hosts-security-hosts");
    expect(reported).toHaveLength(1);
    await deploy();
    expect(await associations()).toHaveLength(2);
  });
});

describe("a change of the map", () => {
  type Associations = Awaited<ReturnType<typeof associations>>;
  let changed: { associations: Associations; plan: string[] };
  let nothing: { associations: Associations; endpoints: string[]; document: unknown };

  async function deployWith(name: string, text: string): Promise<Deployment> {
    isDeployed = false;
    const other = embedded.rehearse(await mapFile(name, text));
    await other.synthesize();
    await other.apply(other.stacks.filter(({ id }) => id === SESSIONS));
    return other;
  }

  beforeAll(async () => {
    await deploy();
    const other = map.replace(
      "maintain: [ssm-agent, linux-tools]",
      'maintain: [linux-tools]\n  schedule: "cron(0 3 ? * SUN *)"\n  applyOnlyAtCronInterval: true',
    );
    const after = await deployWith("changed.yaml", other);
    const plan = await after.changed(after.stacks.filter(({ id }) => id === SESSIONS));
    changed = { associations: await associations(), plan: plan.map(({ output }) => output) };
    const least = map.replace(/^prerequisites:\n(?: .*\n)+/m, "").replace(/^network:\n(?: .*\n)+/m, "");
    await deployWith("nothing.yaml", least);
    nothing = {
      associations: await associations(),
      endpoints: [...(await endpoints()).keys()],
      document: await ssm
        .send(new GetDocumentCommand({ Name: "session-audit-hosts-linux-tools" }))
        .catch((error: unknown) => error),
    };
  });

  it("is applied: another schedule, and no association for the agent", () => {
    const tools = association("linux-tools", "session-audit-hosts-linux-tools");
    expect(changed.associations).toEqual([{ ...tools, ScheduleExpression: "cron(0 3 ? * SUN *)" }]);
    expect(changed.plan).toEqual([]);
  });

  it("deletes everything that the map no longer asks for", () => {
    expect(nothing).toEqual({ associations: [], endpoints: [], document: expect.any(Error) as Error });
    expect(String(nothing.document)).toContain("does not exist");
  });
});
