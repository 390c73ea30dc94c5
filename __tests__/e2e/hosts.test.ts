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
import { clientConfig, createInstanceRole, createPerson } from "../../emulator/cast";
import type { Rehearsal } from "../../emulator/rehearsal";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

jest.setTimeout(10 * 60_000);

/** What instances need: tools by State Manager, the policy of Default Host Management. */
const MAP = join(ROOT, "__tests__", "fixtures", "hosts.yaml");
const ACCOUNT = "666666666666";
const REGION = "eu-west-1";
const BUCKET = "host-transcripts";
const HOST_ROLE = "AWSSystemsManagerDefaultEC2InstanceManagementRole";
const SESSIONS = "session-fleet-eu-west-1";

let embedded: Embedded;
let rehearsal: Rehearsal;
let ssm: SSMClient;

beforeAll(async () => {
  embedded = await startEmbedded({
    organizationTrail: true,
    organizationId: "o-a1b2c3d4e5",
    recordManagementCalls: ({ eventName }) => eventName === "DeleteAssociation",
  });
  rehearsal = embedded.rehearse(MAP);
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
  // As the console makes it: below a path, with AWS's own policy and no other.
  await createInstanceRole(
    embedded.emulator,
    rehearsal.organization.accounts[0]!,
    `service-role/${HOST_ROLE}`,
    ["arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy"],
  );
  await rehearsal.synthesize();
});
afterAll(() => embedded?.stop());

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

it("refuses a session before the policy is attached: that of Default Host Management is not enough", async () => {
  await rehearsal.apply(rehearsal.stacks.filter(({ id }) => id === SESSIONS));
  const { started } = await session();
  expect(started).toBe(false);
});

it("is deployed, and has nothing to change in a second plan", async () => {
  await rehearsal.apply(rehearsal.stacks.filter(({ id }) => id !== SESSIONS));
  await createPerson(
    embedded.emulator,
    rehearsal.organization,
    rehearsal.organization.accounts[0]!,
    "operator",
  );
  expect((await rehearsal.changed(rehearsal.stacks)).map(({ output }) => output)).toEqual([]);
});

it("keeps the agent and the tools of tagged instances", async () => {
  expect(await associations()).toEqual([
    association("agent-update", "AWS-UpdateSSMAgent"),
    association("linux-tools", "session-audit-hosts-linux-tools"),
  ]);
});

it("hands instances a script that a shell reads", async () => {
  const { Content = "" } = await ssm.send(
    new GetDocumentCommand({ Name: "session-audit-hosts-linux-tools" }),
  );
  const { mainSteps } = JSON.parse(Content) as { mainSteps: { inputs: { runCommand: string[] } }[] };
  const script = mainSteps[0]!.inputs.runCommand.join("\n");
  expect(script).toBe((await readFile(join(ROOT, "stacks", "linux-tools.sh"), "utf8")).trimEnd());
  expect(spawnSync("/bin/sh", ["-n"], { input: script }).status).toBe(0);
});

const session = () =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName: HOST_ROLE,
    operatorRoleName: "operator",
    operatorSessionName: "carol",
    commands: ["id"],
  });

it("records a session on an instance without a profile", async () => {
  const record = await session();
  expect(record).toMatchObject({ started: true, warnings: [], bucket: BUCKET, logStream: record.sessionId });
});

it("reports who takes an association away, and Terraform puts it back", async () => {
  const { Associations = [] } = await ssm.send(new ListAssociationsCommand({}));
  const { AssociationId } = Associations.find(({ AssociationName }) => AssociationName!.endsWith("tools"))!;
  await ssm.send(new DeleteAssociationCommand({ AssociationId }));
  await embedded.emulator.settled();
  const reported = embedded.emulator.deliveries.filter(
    ({ rule }) => rule === "session-audit-hosts-security-hosts",
  );
  expect(reported).toHaveLength(1);
  await rehearsal.apply(rehearsal.stacks.filter(({ id }) => id === SESSIONS));
  expect(await associations()).toHaveLength(2);
});

it("follows the map: another schedule, and the agent no longer", async () => {
  const changed = (await readFile(MAP, "utf8")).replace(
    "maintain: [ssm-agent, linux-tools]",
    'maintain: [linux-tools]\n  schedule: "cron(0 3 ? * SUN *)"\n  applyOnlyAtCronInterval: true',
  );
  const map = join(embedded.directory, "changed.yaml");
  await writeFile(map, changed);
  const after = embedded.rehearse(map);
  await after.synthesize();
  const [stack] = after.stacks.filter(({ id }) => id === SESSIONS);
  await after.apply([stack!]);
  const tools = association("linux-tools", "session-audit-hosts-linux-tools");
  expect(await associations()).toEqual([{ ...tools, ScheduleExpression: "cron(0 3 ? * SUN *)" }]);
  expect((await after.changed([stack!])).map(({ output }) => output)).toEqual([]);
});

it("takes everything away again that the map no longer asks for", async () => {
  const nothing = (await readFile(MAP, "utf8")).replace(/^prerequisites:\n(?: .*\n)+/m, "");
  const map = join(embedded.directory, "nothing.yaml");
  await writeFile(map, nothing);
  const after = embedded.rehearse(map);
  await after.synthesize();
  await after.apply(after.stacks.filter(({ id }) => id === SESSIONS));
  expect(await associations()).toEqual([]);
  const document = new GetDocumentCommand({ Name: "session-audit-hosts-linux-tools" });
  await expect(ssm.send(document)).rejects.toThrow("does not exist");
});
