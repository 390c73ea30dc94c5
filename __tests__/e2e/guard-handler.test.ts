import { randomUUID } from "node:crypto";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateDocumentCommand, SSMClient, StartSessionCommand } from "@aws-sdk/client-ssm";
import { createInstanceRole, listen, type Listener } from "../../demo/people";
import type { GuardConfiguration } from "../../guard/configuration";
import { guardCode } from "../../stacks/guard/guard-code";
import { guardConfiguration } from "../../stacks/guard/guard-configuration";
import { arns, channelNames, guardNames, names, placeOf } from "../../stacks/names";
import { transcriptBucketPolicy } from "../../stacks/policies/bucket-policy";
import {
  guardTrust,
  guardDutiesOf,
  guardPolicy,
  guardRoleOf,
  guardTablePolicy,
} from "../../stacks/policies/guard-policy";
import { membersOf } from "../../stacks/policies/principals";
import type { Policy } from "../../stacks/policies/policy";
import { startEmbedded, type Embedded } from "../helpers/embedded";
import { ARCHIVE, at, EU, MEMBER, organizationOf, targetIn, without } from "../stacks/policies/helpers";

jest.setTimeout(5 * 60_000);

/**
 * Runs the guard's bundled code under its own policy, with the archive bucket in another account, and hands it events
 * of the form in which EventBridge delivers them.
 */
const organization = organizationOf({
  guard: { enabled: true, allowedDocuments: ["AWS-StartPortForwardingSession"] },
});
const target = targetIn(organization, "sandbox", EU);
const duties = guardDutiesOf(organization, target)!;
const place = placeOf(organization, target);
const own = guardNames(place);
const site = organization.archives.find(({ region }) => region === EU)!;
const BUCKET = names.transcriptBucket(at(ARCHIVE));
const PREFIX = `sessions/${MEMBER}/${EU}`;
const GROUP = names.logGroup(place);
const bucketPolicy = transcriptBucketPolicy(at(ARCHIVE), {
  bucket: BUCKET,
  prefix: "sessions",
  members: membersOf(organization),
  readers: [],
  guardRole: guardRoleOf(organization, site),
  keyArn: null,
  replication: null,
  protect: true,
});

let embedded: Embedded;
let security: Listener;
let clients: { dynamo: DynamoDBClient; iam: IAMClient; logs: CloudWatchLogsClient; archive: S3Client };

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true, organizationId: organization.id! });
  const config = async (account: string, region = EU) => ({
    endpoint: embedded.emulator.endpoint,
    region,
    credentials: await embedded.emulator.credentials(account),
  });
  const member = await config(MEMBER);
  clients = {
    dynamo: new DynamoDBClient(member),
    iam: new IAMClient({ ...member, region: "us-east-1" }),
    logs: new CloudWatchLogsClient(member),
    archive: new S3Client({ ...(await config(ARCHIVE)), forcePathStyle: true }),
  };
  await clients.iam.send(
    new CreateRoleCommand({
      RoleName: own.role,
      AssumeRolePolicyDocument: JSON.stringify(guardTrust(place)),
    }),
  );
  await allow(guardPolicy(duties));
  const core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  await createInstanceRole(embedded.emulator, { id: MEMBER, partition: "aws" }, "server", [core]);
  await clients.dynamo.send(
    new CreateTableCommand({
      TableName: own.table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await protect(guardTablePolicy(place));
  for (const logGroupName of [GROUP, own.logGroup]) {
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
  }
  await clients.archive.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: EU } }),
  );
  await admit(bucketPolicy);
  const { topic } = channelNames({ kind: "target", place });
  await new SNSClient(member).send(new CreateTopicCommand({ Name: topic }));
  security = await listen(embedded.emulator, place, { topic, queue: "security-listener" });
  await new SSMClient(member).send(
    new CreateDocumentCommand({
      Name: "SSM-SessionManagerRunShell",
      DocumentType: "Session",
      DocumentFormat: "JSON",
      Content: JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs: {} }),
    }),
  );
  await new LambdaClient(member).send(
    new CreateFunctionCommand({
      FunctionName: own.function,
      Role: arns.role(place.account, own.role),
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 100,
      Code: { ZipFile: guardCode().zip },
      Environment: { Variables: { GUARD: JSON.stringify(configuration) } },
      LoggingConfig: { LogFormat: "JSON", LogGroup: own.logGroup },
    }),
  );
});
afterAll(() => embedded?.stop());

const configuration: GuardConfiguration = guardConfiguration(organization, target, duties);

const allow = (policy: Policy) =>
  clients.iam.send(
    new PutRolePolicyCommand({
      RoleName: own.role,
      PolicyName: "guard",
      PolicyDocument: JSON.stringify(policy),
    }),
  );
const admit = (policy: Policy) =>
  clients.archive.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify(policy) }));

/** Puts a policy on the guard's table. */
const protect = (policy: Policy) =>
  clients.dynamo.send(
    new PutResourcePolicyCommand({
      ResourceArn: arns.table(place, own.table),
      Policy: JSON.stringify(policy),
    }),
  );

const HERE = { account: MEMBER, region: EU };
const SCHEDULED = { ...HERE, source: "aws.events", "detail-type": "Scheduled Event", detail: {} };
const invoke = (event: unknown) => embedded.emulator.invokeFunction(MEMBER, EU, own.function, event);
const look = () => invoke(SCHEDULED);
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

/** The event of a `StartSession` call, as EventBridge delivers it. It is that of a failed call if there is no session id. */
const started = (sessionId: string | undefined, documentName = "AWS-StartInteractiveCommand") => ({
  ...HERE,
  source: "aws.ssm",
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventName: "StartSession",
    eventID: "0f0f0f0f-1111-2222-3333-444444444444",
    eventTime: "2026-11-24T12:00:00Z",
    userIdentity: { arn: `arn:aws:sts::${MEMBER}:assumed-role/engineer/dave` },
    sourceIPAddress: "203.0.113.10",
    requestParameters: { target: "i-0123456789abcdef0", documentName },
    responseElements: sessionId === undefined ? null : { sessionId },
    ...(sessionId === undefined && { errorCode: "TargetNotConnected" }),
  },
});

const session = (more: { documentName?: string; startDate?: Date; endDate?: Date } = {}) =>
  embedded.emulator.runSession({
    accountId: MEMBER,
    region: EU,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "server",
    operatorRoleName: "engineer",
    operatorSessionName: "dave",
    commands: ["id"],
    startDate: hoursAgo(3),
    endDate: hoursAgo(2),
    ...more,
  });

/** Runs a session with the preferences, and writes the given records of it. Returns the session's id. */
async function recorded(
  ...there: ("transcript" | "empty transcript" | "stream" | "empty stream")[]
): Promise<string> {
  const { sessionId } = await session();
  if (there.includes("transcript") || there.includes("empty transcript")) {
    const Key = `${PREFIX}/${sessionId}.log`;
    const Body = Buffer.from(there.includes("transcript") ? "sh-5.2$ id" : "");
    await clients.archive.send(
      new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentLength: Body.length }),
    );
  }
  if (there.includes("stream") || there.includes("empty stream")) {
    const stream = { logGroupName: GROUP, logStreamName: sessionId };
    await clients.logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [{ timestamp: Date.now(), message: "sh-5.2$ id" }];
    if (there.includes("stream")) await clients.logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }
  return sessionId;
}

const reports = async () =>
  (await security.receive()).map(({ action, session: id }) => `${action} ${id}`).sort();
const progress = async () =>
  (await clients.dynamo.send(new GetItemCommand({ TableName: own.table, Key: { id: { S: "progress" } } })))
    .Item;

/** Notes progress in the guard's table, as a run of the guard would have done that many hours ago. */
const hasLookedUntil = (hours: number, unsound: Record<string, AttributeValue> = {}) =>
  clients.dynamo.send(
    new PutItemCommand({
      TableName: own.table,
      Item: {
        id: { S: "progress" },
        checkedUntil: { S: hoursAgo(hours).toISOString() },
        since: { S: hoursAgo(100).toISOString() },
        destinations: { S: JSON.stringify([BUCKET, PREFIX, GROUP]) },
        ...unsound,
      },
    }),
  );

describe("when a session starts, the guard", () => {
  it("does nothing if the call failed", async () => {
    expect(await invoke(started(undefined))).not.toHaveProperty("error");
    expect(await reports()).toEqual([]);
  });

  it("does not act on an event that another account forwarded", async () => {
    const { sessionId } = await session({ documentName: "AWS-StartInteractiveCommand" });
    expect(await invoke({ ...started(sessionId), account: ARCHIVE })).not.toHaveProperty("error");
    expect(await reports()).toEqual([]);
    expect(embedded.emulator.functionRuns.at(-1)!.lines.join()).toContain(`account is \\"${ARCHIVE}\\"`);
  });

  it("does nothing if the document is allowed", async () => {
    const { sessionId } = await session({ documentName: "AWS-StartPortForwardingSession" });
    expect(await invoke(started(sessionId, "AWS-StartPortForwardingSession"))).not.toHaveProperty("error");
    expect(await reports()).toEqual([]);
  });

  it("publishes one report if the event arrives several times, at once and later", async () => {
    const { sessionId } = await session({ documentName: "AWS-StartInteractiveCommand" });
    const runs = await Promise.all([1, 2, 3].map(() => invoke(started(sessionId))));
    expect((await invoke(started(sessionId))).error).toBeUndefined();
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await reports()).toEqual([`SessionEnded ${sessionId}`]);
  });

  it("reports a session that AWS no longer knows", async () => {
    expect((await invoke(started("dave-00000000000000000"))).error).toBeUndefined();
    expect(await reports()).toEqual(["SessionEnded dave-00000000000000000"]);
  });

  it("waits while another run may be publishing the report, and publishes it when that run's claim lapses", async () => {
    const claim = (id: string, leaseUntil: number) =>
      clients.dynamo.send(
        new PutItemCommand({
          TableName: own.table,
          Item: {
            id: { S: `SessionEnded/${id}` },
            told: { BOOL: false },
            owner: { S: "dead" },
            leaseUntil: { N: String(Math.floor(Date.now() / 1000) + leaseUntil) },
          },
        }),
      );
    await claim("dave-lapsed", -1);
    await claim("dave-alive", 5);
    const began = Date.now();
    await invoke(started("dave-lapsed"));
    await invoke(started("dave-alive"));
    expect(Date.now() - began).toBeGreaterThan(5_000);
    expect(await reports()).toEqual(["SessionEnded dave-alive", "SessionEnded dave-lapsed"]);
  });

  it("fails if it may not publish the report, and publishes it on the retry", async () => {
    await allow(without(guardPolicy(duties), "TellSecurityChannel"));
    expect((await invoke(started("dave-untold"))).error).toMatch(/sns:Publish/);
    expect(await reports()).toEqual([]);
    await allow(guardPolicy(duties));
    expect((await invoke(started("dave-untold"))).error).toBeUndefined();
    expect(await reports()).toEqual(["SessionEnded dave-untold"]);
  });
});

describe("on schedule, the guard", () => {
  it("checks only sessions that start after its first run", async () => {
    await recorded();
    expect((await look()).error).toBeUndefined();
    expect(await reports()).toEqual(["CheckBegan "]);
    expect(await progress()).toMatchObject({ destinations: { S: JSON.stringify([BUCKET, PREFIX, GROUP]) } });
    // Reports the sessions of the tests above now, so that each test below starts without an open report.
    await hasLookedUntil(4);
    await look();
    await reports();
  });

  it.each`
    there                             | missing
    ${["transcript", "stream"]}       | ${null}
    ${["stream"]}                     | ${/^There is no s3:\/\//}
    ${["transcript"]}                 | ${/^There is no stream/}
    ${[]}                             | ${/^There is no s3:.*There is no stream/}
    ${["empty transcript", "stream"]} | ${/^s3:\/\/.* is empty$/}
    ${["transcript", "empty stream"]} | ${/^There is no event in the stream/}
  `("reports a session that left $there with the explanation $missing", async ({ there, missing }) => {
    await hasLookedUntil(4);
    const sessionId = await recorded(...(there as []));
    expect((await look()).error).toBeUndefined();
    expect((await look()).error).toBeUndefined();
    const told = await security.receive();
    expect(told.map(({ session: id }) => id)).toEqual(missing === null ? [] : [sessionId]);
    if (missing !== null) expect(told[0]!["explanation"]).toMatch(missing as RegExp);
  });

  it("reports nothing during the grace period", async () => {
    await hasLookedUntil(4);
    await session({ endDate: hoursAgo(0.25) });
    expect((await look()).error).toBeUndefined();
    expect(await reports()).toEqual([]);
  });

  it("catches up with days without a run, and publishes one report from overlapping runs", async () => {
    await hasLookedUntil(80);
    const old = (await session({ startDate: hoursAgo(72), endDate: hoursAgo(70) })).sessionId;
    const runs = await Promise.all([look(), look(), look()]);
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await reports()).toEqual([`TranscriptMissing ${old}`]);
  });

  it("fails without progress if it may not list the bucket, and reports the session on the next run", async () => {
    await hasLookedUntil(4);
    const before = await progress();
    const sessionId = await recorded("stream");
    await admit(without(bucketPolicy, "GuardsFindTheirOwnTranscripts"));
    expect((await look()).error).toMatch(/s3:ListBucket/);
    expect(await reports()).toEqual([]);
    expect(await progress()).toEqual(before);
    await admit(bucketPolicy);
    expect((await look()).error).toBeUndefined();
    expect(await reports()).toEqual([`TranscriptMissing ${sessionId}`]);
  });

  it("fails without progress if it may not publish a report, and publishes it on the next run", async () => {
    await hasLookedUntil(4);
    const before = await progress();
    const sessionId = await recorded("transcript");
    await allow(without(guardPolicy(duties), "TellSecurityChannel"));
    expect((await look()).error).toMatch(/sns:Publish/);
    expect(await progress()).toEqual(before);
    await allow(guardPolicy(duties));
    await look();
    expect(await reports()).toEqual([`TranscriptMissing ${sessionId}`]);
    expect(await progress()).not.toEqual(before);
  });

  it("retries throttled calls", async () => {
    await hasLookedUntil(4);
    const sessionId = await recorded("stream");
    const throttled = { code: "ThrottlingException", times: 3 };
    embedded.emulator.failNext({ service: "ssm", operation: "DescribeSessions", ...throttled });
    embedded.emulator.failNext({ service: "logs", operation: "DescribeLogStreams", ...throttled });
    expect((await look()).error).toBeUndefined();
    expect(await reports()).toEqual([`TranscriptMissing ${sessionId}`]);
  });

  it("expects no record of a session with another document", async () => {
    await hasLookedUntil(4);
    await session({ documentName: "AWS-StartPortForwardingSession" });
    expect((await look()).error).toBeUndefined();
    expect(await reports()).toEqual([]);
  });

  it("ends a running session of which no event came, and does not report it again when the event arrives", async () => {
    const ssm = new SSMClient({
      endpoint: embedded.emulator.endpoint,
      region: EU,
      credentials: await embedded.emulator.credentials(MEMBER, "engineer", "dave"),
    });
    const { SessionId } = await ssm.send(
      new StartSessionCommand({ Target: "i-0123456789abcdef0", DocumentName: "AWS-StartInteractiveCommand" }),
    );
    expect((await look()).error).toBeUndefined();
    await invoke(started(SessionId));
    expect(await reports()).toEqual([`SessionEnded ${SessionId}`]);
  });
});

describe("items that somebody else wrote into the guard's table", () => {
  const future = { S: "2100-01-01T00:00:00.000Z" };

  it.each<[string, Record<string, AttributeValue>, RegExp]>([
    ["checkedUntil in the future", { checkedUntil: future }, /checkedUntil is 2100-01-01T00:00:00.000Z/],
    ["checkedUntil that is no time", { checkedUntil: { S: "never" } }, /checkedUntil is not a time/],
    ["checkedUntil of another type", { checkedUntil: { N: "1" } }, /checkedUntil is not text/],
    ["since in the future", { since: future }, /since is 2100-01-01T00:00:00.000Z/],
  ])("%s is reported once, and hides no session", async (_what, unsound, fault) => {
    const sessionId = await recorded("stream");
    await hasLookedUntil(4, unsound);
    expect((await look()).error).toMatch(fault);
    expect((await look()).error).toBeUndefined();
    const told = await security.receive();
    expect(told.filter(({ action }) => action === "ProgressRefused")).toHaveLength(1);
    expect(told.filter(({ session: id }) => id === sessionId)).toMatchObject([
      { action: "TranscriptMissing" },
    ]);
  });

  it.each<[string, Record<string, AttributeValue>]>([
    ["without a lease", { told: { BOOL: false } }],
    ["with a lease of years", { told: { BOOL: false }, leaseUntil: { N: "4102444800" } }],
    ["with a lease of another type", { told: { BOOL: false }, leaseUntil: { S: "never" } }],
    ["whose mark is text", { told: { S: "true" } }],
    ["without a mark", {}],
  ])("a claim %s keeps no report from going out", async (_what, item) => {
    const sessionId = `dave-${randomUUID()}`;
    const Item = { id: { S: `SessionEnded/${sessionId}` }, ...item };
    await clients.dynamo.send(new PutItemCommand({ TableName: own.table, Item }));
    const { error, lines } = await invoke(started(sessionId));
    expect(error).toBeUndefined();
    expect(lines.join("\n")).toContain("ReportItemRefused");
    expect((await security.receive()).map(({ session: id }) => id)).toContain(sessionId);
  });
});

it("a role that is not the guard's writes nothing into the guard's table, whatever its own policy allows", async () => {
  const [only] = guardTablePolicy(place).Statement;
  const ofAnother = { ArnNotEquals: { "aws:PrincipalArn": arns.role(place.account, "another") } };
  try {
    await protect({ ...guardTablePolicy(place), Statement: [{ ...only!, Condition: ofAnother }] });
    expect((await invoke(started(`dave-${randomUUID()}`))).error).toMatch(
      /dynamodb:PutItem.*OnlyTheGuardWrites/,
    );
  } finally {
    await protect(guardTablePolicy(place));
  }
});

it("a session with another document that ended unseen is reported once, also if its event arrives later", async () => {
  await hasLookedUntil(4);
  const { sessionId } = await session({ documentName: "AWS-StartInteractiveCommand" });
  expect((await look()).error).toBeUndefined();
  await invoke(started(sessionId));
  const told = await security.receive();
  expect(told.filter(({ session: id }) => id === sessionId)).toMatchObject([{ action: "SessionNotAllowed" }]);
});

it("the guard logs what it does, and no content of a session", async () => {
  const lines = embedded.emulator.functionRuns.flatMap((run) => run.lines);
  const events = new Set(
    lines.map((line) => (JSON.parse(line) as { message: { event?: string } }).message.event),
  );
  expect([...events]).toEqual(expect.arrayContaining(["SessionEnded", "TranscriptMissing", "CheckDone"]));
  expect(lines.join("\n")).not.toContain("sh-5.2$");
});
