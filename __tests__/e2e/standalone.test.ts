import { spawn } from "node:child_process";
import { join } from "node:path";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  createInstanceRole,
  createInstanceRoles,
  createOwnPreferences,
  createPerson,
  queuePolicyFor,
  takeMessages,
} from "../../demo/people";
import type { SessionRecord } from "../../emulator";
import { terraformEnv, type Deployment } from "../../demo/deployment";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

/**
 * One account without an archive, deployed with the standard cdktf CLI: own bucket, own trail, preferences
 * that somebody saved in the console before, and a subscriber that filters. Then it is torn down. All of it happens
 * once and in that order, before the tests, which look at what came of it.
 */
const MAP = join(ROOT, "__tests__", "fixtures", "standalone.yaml");
const ACCOUNT = "555555555555";
const REGION = "eu-west-1";
const STACKS = ["account-solo", "session-solo-eu-west-1"];

let embedded: Embedded;
let deployment: Deployment;
let ssm: SSMClient;
let sqs: SQSClient;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}
/** How cdktf's commands ended. */
let [listed, planned, deployed]: Ended[] = [];
let adopted: string | undefined;
let secondPlan: string[];
let record: SessionRecord;
let told: object[];
let unprepared: SessionRecord;
let afterwards: unknown;

/** Runs cdktf's own CLI on the project, with the synthesized stacks in the test's directory. */
function cdktf(...args: string[]): Promise<Ended> {
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
  await deployWithCdktf();
  await holdSessions();
  await tearDown();
});
afterAll(() => embedded?.stop());

async function deployWithCdktf(): Promise<void> {
  listed = await cdktf("list", ...inDirectory());
  // cdktf has synthesized into the same directory, without what the emulator needs besides.
  await deployment.synthesize();
  const quick = ["--skip-synth", "--skip-provider-lock", ...inDirectory()];
  planned = await cdktf("plan", "session-solo-eu-west-1", ...quick);
  deployed = await cdktf("deploy", ...STACKS, "--auto-approve", ...quick);
  if (deployed.code !== 0) throw new Error(deployed.output);
  adopted = (await ssm.send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }))).Content;
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
}

async function holdSessions(): Promise<void> {
  const account = deployment.organization.accounts[0]!;
  await createPerson(embedded.emulator, deployment.organization, account, "operator");
  record = await session("carol");
  told = (await takeMessages(sqs, `${embedded.emulator.endpoint}/${ACCOUNT}/siem`)).map(
    ({ Body }) => JSON.parse((JSON.parse(Body!) as { Message: string }).Message) as object,
  );
  const core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  await createInstanceRole(embedded.emulator, account, "unprepared", [core]);
  unprepared = await session("carol", "unprepared");
}

async function tearDown(): Promise<void> {
  await deployment.destroy("session-solo-eu-west-1");
  await deployment.destroy("account-solo");
  afterwards = await ssm
    .send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }))
    .catch((error: unknown) => error);
}

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

it("is synthesized and listed by cdktf", () => {
  expect(listed!.output).toContain("session-solo-eu-west-1");
  expect(listed!.code).toBe(0);
});

it("is planned by cdktf, which imports the preferences that exist", () => {
  expect(planned!.output).toMatch(/1 to import, \d+ to add, 1 to change, 0 to destroy/);
  expect(planned!.code).toBe(0);
});

it("is deployed by cdktf, account first", () => {
  const { output } = deployed!;
  const [account, sessions] = STACKS.map((id) => output.indexOf(`${id}  `));
  expect([account, sessions]).not.toContain(-1);
  expect(account).toBeLessThan(sessions!);
});

it("has adopted the preferences", () => {
  expect(adopted).toContain("session-audit-solo-555555555555-eu-west-1");
});

it("has nothing to change in a second plan", () => expect(secondPlan).toEqual([]));

it("records a session in the account's own bucket", () => {
  expect(record).toMatchObject({
    started: true,
    warnings: [],
    bucket: "session-audit-solo-555555555555-eu-west-1",
    transcriptKey: `sessions/${ACCOUNT}/${REGION}/${record.sessionId}.log`,
    logStream: record.sessionId,
  });
});

it("sends the subscriber the events of the session that its filter asks for", () => {
  expect(told).toEqual([expect.objectContaining({ action: "StartSession", session: record.sessionId })]);
});

it("refuses a session on an instance that may not record it: AWS's own policy is not enough", () => {
  expect(unprepared.started).toBe(false);
  expect(unprepared.calls.filter(({ allowed }) => !allowed)).toHaveLength(1);
});

it("is torn down, last things first, when it is not protected", () => {
  expect(afterwards).toMatchObject({ name: "InvalidDocument" });
});
