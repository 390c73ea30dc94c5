import { spawn } from "node:child_process";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  ListObjectsV2Command,
  type BucketLocationConstraint,
  type LifecycleRule,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  GetDocumentCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import {
  clientConfig,
  createInstanceRole,
  createInstanceRoles,
  createOwnPreferences,
  createPerson,
  queuePolicyFor,
  takeMessages,
} from "../../demo/people";
import type { ConnectionRecording, SessionRecord } from "../../emulator";
import { terraformEnv, type Deployment } from "../../demo/deployment";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

/**
 * One account without an archive, deployed with the standard cdktf CLI. It has its own bucket and trail, preferences
 * that somebody has saved in the console, and a subscriber with a filter policy. It is in a region that is newer than this
 * program and the AWS provider. Before the tests, everything is deployed, used and destroyed once, in that order. The tests
 * check the outcomes.
 */
const MAP = join(ROOT, "__tests__", "fixtures", "standalone.yaml");
const ACCOUNT = "555555555555";
const REGION = "eu-west-9";
const STACKS = ["account-solo", `session-solo-${REGION}`];

let embedded: Embedded;
let deployment: Deployment;
let ssm: SSMClient;
let sqs: SQSClient;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}
/** The exit codes and outputs of cdktf's commands. */
let [listed, planned, deployed]: Ended[] = [];
let adopted: string | undefined;
let secondPlan: string[];
/** The recording of a connection by Remote Desktop: while the stacks exist, and after they are destroyed. */
let recording: ConnectionRecording | null;
let recordedAfterwards: ConnectionRecording | null;
/** The lifecycle rules of the bucket of transcripts, and of the buckets of access logs. */
let lifecycles: readonly (readonly LifecycleRule[])[];
let record: SessionRecord;
let received: object[];
let unprepared: SessionRecord;
let taken: { readonly record: SessionRecord; readonly keys: readonly unknown[] };
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

/** The option that makes cdktf use the output directory of the test. */
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
  // cdktf has synthesized into the same directory, without the settings that the emulator needs. This adds them again.
  await deployment.synthesize();
  const quick = ["--skip-synth", "--skip-provider-lock", ...inDirectory()];
  planned = await cdktf("plan", STACKS[1]!, ...quick);
  deployed = await cdktf("deploy", ...STACKS, "--auto-approve", ...quick);
  if (deployed.code !== 0) throw new Error(deployed.output);
  adopted = (await ssm.send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }))).Content;
  const s3 = new S3Client({
    ...(await clientConfig(embedded.emulator, ACCOUNT, REGION)),
    forcePathStyle: true,
  });
  const bucket = `session-audit-solo-${ACCOUNT}-${REGION}`;
  lifecycles = await Promise.all(
    ["", "-access", "-trail-access"].map(async (suffix) => {
      const Bucket = `${bucket}${suffix}`;
      return (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules ?? [];
    }),
  );
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
}

async function holdSessions(): Promise<void> {
  const account = deployment.organization.accounts[0]!;
  await createPerson(embedded.emulator, deployment.organization, account, "operator");
  record = await session("carol");
  received = (await takeMessages(sqs, `${embedded.emulator.endpoint}/${ACCOUNT}/siem`)).map(
    ({ Body }) => JSON.parse((JSON.parse(Body!) as { Message: string }).Message) as object,
  );
  const core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  await createInstanceRole(embedded.emulator, account, "unprepared", [core]);
  unprepared = await session("carol", "unprepared");
  recording = await embedded.emulator.endConnection(ACCOUNT, REGION);
}

/**
 * The bucket is gone, and its name is free. A stranger creates a bucket of that name and lets everybody in, and somebody
 * saves preferences that still name it.
 */
async function takeBucketName(): Promise<void> {
  const Bucket = record.bucket!;
  const stranger = new S3Client({
    ...(await clientConfig(embedded.emulator, "999999999999", REGION)),
    forcePathStyle: true,
  });
  await stranger.send(
    new CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: REGION as BucketLocationConstraint },
    }),
  );
  const everything = { Effect: "Allow", Principal: "*", Action: "s3:*" };
  const Statement = [{ ...everything, Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`] }];
  await stranger.send(
    new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
  );
  const inputs = { s3BucketName: Bucket, s3KeyPrefix: `sessions/${ACCOUNT}/${REGION}` };
  const Name = "SSM-SessionManagerRunShell";
  await ssm.send(
    new CreateDocumentCommand({
      Name,
      DocumentType: "Session",
      DocumentFormat: "JSON",
      Content: JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs }),
    }),
  );
  const held = await session("carol");
  await ssm.send(new DeleteDocumentCommand({ Name }));
  const { Contents = [] } = await stranger.send(new ListObjectsV2Command({ Bucket }));
  taken = { record: held, keys: Contents.map(({ Key }) => Key) };
}

async function tearDown(): Promise<void> {
  await deployment.destroy(STACKS[1]!);
  recordedAfterwards = await embedded.emulator.endConnection(ACCOUNT, REGION);
  await takeBucketName();
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

it("cdktf synthesizes and lists the stacks", () => {
  expect(listed!.output).toContain(STACKS[1]);
  expect(listed!.code).toBe(0);
});

it("cdktf plans to import the preferences that exist", () => {
  expect(planned!.output).toMatch(/1 to import, \d+ to add, 1 to change, 0 to destroy/);
  expect(planned!.code).toBe(0);
});

it("cdktf deploys the account stack first", () => {
  const { output } = deployed!;
  const [account, sessions] = STACKS.map((id) => output.indexOf(`${id}  `));
  expect([account, sessions]).not.toContain(-1);
  expect(account).toBeLessThan(sessions!);
});

it("the deployment changes the imported preferences", () => {
  expect(adopted).toContain(`session-audit-solo-${ACCOUNT}-${REGION}`);
});

it("transcripts and old versions of any size move to colder storage, and nothing is deleted", () => {
  const [keep, move, ...others] = lifecycles[0]!;
  expect(keep).toMatchObject({
    ID: "keep-and-expire",
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  });
  expect(keep).not.toHaveProperty("Transitions");
  expect(keep).not.toHaveProperty("Expiration");
  expect(move).toMatchObject({
    ID: "move",
    Filter: { ObjectSizeGreaterThan: 0 },
    Transitions: [{ Days: 90, StorageClass: "DEEP_ARCHIVE" }],
    NoncurrentVersionTransitions: [{ NoncurrentDays: 30, StorageClass: "GLACIER" }],
  });
  expect(others).toEqual([]);
});

it("access logs of 20,000 bytes and more move to colder storage, those of the trail's bucket too, and none expires", () => {
  for (const rules of lifecycles.slice(1)) {
    expect(rules[1]).toMatchObject({
      Filter: { ObjectSizeGreaterThan: 19_999 },
      Transitions: [{ Days: 90, StorageClass: "GLACIER" }],
    });
    expect(rules.filter((rule) => rule.Expiration ?? rule.NoncurrentVersionExpiration)).toEqual([]);
  }
});

it("a second plan has no changes", () => expect(secondPlan).toEqual([]));

it("a session is recorded in the account's own bucket", () => {
  expect(record).toMatchObject({
    started: true,
    warnings: [],
    bucket: `session-audit-solo-${ACCOUNT}-${REGION}`,
    transcriptKey: `sessions/${ACCOUNT}/${REGION}/${record.sessionId}.log`,
    logStream: record.sessionId,
  });
});

it("a connection by Remote Desktop is recorded into a bucket of its own", () => {
  expect(recording).toEqual({
    bucket: `session-audit-solo-${ACCOUNT}-${REGION}-rdp`,
    key: expect.stringContaining(ACCOUNT) as string,
  });
});

it("no connection is recorded after the stacks are destroyed", () => {
  expect(recordedAfterwards).toBeNull();
});

it("the subscriber receives the events of the session that match its filter policy", () => {
  expect(received).toEqual([expect.objectContaining({ action: "StartSession", session: record.sessionId })]);
});

it("a session is refused on an instance that may not record it, because AWS's own policy does not suffice", () => {
  expect(unprepared.started).toBe(false);
  expect(unprepared.calls.filter(({ allowed }) => !allowed)).toHaveLength(1);
});

it("a stranger who takes over the name of the bucket is given no transcript", () => {
  const { started, transcriptKey, calls } = taken.record;
  const denied = calls.filter(({ allowed }) => !allowed).map(({ call }) => call);
  expect({ started, transcriptKey, denied, keys: taken.keys }).toEqual({
    started: true,
    transcriptKey: undefined,
    denied: ["s3:GetEncryptionConfiguration", "s3:PutObject"],
    keys: [],
  });
});

it("the stacks can be destroyed in the opposite order, because they are not protected", () => {
  expect(afterwards).toMatchObject({ name: "InvalidDocument" });
});
