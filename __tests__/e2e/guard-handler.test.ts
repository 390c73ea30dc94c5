import { randomUUID } from "node:crypto";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  DeleteItemCommand,
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
import { organizationOf } from "../../demo/deployment";
import { createInstanceRole, listen, type Listener } from "../../demo/people";
import { inEnvironment, type GuardConfiguration } from "../../guard/configuration";
import { ReportBook } from "../../guard/report-book";
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
import { ARCHIVE, at, EU, MEMBER, exampleOrganization, targetIn, without } from "../stacks/policies/helpers";

// The guard's bundle runs with the guard's policy, and the archive's bucket is in another account.
const organization = exampleOrganization({
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
  embedded = await startEmbedded({ organizationTrail: true, organization: organizationOf(organization) });
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
      Environment: { Variables: { GUARD: JSON.stringify(inEnvironment(configuration)) } },
      LoggingConfig: { LogFormat: "JSON", LogGroup: own.logGroup },
    }),
  );
});
afterAll(() => embedded?.stop());

// Restores the policies that the previous test may have changed, also when that test failed.
beforeEach(async () => {
  await allow(guardPolicy(duties));
  await admit(bucketPolicy);
  await security.receive();
});

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

/** The event of a `StartSession` call, as EventBridge delivers it. Without a session id, the call has failed. */
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

/** The reports of one session, without those of sessions that other tests have left. */
const reportsOf = async (sessionId: string | undefined) =>
  (await security.receive()).filter(({ session: id }) => id === sessionId);
const actionsOf = async (sessionId: string | undefined) =>
  (await reportsOf(sessionId)).map(({ action }) => action);

const PROGRESS = { TableName: own.table, Key: { id: { S: "progress" } } };
const progress = async () => (await clients.dynamo.send(new GetItemCommand(PROGRESS))).Item;

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
    const { lines, ...run } = await invoke(started(undefined));
    expect(run).not.toHaveProperty("error");
    expect(eventsIn(lines)).toEqual(["NoSession"]);
    expect(await security.receive()).toEqual([]);
  });

  it("does not act on an event that another account forwarded", async () => {
    const { sessionId } = await session({ documentName: "AWS-StartInteractiveCommand" });
    const { lines, ...run } = await invoke({ ...started(sessionId), account: ARCHIVE });
    expect(run).not.toHaveProperty("error");
    expect(eventsIn(lines)).toEqual(["EventRefused"]);
    expect(await actionsOf(sessionId)).toEqual([]);
  });

  it("does nothing if the document is allowed", async () => {
    const { sessionId } = await session({ documentName: "AWS-StartPortForwardingSession" });
    expect(await invoke(started(sessionId, "AWS-StartPortForwardingSession"))).not.toHaveProperty("error");
    expect(await actionsOf(sessionId)).toEqual([]);
  });

  it("publishes one report if the event arrives several times, at once and later", async () => {
    const { sessionId } = await session({ documentName: "AWS-StartInteractiveCommand" });
    const runs = await Promise.all([1, 2, 3].map(() => invoke(started(sessionId))));
    expect((await invoke(started(sessionId))).error).toBeUndefined();
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await actionsOf(sessionId)).toEqual(["SessionEnded"]);
  });

  it("reports a session that AWS no longer knows", async () => {
    expect((await invoke(started("dave-00000000000000000"))).error).toBeUndefined();
    expect(await actionsOf("dave-00000000000000000")).toEqual(["SessionEnded"]);
  });

  it("publishes the report if the run that claimed it has died", async () => {
    await claim("SessionEnded/dave-lapsed", new Date(Date.now() - 1_000));
    expect((await invoke(started("dave-lapsed"))).error).toBeUndefined();
    expect(await actionsOf("dave-lapsed")).toEqual(["SessionEnded"]);
  });

  it("fails if it may not publish the report, and publishes it on the retry", async () => {
    await allow(without(guardPolicy(duties), "TellSecurityChannel"));
    expect((await invoke(started("dave-untold"))).error).toMatch(/sns:Publish/);
    expect(await actionsOf("dave-untold")).toEqual([]);
    await allow(guardPolicy(duties));
    expect((await invoke(started("dave-untold"))).error).toBeUndefined();
    expect(await actionsOf("dave-untold")).toEqual(["SessionEnded"]);
  });
});

/** Writes the claim of a run that has not published its report yet. The run is dead if the claim has lapsed. */
const claim = (id: string, leaseUntil: Date) =>
  clients.dynamo.send(
    new PutItemCommand({
      TableName: own.table,
      Item: {
        id: { S: id },
        told: { BOOL: false },
        owner: { S: "dead" },
        leaseUntil: { N: String(Math.floor(leaseUntil.getTime() / 1000)) },
      },
    }),
  );

describe("the report book, with a clock that advances only while the book waits", () => {
  const START = new Date("2026-11-24T12:00:00Z");
  const LEASE_UNTIL = new Date("2026-11-24T12:00:05Z");
  let now: Date;
  beforeEach(() => (now = START));

  /** Publishes a report through the book. @returns the times at which it was published: none or one */
  async function publishedAt(
    id: string,
    whileItWaits: () => Promise<unknown> = async () => {},
  ): Promise<Date[]> {
    const times: Date[] = [];
    const wait = async (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds);
      await whileItWaits();
    };
    const book = new ReportBook(clients.dynamo, own.table, "later", () => now, wait);
    await book.once(id, async () => times.push(now));
    return times;
  }

  it("waits until another run's claim of the report has lapsed, and then publishes the report", async () => {
    await claim("alive", LEASE_UNTIL);
    const [time, ...more] = await publishedAt("alive");
    expect(time!.getTime()).toBeGreaterThan(LEASE_UNTIL.getTime());
    expect(more).toEqual([]);
  });

  it("does not wait for a claim that has lapsed", async () => {
    await claim("dead", new Date(START.getTime() - 1_000));
    expect(await publishedAt("dead")).toEqual([START]);
  });

  it("does not publish a report that the other run has published in the meantime", async () => {
    await claim("publishing", LEASE_UNTIL);
    const otherRunPublishes = () =>
      clients.dynamo.send(
        new PutItemCommand({
          TableName: own.table,
          Item: { id: { S: "publishing" }, told: { BOOL: true }, owner: { S: "dead" } },
        }),
      );
    expect(await publishedAt("publishing", otherRunPublishes)).toEqual([]);
  });
});

describe("on schedule, the guard", () => {
  it("checks only sessions that start after its first run", async () => {
    await clients.dynamo.send(new DeleteItemCommand(PROGRESS));
    const sessionId = await recorded();
    expect((await look()).error).toBeUndefined();
    const told = await security.receive();
    expect(told.map(({ action }) => action)).toContain("CheckBegan");
    expect(told.filter(({ session: id }) => id === sessionId)).toEqual([]);
    expect(await progress()).toMatchObject({ destinations: { S: JSON.stringify([BUCKET, PREFIX, GROUP]) } });
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
    const told = await reportsOf(sessionId);
    expect(told.map(({ action }) => action)).toEqual(missing === null ? [] : ["TranscriptMissing"]);
    if (missing !== null) expect(told[0]!["explanation"]).toMatch(missing as RegExp);
  });

  it("reports nothing during the grace period", async () => {
    await hasLookedUntil(4);
    const { sessionId } = await session({ endDate: new Date() });
    expect((await look()).error).toBeUndefined();
    expect(await actionsOf(sessionId)).toEqual([]);
  });

  it("catches up with days without a run, and publishes one report from overlapping runs", async () => {
    await hasLookedUntil(80);
    const { sessionId } = await session({ startDate: hoursAgo(72), endDate: hoursAgo(70) });
    const runs = await Promise.all([look(), look(), look()]);
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await actionsOf(sessionId)).toEqual(["TranscriptMissing"]);
  });

  it("fails without progress if it may not list the bucket, and reports the session on the next run", async () => {
    await hasLookedUntil(4);
    const before = await progress();
    const sessionId = await recorded("stream");
    await admit(without(bucketPolicy, "GuardsFindTheirOwnTranscripts"));
    expect((await look()).error).toMatch(/s3:ListBucket/);
    expect(await actionsOf(sessionId)).toEqual([]);
    expect(await progress()).toEqual(before);
    await admit(bucketPolicy);
    expect((await look()).error).toBeUndefined();
    expect(await actionsOf(sessionId)).toEqual(["TranscriptMissing"]);
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
    expect(await actionsOf(sessionId)).toEqual(["TranscriptMissing"]);
    expect(await progress()).not.toEqual(before);
  });

  it("retries throttled calls", async () => {
    await hasLookedUntil(4);
    const sessionId = await recorded("stream");
    const throttled = { code: "ThrottlingException", times: 3 };
    const calls = [
      { service: "ssm", operation: "DescribeSessions" },
      { service: "logs", operation: "DescribeLogStreams" },
    ];
    try {
      for (const call of calls) embedded.emulator.failNext({ ...call, ...throttled });
      expect((await look()).error).toBeUndefined();
    } finally {
      for (const call of calls) embedded.emulator.failNext({ ...call, ...throttled, times: 0 });
    }
    expect(await actionsOf(sessionId)).toEqual(["TranscriptMissing"]);
  });

  it("expects no record of a session with another document", async () => {
    await hasLookedUntil(4);
    const { sessionId } = await session({ documentName: "AWS-StartPortForwardingSession" });
    expect((await look()).error).toBeUndefined();
    expect(await actionsOf(sessionId)).toEqual([]);
  });

  it("ends a running session whose event has not arrived, and does not report it again when the event arrives", async () => {
    const ssm = new SSMClient({
      endpoint: embedded.emulator.endpoint,
      region: EU,
      credentials: await embedded.emulator.credentials(MEMBER, "engineer", "dave"),
    });
    const { SessionId } = await ssm.send(
      new StartSessionCommand({ Target: "i-0123456789abcdef0", DocumentName: "AWS-StartInteractiveCommand" }),
    );
    await hasLookedUntil(4);
    expect((await look()).error).toBeUndefined();
    await invoke(started(SessionId));
    expect(await actionsOf(SessionId)).toEqual(["SessionEnded"]);
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

/** The events that a run has logged, in order. */
const eventsIn = (lines: readonly string[]) =>
  lines.map((line) => (JSON.parse(line) as { message: { event?: string } }).message.event);

it("the guard logs what it does, and no content of a session", async () => {
  await hasLookedUntil(4);
  await recorded("transcript");
  const runs = [await invoke(started("dave-logged")), await look()];
  const lines = runs.flatMap((run) => run.lines);
  expect(eventsIn(lines)).toEqual(expect.arrayContaining(["SessionEnded", "TranscriptMissing", "CheckDone"]));
  expect(lines.join("\n")).not.toContain("sh-5.2$");
});
