import { spawn } from "node:child_process";
import { join } from "node:path";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  createInstanceRole,
  createInstanceRoles,
  createOwnPreferences,
  createPerson,
  queuePolicyFor,
} from "../../demo/people";
import { terraformEnv, type Deployment } from "../../demo/deployment";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

jest.setTimeout(15 * 60_000);

/**
 * One account without an archive, deployed with the standard cdktf CLI: own bucket, own trail, preferences
 * that somebody saved in the console before, and a subscriber that filters. Then it is torn down.
 */
const MAP = join(ROOT, "__tests__", "fixtures", "standalone.yaml");
const ACCOUNT = "555555555555";
const REGION = "eu-west-1";
const STACKS = ["account-solo", "session-solo-eu-west-1"];

let embedded: Embedded;
let deployment: Deployment;
let ssm: SSMClient;
let sqs: SQSClient;

/** Runs cdktf's own CLI on the project, with the synthesized stacks in the test's directory. */
function cdktf(...args: string[]): Promise<{ code: number | null; output: string }> {
  const env = {
    ...terraformEnv(embedded),
    SESSION_AUDIT_ACCOUNTS: MAP,
    TERRAFORM_BINARY_NAME: embedded.toolchain.terraform.binary,
    CI: "1",
  };
  return new Promise((resolve, reject) => {
    const cli = join(ROOT, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf.js");
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer) => void (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** The map's outcome beside what cdktf needs to find: its output directory, relative to the project. */
const inDirectory = () => ["--output", join(embedded.directory, "cdktf.out")];

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: false });
  deployment = embedded.rehearse(MAP);
  const config = {
    endpoint: embedded.emulator.endpoint,
    region: REGION,
    credentials: await embedded.emulator.credentials(ACCOUNT),
  };
  ssm = new SSMClient(config);
  sqs = new SQSClient(config);
  const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:session-audit-solo-activity`;
  const Policy = queuePolicyFor(`arn:aws:sqs:${REGION}:${ACCOUNT}:siem`, topic);
  await sqs.send(new CreateQueueCommand({ QueueName: "siem", Attributes: { Policy } }));
  await createInstanceRoles(embedded.emulator, deployment.organization.accounts[0]!);
  await createOwnPreferences(embedded.emulator, deployment.organization.targets[0]!);
  await deployment.synthesize();
});
afterAll(() => embedded?.stop());

const session = (operatorSessionName: string, instanceRoleName = "app-server") =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName,
    operatorRoleName: "operator",
    operatorSessionName,
    commands: ["id"],
  });

it("is synthesized and listed by cdktf", async () => {
  const { code, output } = await cdktf("list", ...inDirectory());
  expect(output).toContain("session-solo-eu-west-1");
  expect(code).toBe(0);
  await deployment.synthesize();
});

it("is planned by cdktf, which imports the preferences that exist", async () => {
  const { code, output } = await cdktf(
    ...["plan", "session-solo-eu-west-1", "--skip-synth", "--skip-provider-lock", ...inDirectory()],
  );
  expect(output).toMatch(/1 to import, \d+ to add, 1 to change, 0 to destroy/);
  expect(code).toBe(0);
});

it("is deployed by cdktf, account first", async () => {
  const { code, output } = await cdktf(
    ...["deploy", ...STACKS, "--auto-approve", "--skip-synth", "--skip-provider-lock", ...inDirectory()],
  );
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
});

it("has adopted the preferences", async () => {
  const { Content } = await ssm.send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }));
  expect(Content).toContain("session-audit-solo-555555555555-eu-west-1");
});

it("has nothing to change in a second plan", async () => {
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

it("records a session in the account's own bucket, and tells the subscriber what it asked for", async () => {
  const account = deployment.organization.accounts[0]!;
  await createPerson(embedded.emulator, deployment.organization, account, "operator");
  const record = await session("carol");
  expect(record).toMatchObject({
    started: true,
    warnings: [],
    bucket: "session-audit-solo-555555555555-eu-west-1",
    transcriptKey: `sessions/${ACCOUNT}/${REGION}/${record.sessionId}.log`,
    logStream: record.sessionId,
  });
  const QueueUrl = `${embedded.emulator.endpoint}/${ACCOUNT}/siem`;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const actions = Messages.map(
    ({ Body }) => JSON.parse((JSON.parse(Body!) as { Message: string }).Message) as object,
  );
  expect(actions).toEqual([expect.objectContaining({ action: "StartSession", session: record.sessionId })]);
});

it("refuses a session on an instance that may not record it: AWS's own policy is not enough", async () => {
  const core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  await createInstanceRole(embedded.emulator, deployment.organization.accounts[0]!, "unprepared", [core]);
  const record = await session("carol", "unprepared");
  expect(record.started).toBe(false);
  expect(record.calls.filter(({ allowed }) => !allowed)).toHaveLength(1);
});

it("is torn down, last things first, when it is not protected", async () => {
  await deployment.destroy("session-solo-eu-west-1");
  await deployment.destroy("account-solo");
  await expect(ssm.send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }))).rejects.toThrow();
});
