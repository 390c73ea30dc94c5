import { spawn } from "node:child_process";
import { join } from "node:path";
import {
  CreateTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import {
  CreateDocumentCommand,
  DescribeSessionsCommand,
  GetServiceSettingCommand,
  ResetServiceSettingCommand,
  StartSessionCommand,
  TerminateSessionCommand,
  UpdateDocumentCommand,
  UpdateServiceSettingCommand,
  CreateOpsItemCommand,
  DeleteDocumentCommand,
} from "@aws-sdk/client-ssm";
import { Clients } from "../../emulator/clients";
import { takeMessages } from "../../emulator/cast";
import {
  startEmulator,
  type Delivery,
  type Emulator,
  type SessionRecord,
  type SessionRequest,
} from "../../emulator";
import { findMoto, type MotoCommand } from "../../toolchain";
import { ROOT } from "../helpers/embedded";
import { isAlive } from "../helpers/is-alive";
import { until } from "../helpers/until";

const REGION = "eu-west-1";
const WORK = "111111111111";
const ARCHIVE = "222222222222";
const ORG = "o-a1b2c3d4e5";
const BUCKET = "transcripts-222222222222";
const GROUP = "/session-audit/transcripts";

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const root = (account: string) => allow("kms:*", "*", { Principal: { AWS: `arn:aws:iam::${account}:root` } });

let moto: MotoCommand;
let emulator: Emulator;
let work: Clients;
let archive: Clients;
let sessionKey: string;
let archiveKey: string;

const clientsOf = async (account: string, role?: string, session?: string) =>
  new Clients({
    endpoint: emulator.endpoint,
    region: REGION,
    maxAttempts: 2,
    credentials: await emulator.credentials(account, role, session),
  });

beforeAll(async () => {
  moto = await findMoto({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  emulator = await startEmulator({
    moto,
    organizationTrail: false,
    organization: { id: ORG },
  });
  work = await clientsOf(WORK);
  archive = await clientsOf(ARCHIVE);
  await deployArchive();
  await deployWork();
});

afterAll(() => emulator?.stop());

async function deployArchive(): Promise<void> {
  archiveKey = await keyOf(archive);
  await archive.kms.send(
    new PutKeyPolicyCommand({ KeyId: archiveKey, PolicyName: "default", Policy: archiveKeyPolicy() }),
  );
  await archive.s3.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  await encryptBucket("aws:kms");
  await archive.s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: bucketPolicy() }));
}

const orgOnly = { StringEquals: { "aws:PrincipalOrgID": ORG } };
const archiveKeyPolicy = () =>
  policy(
    root(ARCHIVE),
    allow(["kms:GenerateDataKey", "kms:Decrypt"], "*", {
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: { "aws:PrincipalOrgID": ORG, "kms:ViaService": `s3.${REGION}.amazonaws.com` },
        ArnEquals: { "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${BUCKET}` },
      },
    }),
  );
const bucketPolicy = () =>
  policy(
    allow(["s3:PutObject", "s3:PutObjectAcl"], `arn:aws:s3:::${BUCKET}/sessions/\${aws:PrincipalAccount}/*`, {
      Principal: { AWS: "*" },
      Condition: orgOnly,
    }),
    allow("s3:GetEncryptionConfiguration", `arn:aws:s3:::${BUCKET}`, {
      Principal: { AWS: "*" },
      Condition: orgOnly,
    }),
  );

async function encryptBucket(SSEAlgorithm: "aws:kms" | "aws:kms:dsse"): Promise<void> {
  await archive.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: BUCKET,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            BucketKeyEnabled: true,
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID: archiveKey },
          },
        ],
      },
    }),
  );
}

async function deployWork(): Promise<void> {
  sessionKey = await keyOf(work);
  await work.kms.send(new CreateAliasCommand({ AliasName: "alias/session-audit", TargetKeyId: sessionKey }));
  await work.kms.send(
    new PutKeyPolicyCommand({ KeyId: sessionKey, PolicyName: "default", Policy: sessionKeyPolicy() }),
  );
  await work.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP, kmsKeyId: sessionKey }));
  await work.ssm.send(
    new CreateDocumentCommand({
      Name: "SSM-SessionManagerRunShell",
      DocumentType: "Session",
      DocumentFormat: "JSON",
      Content: preferences({}),
    }),
  );
  for (const [RoleName, grants] of [
    ["Web", agentGrants()],
    ["Operator", operatorGrants()],
  ] as const) {
    await work.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(allow("sts:AssumeRole", "*")) }),
    );
    await grant(RoleName, grants);
  }
}

const sessionKeyPolicy = () =>
  policy(
    root(WORK),
    allow(["kms:GenerateDataKey*", "kms:Decrypt*"], "*", {
      Principal: { Service: `logs.${REGION}.amazonaws.com` },
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${REGION}:${WORK}:log-group:${GROUP}`,
        },
      },
    }),
  );

let description = 0;
function preferences(inputs: object): string {
  return JSON.stringify({
    schemaVersion: "1.0",
    description: `revision ${++description}`,
    sessionType: "Standard_Stream",
    inputs: {
      s3BucketName: BUCKET,
      s3KeyPrefix: `sessions/${WORK}/${REGION}`,
      s3EncryptionEnabled: true,
      cloudWatchLogGroupName: GROUP,
      cloudWatchEncryptionEnabled: true,
      cloudWatchStreamingEnabled: true,
      kmsKeyId: "alias/session-audit",
      ...inputs,
    },
  });
}

const agentGrants = () => ({
  channels: allow(["ssm:UpdateInstanceInformation", "ssmmessages:*"], "*"),
  groups: allow("logs:DescribeLogGroups", "*"),
  streams: allow(
    ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
    `arn:aws:logs:*:*:log-group:${GROUP}*`,
  ),
  check: allow("s3:GetEncryptionConfiguration", `arn:aws:s3:::${BUCKET}`),
  upload: allow(["s3:PutObject", "s3:PutObjectAcl"], `arn:aws:s3:::${BUCKET}/*`),
  bucketKey: allow(["kms:GenerateDataKey", "kms:Decrypt"], archiveKey),
  channelKey: allow("kms:Decrypt", sessionKey, {
    Condition: { StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": "i-*" } },
  }),
});
const operatorGrants = () => ({
  start: allow("ssm:StartSession", [
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell",
  ]),
  own: allow(
    ["ssm:TerminateSession", "ssm:ResumeSession", "ssmmessages:OpenDataChannel"],
    "arn:aws:ssm:*:*:session/${aws:userid}-*",
  ),
  key: allow("kms:GenerateDataKey", "*", {
    Condition: { StringEquals: { "kms:RequestAlias": "alias/session-audit" } },
  }),
});

async function keyOf(clients: Clients): Promise<string> {
  return (await clients.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
}
const grant = (RoleName: string, grants: Record<string, object>) =>
  work.iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: "grants",
      PolicyDocument: policy(...Object.values(grants)),
    }),
  );
const without = (grants: Record<string, object>, name: string) =>
  Object.fromEntries(Object.entries(grants).filter(([key]) => key !== name));

const session = (more: Partial<SessionRequest> = {}): Promise<SessionRecord> =>
  emulator.runSession({
    accountId: WORK,
    region: REGION,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "Web",
    operatorRoleName: "Operator",
    operatorSessionName: "alice",
    commands: ["whoami", "uptime"],
    reason: "ticket 1",
    ...more,
  });

describe("a session with everything in place", () => {
  let record: SessionRecord;
  beforeAll(async () => {
    record = await session();
  });

  it("starts, without a warning", () => {
    expect(record).toMatchObject({ started: true, warnings: [] });
  });

  it("has an id of the operator's name and 26 characters", () => {
    expect(record.sessionId).toMatch(/^alice-[a-z2-7]{26}$/);
  });

  it("leaves its transcript in the archive account", async () => {
    expect(record.transcriptKey).toBe(`sessions/${WORK}/${REGION}/${record.sessionId}.log`);
    const object = await archive.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: record.transcriptKey }));
    expect(await object.Body?.transformToString()).toContain("whoami");
    expect(object.SSEKMSKeyId).toBe(archiveKey);
  });

  it("leaves its stream in the log group", async () => {
    const { events } = await work.logs.send(
      new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: record.sessionId }),
    );
    expect(JSON.parse(events?.[0]?.message ?? "{}")).toMatchObject({
      sessionId: record.sessionId,
      target: { id: "i-0123456789abcdef0" },
      sessionData: ["sh-5.2$ whoami"],
    });
  });

  it("is in the history", async () => {
    const Filters = [{ key: "SessionId" as const, value: record.sessionId }];
    const { Sessions } = await work.ssm.send(new DescribeSessionsCommand({ State: "History", Filters }));
    expect(Sessions).toMatchObject([
      { Status: "Terminated", Reason: "ticket 1", Target: "i-0123456789abcdef0", EndDate: expect.any(Date) },
    ]);
  });
});

describe("without one grant", () => {
  afterEach(async () => {
    await grant("Web", agentGrants());
    await grant("Operator", operatorGrants());
  });

  it.each`
    role          | grant           | refusal
    ${"Web"}      | ${"channels"}   | ${"TargetNotConnected"}
    ${"Web"}      | ${"groups"}     | ${"encryption is not set up on the selected CloudWatch Logs log group"}
    ${"Web"}      | ${"check"}      | ${"unable to validate encryption on Amazon S3 bucket"}
    ${"Web"}      | ${"channelKey"} | ${"Error when decrypting data key"}
    ${"Operator"} | ${"start"}      | ${"AccessDeniedException"}
    ${"Operator"} | ${"own"}        | ${"ssmmessages:OpenDataChannel"}
    ${"Operator"} | ${"key"}        | ${"KMSEncryption failed on client with status 2"}
  `("$grant of $role a session is refused", async ({ role, grant: missing, refusal }) => {
    await grant(role, without(role === "Web" ? agentGrants() : operatorGrants(), missing));
    const record = await session();
    expect(record.started).toBe(false);
    expect(record.refusal).toContain(refusal);
  });

  it.each`
    grant          | lost
    ${"upload"}    | ${"transcriptKey"}
    ${"bucketKey"} | ${"transcriptKey"}
    ${"streams"}   | ${"logStream"}
  `("$grant of the node a session runs and its $lost is silently lost", async ({ grant: missing, lost }) => {
    await grant("Web", without(agentGrants(), missing));
    const record = await session();
    expect(record).toMatchObject({ started: true, warnings: [expect.any(String)] });
    expect(record).not.toHaveProperty(lost);
  });
});

describe("with other preferences", () => {
  const prefer = (inputs: object) =>
    work.ssm.send(
      new UpdateDocumentCommand({
        Name: "SSM-SessionManagerRunShell",
        DocumentVersion: "$LATEST",
        Content: preferences(inputs),
      }),
    );
  afterEach(() => prefer({}));

  it("starts unlogged when encryption is not enforced and the log group is missing", async () => {
    await prefer({ cloudWatchLogGroupName: "/none", cloudWatchEncryptionEnabled: false });
    const record = await session();
    expect(record.started).toBe(true);
    expect(record.logStream).toBeUndefined();
  });

  it("writes the log stream at the end when streaming is off", async () => {
    await prefer({ cloudWatchStreamingEnabled: false });
    const record = await session();
    const { events } = await work.logs.send(
      new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: record.logStream ?? "" }),
    );
    expect(events?.[0]?.message).toBe("sh-5.2$ whoami\nsh-5.2$ uptime");
  });

  it("cannot write under another account's prefix", async () => {
    await prefer({ s3KeyPrefix: `sessions/${ARCHIVE}/${REGION}` });
    expect(await session()).not.toHaveProperty("transcriptKey");
  });

  it("uses the latest version, not the default one", async () => {
    await prefer({ s3BucketName: "" });
    expect(await session()).not.toHaveProperty("bucket");
  });

  it("keeps the stream and loses the transcript when the instance dies", async () => {
    const record = await session({ disconnect: true });
    expect(record).toHaveProperty("logStream");
    expect(record).not.toHaveProperty("transcriptKey");
  });

  it("is refused with dual-layer encryption", async () => {
    await encryptBucket("aws:kms:dsse");
    const record = await session().finally(() => encryptBucket("aws:kms"));
    expect(record.refusal).toContain("encryption is not set up on the selected Amazon S3 bucket");
  });
});

describe("delivery of session events", () => {
  const TOPIC = `arn:aws:sns:${REGION}:${WORK}:activity`;
  const RULE = `arn:aws:events:${REGION}:${WORK}:rule/sessions`;
  const QUEUE = (name: string) => `arn:aws:sqs:${REGION}:${WORK}:${name}`;
  let topicKey: string;
  let withoutTrail: Delivery | undefined;
  const topicPolicy = (SourceArn = RULE) =>
    policy(
      allow("sns:Publish", TOPIC, {
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": SourceArn } },
      }),
    );
  const setTopicPolicy = (AttributeValue: string) =>
    work.sns.send(
      new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: "Policy", AttributeValue }),
    );
  const keyPolicy = (topic = TOPIC) =>
    policy(
      root(WORK),
      allow(["kms:GenerateDataKey*", "kms:Decrypt"], "*", {
        Principal: { Service: "events.amazonaws.com" },
        Condition: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topic } },
      }),
    );
  const setKeyPolicy = (Policy: string) =>
    work.kms.send(new PutKeyPolicyCommand({ KeyId: topicKey, PolicyName: "default", Policy }));
  const QUEUES = ["inbox", "others", "letters"];
  const take = (name: string) => takeMessages(work.sqs, `${emulator.endpoint}/${WORK}/${name}`);
  const start = async () => {
    emulator.registerInstance({
      accountId: WORK,
      region: REGION,
      instanceId: "i-1",
      instanceRoleName: "Web",
    });
    const operator = await clientsOf(WORK, "Operator", "alice");
    await operator.ssm.send(new StartSessionCommand({ Target: "i-1", Reason: 'ticket "7"' }));
    return emulator.deliveries[emulator.deliveries.length - 1];
  };

  const setQueuePolicy = (name: string, Policy: string) =>
    work.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: `${emulator.endpoint}/${WORK}/${name}`,
        Attributes: { Policy },
      }),
    );
  const openQueue = (name: string, topic = TOPIC) =>
    setQueuePolicy(
      name,
      policy(
        allow("sqs:SendMessage", QUEUE(name), {
          Principal: { Service: "sns.amazonaws.com" },
          Condition: { ArnEquals: { "aws:SourceArn": topic } },
        }),
      ),
    );

  const trailArn = `arn:aws:cloudtrail:${REGION}:${WORK}:trail/own`;
  /** Who may do what, as it is when nothing is broken. */
  async function mend(): Promise<void> {
    await setKeyPolicy(keyPolicy());
    await setTopicPolicy(topicPolicy());
    for (const name of ["inbox", "others"]) await openQueue(name);
    await grant("Operator", operatorGrants());
    await work.cloudtrail.send(new StartLoggingCommand({ Name: trailArn }));
  }

  beforeAll(async () => {
    topicKey = await keyOf(work);
    for (const QueueName of QUEUES) await work.sqs.send(new CreateQueueCommand({ QueueName }));
    await work.sns.send(
      new CreateTopicCommand({ Name: "activity", Attributes: { KmsMasterKeyId: topicKey } }),
    );
    const subscribe = (name: string, event: string) =>
      work.sns.send(
        new SubscribeCommand({
          TopicArn: TOPIC,
          Protocol: "sqs",
          Endpoint: QUEUE(name),
          Attributes: {
            RawMessageDelivery: "true",
            FilterPolicyScope: "MessageBody",
            FilterPolicy: JSON.stringify({ event: [event] }),
          },
        }),
      );
    await subscribe("inbox", "StartSession");
    await subscribe("others", "TerminateSession");
    await setQueuePolicy(
      "letters",
      policy(
        allow("sqs:SendMessage", QUEUE("letters"), {
          Principal: { Service: "events.amazonaws.com" },
          Condition: { ArnEquals: { "aws:SourceArn": RULE } },
        }),
      ),
    );
    const EventPattern = JSON.stringify({ source: ["aws.ssm"], detail: { eventName: ["StartSession"] } });
    await work.events.send(new PutRuleCommand({ Name: "sessions", EventPattern, State: "ENABLED" }));
    await work.events.send(
      new PutTargetsCommand({
        Rule: "sessions",
        Targets: [
          {
            Id: "topic",
            Arn: TOPIC,
            DeadLetterConfig: { Arn: QUEUE("letters") },
            InputTransformer: {
              InputPathsMap: {
                who: "$.detail.userIdentity.arn",
                event: "$.detail.eventName",
                reason: "$.detail.requestParameters.reason",
                error: "$.detail.errorCode",
              },
              InputTemplate: '{"event": <event>, "text": "<who> because of <reason><error>"}',
            },
          },
        ],
      }),
    );
    withoutTrail = await start();
    await work.s3.send(
      new CreateBucketCommand({
        Bucket: "trail-bucket",
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
    await work.cloudtrail.send(
      new CreateTrailCommand({ Name: "own", S3BucketName: "trail-bucket", IsMultiRegionTrail: true }),
    );
  });
  // Whatever the test before has broken is mended, also when that test failed.
  beforeEach(async () => {
    await mend();
    for (const name of QUEUES) await take(name);
  });
  afterAll(async () => {
    await mend();
    await work.cloudtrail.send(new StopLoggingCommand({ Name: trailArn }));
  });

  it("happens when a trail records the account", async () => {
    expect(await start()).toMatchObject({ outcome: "delivered", rule: "sessions", targetArn: TOPIC });
  });

  it("does not happen before there is a trail", () => {
    expect(withoutTrail).toMatchObject({ outcome: "not recorded" });
  });

  it("does not happen when the trail is stopped", async () => {
    await work.cloudtrail.send(new StopLoggingCommand({ Name: trailArn }));
    expect((await work.cloudtrail.send(new GetTrailStatusCommand({ Name: trailArn }))).IsLogging).toBe(false);
    expect(await start()).toMatchObject({ outcome: "not recorded" });
  });

  it("goes through topic and filter to the right queue, transformed", async () => {
    await start();
    const [message] = await take("inbox");
    const who = `arn:aws:sts::${WORK}:assumed-role/Operator/alice`;
    expect(JSON.parse(message?.Body ?? "")).toEqual({
      event: "StartSession",
      text: `${who} because of ticket "7"`,
    });
    expect(await take("others")).toEqual([]);
  });

  it("says what became of it at each subscription", async () => {
    expect((await start())?.subscriptions).toEqual([
      { protocol: "sqs", endpoint: QUEUE("inbox"), outcome: "delivered" },
      { protocol: "sqs", endpoint: QUEUE("others"), outcome: "filtered out" },
    ]);
  });

  it("does not reach a queue that does not let SNS send for this topic", async () => {
    await openQueue("inbox", `${TOPIC}-other`);
    const made = await start();
    // The topic took it: no affair of EventBridge's any more.
    expect(made).toMatchObject({ outcome: "delivered" });
    expect(made?.subscriptions?.[0]).toEqual({
      protocol: "sqs",
      endpoint: QUEUE("inbox"),
      outcome: "lost",
      reason: expect.stringContaining("sqs:SendMessage"),
    });
    expect(await take("inbox")).toEqual([]);
  });

  it("ends in the subscription's dead-letter queue, where that lets SNS", async () => {
    await work.sqs.send(new CreateQueueCommand({ QueueName: "undelivered" }));
    await openQueue("undelivered");
    const { SubscriptionArn } = await work.sns.send(
      new SubscribeCommand({
        TopicArn: TOPIC,
        Protocol: "sqs",
        Endpoint: QUEUE("nowhere"),
        Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE("undelivered") }) },
      }),
    );
    const made = await start().finally(() => work.sns.send(new UnsubscribeCommand({ SubscriptionArn })));
    expect(made?.subscriptions?.[2]).toMatchObject({ endpoint: QUEUE("nowhere"), outcome: "dead-lettered" });
    expect(await take("undelivered")).toHaveLength(1);
    expect(await take("inbox")).toHaveLength(1);
  });

  it("ends in the dead-letter queue when the topic's policy refuses", async () => {
    await setTopicPolicy(topicPolicy(`${RULE}-other`));
    expect(await start()).toMatchObject({
      outcome: "dead-lettered",
      reason: expect.stringContaining("sns:Publish"),
    });
    expect((await take("letters"))[0]?.MessageAttributes).toMatchObject({
      RULE_ARN: { StringValue: RULE },
      TARGET_ARN: { StringValue: TOPIC },
      ERROR_CODE: { StringValue: "NO_PERMISSIONS" },
      ERROR_MESSAGE: { StringValue: expect.stringContaining("sns:Publish") },
    });
  });

  it("ends in the dead-letter queue when the topic's key refuses", async () => {
    await setKeyPolicy(keyPolicy(`${TOPIC}-other`));
    expect(await start()).toMatchObject({
      outcome: "dead-lettered",
      reason: expect.stringContaining("kms:GenerateDataKey"),
    });
  });

  it("tells of denied sessions too", async () => {
    await grant("Operator", without(operatorGrants(), "start"));
    await expect(start()).rejects.toThrow("is not authorized to perform: ssm:StartSession");
    const last = emulator.deliveries[emulator.deliveries.length - 1];
    expect(last?.message).toContain("AccessDenied");
  });
});

describe("the gateway", () => {
  it("refuses a session on a node that is not connected", async () => {
    await expect(work.ssm.send(new StartSessionCommand({ Target: "i-unknown" }))).rejects.toMatchObject({
      name: "TargetNotConnected",
    });
  });

  it("lets nobody end the session of a namesake in another role", async () => {
    await work.iam.send(
      new CreateRoleCommand({
        RoleName: "Namesake",
        AssumeRolePolicyDocument: policy(allow("sts:AssumeRole", "*")),
      }),
    );
    await grant("Namesake", operatorGrants());
    emulator.registerInstance({
      accountId: WORK,
      region: REGION,
      instanceId: "i-2",
      instanceRoleName: "Web",
    });
    const alice = await clientsOf(WORK, "Operator", "alice");
    const { SessionId } = await alice.ssm.send(new StartSessionCommand({ Target: "i-2" }));
    const terminate = new TerminateSessionCommand({ SessionId });
    const namesake = await clientsOf(WORK, "Namesake", "alice");
    await expect(namesake.ssm.send(terminate)).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(alice.ssm.send(terminate)).resolves.toMatchObject({ SessionId });
  });

  it("pages through sessions", async () => {
    for (let number = 0; number < 3; number++) await session();
    const first = await work.ssm.send(new DescribeSessionsCommand({ State: "History", MaxResults: 2 }));
    const second = await work.ssm.send(
      new DescribeSessionsCommand({ State: "History", MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(first.Sessions).toHaveLength(2);
    expect(second.Sessions?.[0]?.SessionId).not.toBe(first.Sessions?.[1]?.SessionId);
  });

  it("keeps sessions apart by account and region", async () => {
    const { Sessions } = await archive.ssm.send(new DescribeSessionsCommand({ State: "History" }));
    expect(Sessions).toEqual([]);
  });

  it("keeps service settings, by id or ARN", async () => {
    const id = "/ssm/documents/console/public-sharing-permission";
    const arn = `arn:aws:ssm:${REGION}:${WORK}:servicesetting${id}`;
    const get = async () =>
      (await work.ssm.send(new GetServiceSettingCommand({ SettingId: id }))).ServiceSetting;
    expect(await get()).toMatchObject({ ARN: arn, Status: "Default", SettingValue: "Enable" });
    await work.ssm.send(new UpdateServiceSettingCommand({ SettingId: arn, SettingValue: "Disable" }));
    expect(await get()).toMatchObject({ Status: "Customized", SettingValue: "Disable" });
    await work.ssm.send(new ResetServiceSettingCommand({ SettingId: id }));
    expect(await get()).toMatchObject({ Status: "Default" });
  });

  it("gives the class of a log group back", async () => {
    const classOf = async (logGroupNamePrefix: string) => {
      const { logGroups } = await work.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
      return logGroups?.[0]?.logGroupClass;
    };
    await work.logs.send(
      new CreateLogGroupCommand({ logGroupName: "/rare", logGroupClass: "INFREQUENT_ACCESS" }),
    );
    expect(await classOf("/rare")).toBe("INFREQUENT_ACCESS");
    expect(await classOf(GROUP)).toBe("STANDARD");
  });

  it("gives the rotation period of a key back", async () => {
    const period = async () =>
      (await work.kms.send(new GetKeyRotationStatusCommand({ KeyId: sessionKey }))).RotationPeriodInDays;
    expect(await period()).toBeUndefined();
    await work.kms.send(
      new EnableKeyRotationCommand({ KeyId: sessionKey.split("/")[1], RotationPeriodInDays: 90 }),
    );
    expect(await period()).toBe(90);
  });

  it("answers a call that moto lacks with an error that names it, and that no SDK tries again", async () => {
    const call = work.ssm.send(new CreateOpsItemCommand({ Description: "x", Source: "x", Title: "x" }));
    await expect(call).rejects.toMatchObject({
      name: "UnsupportedOperation",
      message: expect.stringContaining("ssm:CreateOpsItem"),
      $metadata: { attempts: 1 },
    });
  });

  it("passes an error of S3 through", async () => {
    await expect(work.s3.send(new ListObjectsV2Command({ Bucket: "no-such-bucket" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});

describe("management calls", () => {
  it("reach the rules when they are recorded", async () => {
    const own = await startEmulator({
      moto,
      organizationTrail: true,
      recordManagementCalls: true,
      organization: { id: ORG },
    });
    try {
      const clients = new Clients({
        endpoint: own.endpoint,
        region: REGION,
        maxAttempts: 2,
        credentials: await own.credentials(WORK, "Intruder"),
      });
      const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: "alarms" }));
      await clients.sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl,
          Attributes: {
            Policy: policy(allow("sqs:SendMessage", "*", { Principal: { Service: "events.amazonaws.com" } })),
          },
        }),
      );
      const EventPattern = JSON.stringify({
        source: ["aws.ssm", "aws.s3"],
        detail: { eventName: ["DeleteDocument", "DeleteBucketPolicy"] },
      });
      await clients.events.send(new PutRuleCommand({ Name: "tamper", EventPattern }));
      await clients.events.send(
        new PutTargetsCommand({
          Rule: "tamper",
          Targets: [{ Id: "queue", Arn: `arn:aws:sqs:${REGION}:${WORK}:alarms` }],
        }),
      );
      const content = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{}}';
      await clients.ssm.send(
        new CreateDocumentCommand({ Name: "Preferences", DocumentType: "Session", Content: content }),
      );
      await clients.ssm.send(new DeleteDocumentCommand({ Name: "Preferences" }));
      await own.settled();
      const seen = own.deliveries.filter(({ rule }) => rule === "tamper");
      expect(seen).toMatchObject([{ eventName: "DeleteDocument", outcome: "delivered" }]);
      const [message] = await takeMessages(clients.sqs, QueueUrl!);
      expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
        source: "aws.ssm",
        detail: {
          requestParameters: { name: "Preferences" },
          userIdentity: { sessionContext: { sessionIssuer: { userName: "Intruder" } } },
        },
      });
    } finally {
      await own.stop();
    }
  });
});

describe("stop", () => {
  it("leaves no process and no port behind, also when called twice", async () => {
    const own = await startEmulator({
      moto,
      organizationTrail: true,
    });
    await own.stop();
    await own.stop();
    await expect(fetch(own.endpoint)).rejects.toThrow();
    expect(() => process.kill(-own.motoPid, 0)).toThrow("ESRCH");
  });

  it("says what went wrong when moto does not start", async () => {
    const start = startEmulator({
      moto: { command: moto.command, args: ["-c", "import sys; sys.exit('no moto here')"] },
      organizationTrail: true,
    });
    await expect(start).rejects.toThrow(/exit code 1.*no moto here/s);
  });
});

describe("moto", () => {
  it.each(["SIGINT", "SIGKILL"] as const)(
    "ends when the process that started it ends by %s",
    async (signal) => {
      const script = `
      void require(${JSON.stringify(join(__dirname, "../../emulator"))})
        .startEmulator({ moto: ${JSON.stringify(moto)}, organizationTrail: true })
        .then((emulator) => console.log(emulator.motoPid));`;
      const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], {
        stdio: ["ignore", "pipe", "ignore"],
        cwd: ROOT,
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => void (output += text));
      try {
        await until(() => output.endsWith("\n"), { what: "process id of moto" });
        child.kill(signal);
        await until(() => !isAlive(Number(output)), { what: `end of moto, process ${output}` });
      } finally {
        child.kill("SIGKILL");
      }
    },
  );
});
