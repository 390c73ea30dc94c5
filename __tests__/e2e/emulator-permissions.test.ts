import { join } from "node:path";
import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { DisableKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { AddPermissionCommand, CreateFunctionCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketPolicyCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { CreateDocumentCommand, DescribeSessionsCommand, UpdateDocumentCommand } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { startEmulator, type Emulator, type SessionRequest } from "../../emulator";
import { Clients } from "../../emulator/clients/clients";
import { storedZip } from "../../stacks/guard/stored-zip";
import { findMoto } from "../../toolchain";
import { ROOT } from "../helpers/embedded";
import {
  allow,
  ARCHIVE,
  clientsOf,
  createKey,
  createRole,
  delegateTo,
  grant,
  operatorGrants,
  policy,
  REGION,
  without,
  WORK,
  type Statement,
} from "../helpers/emulated";

// What the embedded AWS refuses because AWS would: who takes and passes roles, keys of log groups and objects, and buckets.
const [EC2, LAMBDA] = [{ Service: "ec2.amazonaws.com" }, { Service: "lambda.amazonaws.com" }];
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const roleArn = (role: string) => `arn:aws:iam::${WORK}:role/${role}`;
const DENIED = { name: expect.stringMatching(/^AccessDenied(Exception)?$/) as string };

/** Moto disables a key by its id only. */
const disable = (keyArn: string) => new DisableKeyCommand({ KeyId: keyArn.split("/")[1] });

let emulator: Emulator;
let work: Clients;

beforeAll(async () => {
  const moto = await findMoto({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  emulator = await startEmulator({ moto, organizationTrail: false });
  work = await clientsOf(emulator, WORK);
  const document = { Name: "SSM-SessionManagerRunShell", DocumentFormat: "JSON" as const };
  const Content = preferences({});
  await work.ssm.send(new CreateDocumentCommand({ ...document, DocumentType: "Session", Content }));
  await createRole(work, "Operator");
  await grant(work, "Operator", operatorGrants());
  await createRole(work, "Server", EC2);
  await grant(work, "Server", serverGrants());
});
afterAll(() => emulator?.stop());

let revision = 0;
const preferences = (inputs: object) =>
  JSON.stringify({
    schemaVersion: "1.0",
    description: `revision ${++revision}`,
    sessionType: "Standard_Stream",
    inputs: { s3BucketName: "", cloudWatchLogGroupName: "", kmsKeyId: "", ...inputs },
  });
const prefer = (inputs: object) =>
  work.ssm.send(
    new UpdateDocumentCommand({
      Name: "SSM-SessionManagerRunShell",
      DocumentVersion: "$LATEST",
      Content: preferences(inputs),
    }),
  );

const serverGrants = () => ({
  channels: allow(["ssm:UpdateInstanceInformation", "ssmmessages:*"], "*"),
  check: allow("s3:GetEncryptionConfiguration", "arn:aws:s3:::*"),
  upload: allow("s3:PutObject", "arn:aws:s3:::*"),
  acl: allow("s3:PutObjectAcl", "arn:aws:s3:::*"),
  key: allow(["kms:GenerateDataKey", "kms:Decrypt"], "*"),
});

const session = (more: Partial<SessionRequest> = {}) =>
  emulator.runSession({
    accountId: WORK,
    region: REGION,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "Server",
    operatorRoleName: "Operator",
    operatorSessionName: "alice",
    commands: ["id"],
    ...more,
  });

async function bucket(Bucket: string, region = REGION): Promise<string> {
  const { settings } = work;
  const clients = new Clients({ ...settings, region });
  const CreateBucketConfiguration = { LocationConstraint: region as "eu-west-1" };
  await clients.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  return Bucket;
}

describe("a role", () => {
  const trusts: [string, object][] = [
    ["TrustsWork", root(WORK)],
    ["TrustsArchive", root(ARCHIVE)],
    ["TrustsInstances", EC2],
    ["TrustsFunctions", LAMBDA],
  ];
  beforeAll(async () => {
    for (const [name, principal] of trusts) await createRole(work, name, principal);
    await createRole(work, "Caller");
    await createRole(work, "Powerless");
    await grant(work, "Caller", { assume: allow("sts:AssumeRole", "*") });
  });

  it.each`
    caller         | role                 | outcome
    ${"Caller"}    | ${"TrustsWork"}      | ${"taken"}
    ${"Caller"}    | ${"TrustsArchive"}   | ${"AccessDenied"}
    ${"Caller"}    | ${"TrustsInstances"} | ${"AccessDenied"}
    ${"Powerless"} | ${"TrustsWork"}      | ${"AccessDenied"}
    ${"Powerless"} | ${"Nobody"}          | ${"taken"}
  `("$role is $outcome for $caller", async ({ caller, role, outcome }) => {
    const { settings } = await clientsOf(emulator, WORK, String(caller));
    const take = new AssumeRoleCommand({ RoleArn: roleArn(String(role)), RoleSessionName: "x" });
    const result = await new STSClient(settings).send(take).then(
      () => "taken",
      (error: Error) => error.name,
    );
    expect(result).toBe(outcome);
  });

  it.each([
    ["TrustsWork", true],
    ["TrustsInstances", false],
    ["TrustsArchive", false],
  ])("%s opens a session for a person of the account: %s", async (role, expected) => {
    await grant(work, role, operatorGrants());
    const { started, calls } = await session({ operatorRoleName: role });
    expect(started).toBe(expected);
    expect(calls.some(({ call, allowed }) => call === "sts:AssumeRole" && !allowed)).toBe(!expected);
  });

  it("gives no credentials to a person whom its trust policy does not admit", async () => {
    await expect(emulator.credentials(WORK, "TrustsInstances")).rejects.toMatchObject({
      code: "AccessDenied",
    });
    await expect(emulator.credentials(WORK, "TrustsWork")).resolves.toHaveProperty("accessKeyId");
  });

  it.each([
    ["TrustsInstances", true],
    ["TrustsFunctions", false],
  ])("%s connects an instance: %s", async (role, expected) => {
    await grant(work, role, serverGrants());
    const record = await session({ instanceRoleName: role, instanceId: `i-0${expected ? "a" : "b"}` });
    expect(record.started).toBe(expected);
    if (!expected) expect(record.refusal).toContain("TargetNotConnected");
  });

  const deploy = (FunctionName: string, role: string, code = "exports.handler = async () => 1;") =>
    work.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: roleArn(role),
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 100,
        Code: { ZipFile: storedZip("index.js", Buffer.from(code)) },
      }),
    );

  it("is refused for a function if it does not trust Lambda", async () => {
    await expect(deploy("refused", "TrustsInstances")).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
    await expect(deploy("accepted", "TrustsFunctions")).resolves.toHaveProperty("FunctionArn");
  });

  it("no longer runs a function once it trusts Lambda no more", async () => {
    await createRole(work, "Changed", LAMBDA);
    await deploy("changed", "Changed");
    expect(await emulator.invokeFunction(WORK, REGION, "changed", {})).not.toHaveProperty("error");
    const PolicyDocument = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: EC2 });
    await work.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Changed", PolicyDocument }));
    expect(await emulator.invokeFunction(WORK, REGION, "changed", {})).toMatchObject({
      error: expect.stringContaining("cannot be assumed by Lambda") as string,
    });
  });

  it.each<[string, Record<string, Statement>, boolean]>([
    ["nothing", {}, false],
    ["iam:PassRole", { pass: allow("iam:PassRole", roleArn("TrustsWork")) }, true],
    ["iam:PassRole for another role", { pass: allow("iam:PassRole", roleArn("TrustsArchive")) }, false],
    ...["events", "lambda"].map((service): [string, Record<string, Statement>, boolean] => {
      const Condition = { StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` } };
      const pass = allow("iam:PassRole", "*", { Condition });
      return [`iam:PassRole to ${service}`, { pass }, service === "events"];
    }),
  ])("is passed to EventBridge by a caller with %s: %s", async (_what, grants, expected) => {
    await createRole(work, "Deployer").catch(() => undefined);
    await grant(work, "Deployer", { events: allow("events:*", "*"), ...grants });
    await work.events.send(new PutRuleCommand({ Name: "rule", EventPattern: '{"source":["x"]}' }));
    const Arn = `arn:aws:events:${REGION}:${ARCHIVE}:event-bus/default`;
    const Targets = [{ Id: "1", Arn, RoleArn: roleArn("TrustsWork") }];
    const deployer = await clientsOf(emulator, WORK, "Deployer");
    const put = deployer.events.send(new PutTargetsCommand({ Rule: "rule", Targets }));
    if (expected) await expect(put).resolves.toHaveProperty("FailedEntryCount", 0);
    else await expect(put).rejects.toMatchObject(DENIED);
  });

  it("of a function is judged when the function reads an object that KMS encrypts", async () => {
    const key = await createKey(work);
    const Bucket = await bucket("encrypted-for-a-function");
    const at = `arn:aws:s3:::${Bucket}/x`;
    await work.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "x",
        Body: "secret",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: key,
      }),
    );
    const code = `const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
      exports.handler = async (at) =>
        (await new S3Client({ forcePathStyle: true }).send(new GetObjectCommand(at))).Body.transformToString();`;
    await createRole(work, "Reader", LAMBDA);
    await deploy("reader", "Reader", code);
    const read = (from = Bucket) =>
      emulator.invokeFunction(WORK, REGION, "reader", { Bucket: from, Key: "x" });

    await grant(work, "Reader", { read: allow("s3:GetObject", "*") });
    expect((await read()).error).toContain("kms:Decrypt");
    const Condition = { StringEquals: { "kms:EncryptionContext:aws:s3:arn": at } };
    await grant(work, "Reader", {
      read: allow("s3:GetObject", "*"),
      key: allow("kms:Decrypt", key, { Condition }),
    });
    expect(await read()).not.toHaveProperty("error");
    await work.kms.send(disable(key));
    expect((await read()).error).toContain("disabled");
    expect((await read("no-such-bucket")).error).toContain("NoSuchBucket");
  });

  it("lists sessions only with ssm:DescribeSessions", async () => {
    const list = new DescribeSessionsCommand({ State: "History" });
    const powerless = await clientsOf(emulator, WORK, "Powerless");
    await expect(powerless.ssm.send(list)).rejects.toMatchObject(DENIED);
    await grant(work, "Powerless", { list: allow("ssm:DescribeSessions", "*") });
    await expect(powerless.ssm.send(list)).resolves.toHaveProperty("Sessions");
  });
});

describe("the key of a log group", () => {
  const forGroup = (name: string) =>
    allow(["kms:GenerateDataKey*", "kms:Decrypt*"], "*", {
      Principal: { Service: `logs.${REGION}.amazonaws.com` },
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${REGION}:${WORK}:log-group:${name}`,
        },
      },
    });
  const keyWith = async (...statements: Statement[]) => {
    const KeyId = await createKey(work);
    const Policy = policy(delegateTo(WORK), ...statements);
    await work.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
    return KeyId;
  };
  const groups = async (logGroupNamePrefix: string) =>
    (await work.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }))).logGroups!;

  it("must admit CloudWatch Logs for the group, or the group is not created", async () => {
    const create = async (logGroupName: string, kmsKeyId: string) =>
      work.logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId }));
    await expect(create("/refused", await keyWith())).rejects.toMatchObject(DENIED);
    await expect(create("/refused", await keyWith(forGroup("/other")))).rejects.toMatchObject(DENIED);
    expect(await groups("/refused")).toEqual([]);
    await create("/accepted", await keyWith(forGroup("/accepted")));
    expect(await groups("/accepted")).toHaveLength(1);
  });

  it("must be enabled, and in the region of the group", async () => {
    const disabled = await keyWith(forGroup("/disabled"));
    await work.kms.send(disable(disabled));
    const elsewhere = disabled.replace(REGION, "eu-west-2");
    for (const kmsKeyId of [disabled, elsewhere]) {
      await expect(
        work.logs.send(new CreateLogGroupCommand({ logGroupName: "/disabled", kmsKeyId })),
      ).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });

  it.each(["logGroupName", "resourceIdentifier"])(
    "is associated under the same terms, by %s",
    async (member) => {
      const name = `/associated-${member}`;
      await work.logs.send(new CreateLogGroupCommand({ logGroupName: name }));
      const group = member === "logGroupName" ? name : `arn:aws:logs:${REGION}:${WORK}:log-group:${name}`;
      const associate = async (kmsKeyId: string) =>
        work.logs.send(new AssociateKmsKeyCommand({ [member]: group, kmsKeyId }));
      await expect(associate(await keyWith())).rejects.toMatchObject(DENIED);
      expect((await groups(name))[0]).not.toHaveProperty("kmsKeyId");
    },
  );

  it("is not needed by a filter to a function, whose policy must admit CloudWatch Logs", async () => {
    const name = "/to-a-function";
    await work.logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    await createRole(work, "Forwarder", LAMBDA);
    const FunctionName = "forwarder";
    const { FunctionArn: destinationArn } = await work.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: roleArn("Forwarder"),
        Runtime: "python3.12",
        Handler: "index.handler",
        Code: { ZipFile: storedZip("index.py", Buffer.from("")) },
      }),
    );
    const filter = new PutSubscriptionFilterCommand({
      logGroupName: name,
      filterName: "all",
      filterPattern: "",
      destinationArn,
    });
    await expect(work.logs.send(filter)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("given CloudWatch Logs permission") as string,
    });
    await work.lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "logs",
        Action: "lambda:InvokeFunction",
        Principal: `logs.${REGION}.amazonaws.com`,
        SourceArn: `arn:aws:logs:${REGION}:${WORK}:log-group:${name}:*`,
      }),
    );
    await expect(work.logs.send(filter)).resolves.toBeDefined();
  });
});

describe("a bucket", () => {
  afterEach(async () => {
    await prefer({});
    await grant(work, "Server", serverGrants());
  });

  it("keeps its whole policy when S3 refuses to delete the bucket", async () => {
    const Bucket = await bucket("not-empty");
    const Policy = policy(allow("s3:GetObject", `arn:aws:s3:::${Bucket}/*`, { Principal: root(ARCHIVE) }), {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:DeleteObject",
      Resource: `arn:aws:s3:::${Bucket}/*`,
    });
    await work.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await work.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x" }));
    const remove = work.s3.send(new DeleteBucketCommand({ Bucket }));
    await expect(remove).rejects.toMatchObject({ name: "BucketNotEmpty" });
    const kept = await work.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(kept.Policy!)).toEqual(JSON.parse(Policy));
  });

  it("that does not exist belongs to nobody: a session that must be recorded there is refused", async () => {
    await prefer({ s3BucketName: "no-such-bucket", s3EncryptionEnabled: true });
    expect(await session()).toMatchObject({
      started: false,
      refusal: expect.stringContaining("NoSuchBucket") as string,
    });
  });

  it.each([
    ["upload", false],
    ["acl", false],
    ["none", true],
  ])("of the own account takes a transcript without the grant %s: %s", async (missing, expected) => {
    await prefer({ s3BucketName: await bucket(`own-${missing}`) });
    await grant(work, "Server", without(serverGrants(), missing));
    const record = await session();
    expect(record.started).toBe(true);
    expect(record.transcriptKey !== undefined).toBe(expected);
  });

  it.each([
    [REGION, true],
    ["eu-west-2", false],
  ])("in eu-west-1 takes a transcript with a key in %s: %s", async (region, expected) => {
    const Bucket = await bucket(`keyed-in-${region}`);
    const clients = new Clients({ ...work.settings, region });
    const encryption = { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: await createKey(clients) };
    const Rules = [{ ApplyServerSideEncryptionByDefault: encryption }];
    const ServerSideEncryptionConfiguration = { Rules };
    await work.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    await prefer({ s3BucketName: Bucket });
    expect((await session()).transcriptKey !== undefined).toBe(expected);
  });
});

describe("a trail", () => {
  const trail = (name: string) => `arn:aws:cloudtrail:${REGION}:${WORK}:trail/${name}`;
  const cloudTrail = { Service: "cloudtrail.amazonaws.com" };
  const admitting = (Bucket: string, name: string, account = WORK) =>
    policy(
      ...[
        allow("s3:GetBucketAcl", `arn:aws:s3:::${Bucket}`),
        allow("s3:PutObject", `arn:aws:s3:::${Bucket}/AWSLogs/${account}/*`),
      ].map((statement) => ({
        ...statement,
        Principal: cloudTrail,
        Condition: { StringEquals: { "aws:SourceArn": trail(name) } },
      })),
    );
  const create = (Name: string, S3BucketName: string, KmsKeyId?: string) =>
    work.cloudtrail.send(new CreateTrailCommand({ Name, S3BucketName, KmsKeyId }));

  it.each([
    ["admits the trail", (name: string) => admitting(name, name), "created"],
    [
      "admits another trail",
      (name: string) => admitting(name, "other"),
      "InsufficientS3BucketPolicyException",
    ],
    [
      "admits files of another account",
      (name: string) => admitting(name, name, ARCHIVE),
      "InsufficientS3BucketPolicyException",
    ],
    ["is missing", () => undefined, "InsufficientS3BucketPolicyException"],
  ])("whose bucket's policy %s: %s", async (what, policyFor, outcome) => {
    const name = await bucket(`trail-${what.replaceAll(" ", "-")}`);
    const Policy = policyFor(name);
    if (Policy !== undefined) await work.s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy }));
    const result = await create(name, name).then(
      () => "created",
      (error: Error) => error.name,
    );
    expect(result).toBe(outcome);
  });

  it("is refused with a key that does not admit it, or a bucket that does not exist", async () => {
    const name = await bucket("trail-with-key");
    await work.s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: admitting(name, name) }));
    const KeyId = await createKey(work);
    const put = (...statements: Statement[]) =>
      work.kms.send(
        new PutKeyPolicyCommand({
          KeyId,
          PolicyName: "default",
          Policy: policy(delegateTo(WORK), ...statements),
        }),
      );
    await put();
    await expect(create(name, name, KeyId)).rejects.toMatchObject({
      name: "InsufficientEncryptionPolicyException",
    });
    const Condition = { StringEquals: { "kms:EncryptionContext:aws:cloudtrail:arn": trail(name) } };
    await put(
      allow("kms:DescribeKey", "*", { Principal: cloudTrail }),
      allow("kms:GenerateDataKey*", "*", { Principal: cloudTrail, Condition }),
    );
    await expect(create(name, name, KeyId)).resolves.toHaveProperty("TrailARN");
    await expect(create("none", "no-such-bucket")).rejects.toMatchObject({
      name: "S3BucketDoesNotExistException",
    });
  });
});

it("a key binds an operator whose role nobody has deployed", async () => {
  const KeyId = await createKey(work);
  const put = (...statements: Statement[]) =>
    work.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: policy(...statements) }));
  const decrypt = allow("kms:Decrypt", "*", { Principal: { AWS: roleArn("Server") } });
  await prefer({ kmsKeyId: KeyId });
  try {
    await put(decrypt);
    expect((await session({ operatorRoleName: "Nobody" })).refusal).toContain("GenerateDataKey");
    await put(decrypt, delegateTo(WORK));
    expect(await session({ operatorRoleName: "Nobody" })).toMatchObject({ started: true });
  } finally {
    await prefer({});
  }
});

it("an alarm does not reach a topic whose key is disabled", async () => {
  const KeyId = await createKey(work);
  const Statement = allow(["kms:GenerateDataKey", "kms:Decrypt"], "*", {
    Principal: { Service: "cloudwatch.amazonaws.com" },
  });
  const Policy = policy(delegateTo(WORK), Statement);
  await work.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
  const { TopicArn = "" } = await work.sns.send(
    new CreateTopicCommand({ Name: "keyed", Attributes: { KmsMasterKeyId: KeyId } }),
  );
  const AttributeValue = policy(
    allow("sns:Publish", TopicArn, { Principal: { Service: "cloudwatch.amazonaws.com" } }),
  );
  await work.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  const sound = () =>
    emulator.soundAlarm({ accountId: WORK, region: REGION, alarmName: "a", topicArn: TopicArn });
  await expect(sound()).resolves.toEqual([]);
  await work.kms.send(disable(KeyId));
  await expect(sound()).rejects.toThrow("disabled");
});
