import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateAliasCommand, CreateKeyCommand, GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { SSMClient, StartSessionCommand, TerminateSessionCommand } from "@aws-sdk/client-ssm";
import { clientConfig } from "../../demo/people";
import type { ProgramOutcome } from "../helpers/run-program";
import { runReport } from "../helpers/run-report";
import { startEmbedded, type Embedded } from "../helpers/embedded";

/**
 * Reports that are kept in a bucket with Object Lock, signed by a KMS key and told to a topic. Nothing is deployed: what is
 * kept is a report that says so.
 */
const ACCOUNT = "777777777777";
const REGION = "eu-west-1";
const BUCKET = "kept-reports";
const PLACE = `s3://${BUCKET}/weekly`;
const INSTANCE = "i-0fedcba9876543210";

let embedded: Embedded;
let s3: S3Client;
let queue: SQSClient;
let QueueUrl: string;
let publicKey: string;
let sessionId: string;
/** What the two reports printed. */
const printed: ProgramOutcome[] = [];

const program = async (...argv: string[]): Promise<ProgramOutcome> =>
  runReport(
    embedded,
    {
      map: join(embedded.directory, "map.json"),
      caller: await embedded.emulator.credentials(ACCOUNT),
      region: REGION,
    },
    ...argv,
  );

const objects = async () => {
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: "weekly/" }),
  );
  return Versions;
};
const keyOf = async (end: string) => (await objects()).find(({ Key }) => Key!.endsWith(end))!.Key!;

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true });
  const { emulator, directory } = embedded;
  writeFileSync(
    join(directory, "map.json"),
    JSON.stringify({
      organization: { name: "kept" },
      state: { backend: "local", directory: "state" },
      deployment: { mode: "assume-role", role: "session-audit-deploy" },
      trail: "existing",
      notifications: { activity: { enabled: false }, security: { topic: { existing: "soc" } } },
      accounts: { shop: { id: ACCOUNT, homeRegion: REGION, regions: [REGION] } },
    }),
  );
  const config = await clientConfig(emulator, ACCOUNT, REGION);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: BUCKET,
      ObjectLockEnabledForBucket: true,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: BUCKET,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 365 } },
      },
    }),
  );
  const kms = new KMSClient(config);
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
  );
  await kms.send(new CreateAliasCommand({ AliasName: "alias/reports", TargetKeyId: KeyMetadata!.KeyId }));
  await kms.send(
    new CreateAliasCommand({
      AliasName: "alias/encrypts",
      TargetKeyId: (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId,
    }),
  );
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: "alias/reports" }));
  publicKey = join(directory, "reports.der");
  writeFileSync(publicKey, PublicKey!);

  queue = new SQSClient(config);
  QueueUrl = (await queue.send(new CreateQueueCommand({ QueueName: "soc" }))).QueueUrl!;
  const sns = new SNSClient(config);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "soc" }));
  const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:soc`;
  const allow = { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage" };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...allow, Resource: queueArn }] });
  await queue.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn }));

  emulator.registerInstance({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: INSTANCE,
    instanceRoleName: "app-server",
    computerName: "web-1",
  });
  const ssm = new SSMClient({
    ...config,
    credentials: await emulator.credentials(ACCOUNT, "engineer", "dave"),
  });
  const session = await ssm.send(
    new StartSessionCommand({ Target: INSTANCE, DocumentName: "AWS-StartPortForwardingSession" }),
  );
  sessionId = session.SessionId!;
  await ssm.send(new TerminateSessionCommand({ SessionId: sessionId }));

  const keep = ["--out", PLACE, "--sign", "alias/reports"];
  printed.push(await program(...keep, "--publish"));
  printed.push(await program(...keep));
});
afterAll(() => embedded?.stop());

it("keeps two reports, signed, and says where and with which SHA-256", () => {
  for (const [index, { status, stderr }] of printed.entries()) {
    expect(stderr).toContain(`Kept at ${PLACE}/chain/00000${index + 1}.json, signed.`);
    expect(stderr).toMatch(/--last: [0-9a-f]{64}$/m);
    // Nothing is deployed, so that the target is not covered.
    expect(status).toBe(4);
  }
});

it("verifies the chain with the public key of the KMS key, to its end", async () => {
  const last = /--last: ([0-9a-f]{64})/.exec(printed[1]!.stderr)![1]!;
  const { status, stdout } = await program("verify", PLACE, "--public-key", publicKey, "--last", last);
  expect({ status, stdout }).toMatchObject({ status: 0 });
  expect(stdout).toContain("2 reports");
  expect(stdout).toContain("Signed: 2 of 2.");
});

it("writes every object once, under the lock of the bucket", async () => {
  const versions = await objects();
  expect(versions.map(({ Key }) => Key)).toHaveLength(10);
  expect(new Set(versions.map(({ Key }) => Key)).size).toBe(10);
});

it("keeps the page beside the data, as a page that a browser opens", async () => {
  const Key = await keyOf("report.html");
  const { Body, ContentType } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  expect(ContentType).toBe("text/html; charset=utf-8");
  expect(await Body!.transformToString()).toContain(sessionId);
});

it("relies on a bucket that refuses a conditional write to a key that exists", async () => {
  const Key = await keyOf("chain/000001.json");
  await expect(
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "{}", IfNoneMatch: "*" })),
  ).rejects.toMatchObject({ name: "PreconditionFailed" });
});

it("publishes the counts and where the report is", async () => {
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  expect(Messages).toHaveLength(1);
  const { Subject, Message } = JSON.parse(Messages[0]!.Body!) as { Subject: string; Message: string };
  expect(Subject).toBe("Sessions of kept: 0 to look at, 1 targets not covered");
  expect(Message).toContain("NOT COVERED: 1 of 1 targets.");
  expect(Message).toContain("1  Port forwarding");
  expect(Message).toContain(`Kept at ${PLACE}/chain/000001.json`);
});

it("merges what was kept: the session of both reports once", async () => {
  const { stdout, stderr } = await program("merge", PLACE, "--csv");
  expect(stdout.trimEnd().split("\r\n").slice(1)).toEqual([expect.stringContaining(sessionId) as string]);
  expect(stderr).toContain("Kept reports: 2. Rows that repeat the session of an earlier report: 1.");
});

it.each([
  [["--sign", "alias/encrypts", "--out", PLACE], "the key cannot sign reports"],
  [["--sign", "alias/missing", "--out", PLACE], "--sign alias/missing: NotFoundException"],
  [["--out", "s3://missing-bucket"], "--out s3://missing-bucket: NoSuchBucket"],
])("ends before it reads a target where %j is wrong", async (argv, words) => {
  const { status, stdout, stderr } = await program(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(words);
});

describe("after somebody has written a part again and deleted a manifest", () => {
  let outcome: ProgramOutcome;
  let part: string;
  beforeAll(async () => {
    part = await keyOf("sessions.csv");
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: part, Body: "nothing happened\n" }));
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "weekly/chain/000001.json" }));
    outcome = await program("verify", PLACE, "--public-key", publicKey);
  });

  it("verify names both, and exits with 3", () => {
    expect(outcome).toMatchObject({ status: 3 });
    expect(outcome.stdout).toContain(`overwritten ${part.replace("weekly/", "")}`);
    expect(outcome.stdout).toContain("deleted chain/000001.json");
  });

  it("and finds the first versions unchanged, which Object Lock keeps", () => {
    expect(outcome.stdout).not.toMatch(/changed-part|missing-manifest|wrong-/);
  });

  it("and a report that is kept now still continues the chain", async () => {
    const { stderr } = await program("--out", PLACE, "--sign", "alias/reports");
    expect(stderr).toContain("chain/000003.json");
    const { stdout } = await program("verify", PLACE, "--public-key", publicKey);
    expect(stdout).toContain("3 reports");
    expect(stdout).not.toMatch(/missing-manifest|wrong-/);
  });
});
