import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SSMClient, StartSessionCommand, TerminateSessionCommand } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import type { Deployment } from "../../demo/deployment";
import { clientConfig, createInstanceRoles, createPerson } from "../../demo/people";
import type { Coverage, ReportLine, ReportSummary, SessionRow } from "../../report/model";
import { names, placeOf } from "../../stacks/names";
import type { ProgramOutcome } from "../helpers/run-program";
import { runReport } from "../helpers/run-report";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

/**
 * Sessions of each kind on a deployed account, and an account whose role is denied. The sessions run once, before the tests;
 * the tests check what the report says of them.
 */
const MAP = join(ROOT, "__tests__", "fixtures", "reported.yaml");
const ACCOUNT = "777777777777";
const LOCKED = "888888888888";
const REGION = "eu-west-1";
const INSTANCE = "i-0fedcba9876543210";
const WINDOWS = "i-0aaaabbbbccccdddd";
/** The role that makes the reports, and the role of the map's reporters that takes it. */
const REPORT_ROLE = "session-audit-reported-report";
const SECURITY = "999999999999";
const PORT = "AWS-StartPortForwardingSessionToRemoteHost";

let embedded: Embedded;
/** Path of the map, with reporters. */
let map: string;
let deployment: Deployment;
/** Session ids by the kind of the session. */
const ids: Record<string, string> = {};
let json: ProgramOutcome;
let lines: readonly ReportLine[];

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** Runs `session-audit report` with the credentials of a role. */
const reportAs = async (roleName: string, ...argv: string[]): Promise<ProgramOutcome> =>
  runReport(
    embedded,
    { map, caller: await embedded.emulator.credentials(SECURITY, roleName, "eve") },
    ...argv,
  );

const report = (...argv: string[]) => reportAs("auditor", ...argv);

const parsed = (stdout: string): readonly ReportLine[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ReportLine);

const rows = () => lines.filter((line): line is SessionRow => line.type === "session");
const rowOf = (id: string | undefined) => rows().find((row) => row.id === id);

async function session(
  kind: string,
  more: Partial<Parameters<Embedded["emulator"]["runSession"]>[0]> = {},
): Promise<void> {
  const record = await embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: INSTANCE,
    instanceRoleName: "app-server",
    operatorRoleName: "operator",
    operatorSessionName: "alice",
    commands: ["id"],
    computerName: "web-1",
    startDate: minutesAgo(100),
    endDate: minutesAgo(60),
    ...more,
  });
  ids[kind] = record.sessionId;
}

/** Denies actions to the role of an instance. */
async function deny(iam: IAMClient, RoleName: string, ...Action: string[]): Promise<void> {
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: "denied",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Action, Resource: "*" }],
      }),
    }),
  );
}

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true, judgedRoles: [REPORT_ROLE] });
  const { emulator } = embedded;
  map = join(embedded.directory, "reported.json");
  const base = parse(readFileSync(MAP, "utf8")) as AccountsMap;
  const reporters = [`arn:aws:iam::${SECURITY}:role/auditor`];
  writeFileSync(map, JSON.stringify({ ...base, access: { ...base.access, reporters } }));
  deployment = embedded.rehearse(map);
  const { organization } = deployment;
  const [shop] = organization.accounts;
  await createInstanceRoles(emulator, shop!);
  await deployment.synthesize();
  await deployment.apply(deployment.stacks.filter(({ account }) => account === "shop"));
  await createPerson(emulator, organization, shop!, "operator");
  const iam = new IAMClient(await clientConfig(emulator, ACCOUNT, "us-east-1"));
  await deny(iam, "without-s3", "s3:PutObject");
  await deny(iam, "without-upload-key", "kms:GenerateDataKey");
  await deny(iam, "without-records", "s3:*", "logs:*");
  const lockedIam = new IAMClient(await clientConfig(emulator, LOCKED, "us-east-1"));
  await lockedIam.send(
    new CreateRoleCommand({
      RoleName: REPORT_ROLE,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    }),
  );

  await session("recorded", { startDate: minutesAgo(120), reason: "ticket 7" });
  await session("recorded on Windows", {
    instanceId: WINDOWS,
    platform: "Windows",
    computerName: "win-1",
  });
  await session("lost before upload", { disconnect: true });
  await session("without permission for S3", { instanceRoleName: "without-s3" });
  await session("upload refused by KMS", { instanceRoleName: "without-upload-key" });
  await session("without any record", { instanceRoleName: "without-records" });
  await session("with another document", {
    documentName: "AWS-StartInteractiveCommand",
    operatorRoleName: "engineer",
  });
  await session("overwritten");
  await session("deleted");
  await session("in grace", {
    disconnect: true,
    instanceRoleName: "without-records",
    endDate: minutesAgo(5),
  });
  embedded.emulator.registerInstance({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: INSTANCE,
    instanceRoleName: "app-server",
    computerName: "web-1",
  });
  await tunnelAndOpen();
  await tamper();
  json = await report("--json");
  lines = parsed(json.stdout);
});
afterAll(() => embedded?.stop());

/** A port forwarding and a session that stays open, by the API, as a client starts them. */
async function tunnelAndOpen(): Promise<void> {
  const { emulator } = embedded;
  const config = { ...(await clientConfig(emulator, ACCOUNT, REGION)) };
  const ssm = new SSMClient({
    ...config,
    credentials: await emulator.credentials(ACCOUNT, "engineer", "dave"),
  });
  const tunnel = await ssm.send(
    new StartSessionCommand({
      Target: INSTANCE,
      DocumentName: PORT,
      Reason: "=cmd|' /C calc'!A0\u202e",
      Parameters: { host: ["db.internal"], portNumber: ["5432"] },
    }),
  );
  ids["port forwarding"] = tunnel.SessionId!;
  await ssm.send(new TerminateSessionCommand({ SessionId: tunnel.SessionId }));
  ids["open"] = (await ssm.send(new StartSessionCommand({ Target: INSTANCE }))).SessionId!;
}

/** Writes a transcript of no session, writes one again, and deletes one. */
async function tamper(): Promise<void> {
  const { emulator } = embedded;
  const { organization } = deployment;
  const s3 = new S3Client({ ...(await clientConfig(emulator, ACCOUNT, REGION)), forcePathStyle: true });
  const Bucket = names.transcriptBucket(placeOf(organization, organization.targets[0]!));
  const keyOf = (id: string) => `sessions/${ACCOUNT}/${REGION}/${id}.log`;
  ids["forged"] = "mallory-aaaaaaaaaaaaaaaaaaaaaaaaaa";
  // The policy that instances have does not know which session is whose: any instance of the account may write this.
  const verdict = await emulator.authorize({
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/app-server/i-0bad0bad0bad0bad0`,
    accountId: ACCOUNT,
    action: "s3:PutObject",
    resource: `arn:aws:s3:::${Bucket}/${keyOf(ids["forged"])}`,
    // As the agent sends it. The bucket encrypts by itself.
    context: { "s3:x-amz-acl": "bucket-owner-full-control" },
  });
  expect(verdict).toMatchObject({ allowed: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: keyOf(ids["forged"]), Body: "sh-5.2$ id\n" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: keyOf(ids["overwritten"]!), Body: "nothing\n" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: keyOf(ids["deleted"]!) }));
}

it.each`
  kind                           | verdict              | transcript   | logStream
  ${"recorded"}                  | ${"recorded"}        | ${"present"} | ${"present"}
  ${"recorded on Windows"}       | ${"recorded"}        | ${"present"} | ${"present"}
  ${"lost before upload"}        | ${"in-part"}         | ${"absent"}  | ${"present"}
  ${"without permission for S3"} | ${"in-part"}         | ${"absent"}  | ${"present"}
  ${"upload refused by KMS"}     | ${"in-part"}         | ${"absent"}  | ${"present"}
  ${"without any record"}        | ${"unrecorded"}      | ${"absent"}  | ${"absent"}
  ${"with another document"}     | ${"other-document"}  | ${"absent"}  | ${"absent"}
  ${"in grace"}                  | ${"grace"}           | ${"absent"}  | ${"absent"}
  ${"port forwarding"}           | ${"port-forwarding"} | ${"absent"}  | ${"absent"}
  ${"open"}                      | ${"open"}            | ${"absent"}  | ${"absent"}
  ${"forged"}                    | ${"record-only"}     | ${"present"} | ${"absent"}
  ${"overwritten"}               | ${"contradicted"}    | ${"present"} | ${"present"}
  ${"deleted"}                   | ${"contradicted"}    | ${"absent"}  | ${"present"}
`("a session $kind is $verdict", ({ kind, verdict, transcript, logStream }) => {
  expect(rowOf(ids[kind as string])).toMatchObject({
    verdict: { kind: verdict as string },
    witnesses: { transcript: transcript as string, logStream: logStream as string },
  });
});

it("has one row for each session, and no other", () => {
  expect(
    rows()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(Object.values(ids).sort());
});

it("names who, when, from where, why and on what", () => {
  expect(rowOf(ids["recorded on Windows"])).toMatchObject({
    account: "shop",
    accountId: ACCOUNT,
    region: REGION,
    instance: WINDOWS,
    instanceName: "win-1",
    platform: "Windows",
    person: { name: "alice", role: "operator" },
    witnesses: { history: "yes", trail: "yes" },
    trail: { sourceIp: "203.0.113.10", mfa: false },
  });
  expect(rowOf(ids["recorded"])).toMatchObject({ reason: "ticket 7", durationSeconds: 3600 });
});

it("says where a tunnel leads", () => {
  expect(rowOf(ids["port forwarding"])).toMatchObject({
    document: PORT,
    documentParameters: { host: ["db.internal"], portNumber: ["5432"] },
    person: { name: "dave", role: "engineer" },
  });
});

it("has the version and the lock of a transcript, which the report role may not read", () => {
  expect(rowOf(ids["recorded"])!.transcript).toMatchObject({
    place: "own",
    versions: 1,
    detailsRead: false,
    lockMode: "GOVERNANCE",
    kmsKey: null,
    versionId: expect.any(String) as string,
    retainUntil: expect.stringMatching(/^\d{4}-/) as string,
  });
  const coverage = lines.find(
    (line): line is Coverage => line.type === "coverage" && line.account === "shop",
  );
  expect(coverage!.witnesses.objectDetails).toMatchObject({
    status: "left-out",
    reason: expect.stringContaining("The report role reads locks alone") as string,
  });
});

it("has the key of a transcript as well, with a role that may read it", async () => {
  const { stdout } = await report(
    "--session",
    ids["recorded"]!,
    "--account",
    "shop",
    "--json",
    "--role",
    "session-audit-deploy",
  );
  const row = parsed(stdout).find((line): line is SessionRow => line.type === "session")!;
  expect(row.transcript).toMatchObject({
    detailsRead: true,
    lockMode: "GOVERNANCE",
    kmsKey: expect.stringContaining(":key/") as string,
  });
});

it("makes each call that the report role may make, and no other", () => {
  const role = `:assumed-role/${REPORT_ROLE}/`;
  const judged = embedded.emulator.judgments.filter(({ principal }) => principal.includes(role));
  expect(judged.filter(({ allowed }) => !allowed)).toEqual([]);
  expect([...new Set(judged.map(({ action }) => action))].sort()).toEqual([
    ...["cloudtrail:LookupEvents", "logs:DescribeLogStreams", "s3:GetObjectRetention"],
    ...["s3:ListBucketVersions", "ssm:DescribeInstanceInformation", "ssm:DescribeSessions"],
    ...["ssm:GetDocument", "ssm:ListDocumentVersions"],
  ]);
});

it("can read no transcript and no session log in the report role", async () => {
  const { emulator } = embedded;
  const auditor = await emulator.credentials(SECURITY, "auditor", "eve");
  const config = { endpoint: emulator.endpoint, region: REGION, maxAttempts: 1 };
  const { Credentials } = await new STSClient({ ...config, credentials: auditor }).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${REPORT_ROLE}`,
      RoleSessionName: "curious",
    }),
  );
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const { transcript, logStream } = rowOf(ids["recorded"])!;
  const s3 = new S3Client({ ...config, credentials, forcePathStyle: true });
  const { bucket: Bucket, key: Key, versionId } = transcript!;
  const denied = { name: expect.stringMatching(/^AccessDenied/) as string };
  await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject(denied);
  await expect(s3.send(new GetObjectCommand({ Bucket, Key, VersionId: versionId! }))).rejects.toMatchObject(
    denied,
  );
  const logs = new CloudWatchLogsClient({ ...config, credentials });
  const { group: logGroupName, name: logStreamName } = logStream!;
  await expect(logs.send(new GetLogEventsCommand({ logGroupName, logStreamName }))).rejects.toMatchObject(
    denied,
  );
});

it("covers nothing for a role that is no reporter", async () => {
  const { status, stdout } = await reportAs("somebody", "--account", "shop", "--json");
  expect(status).toBe(4);
  expect(parsed(stdout).at(-1)).toMatchObject({ targets: 1, coveredTargets: 0 });
});

it("puts the account whose role is denied on top, in AWS's words, and not among the clean ones", () => {
  const coverage = lines.filter((line): line is Coverage => line.type === "coverage");
  const { covered, witnesses } = coverage.find(({ account }) => account === "locked")!;
  expect(covered).toBe(false);
  expect(witnesses.history).toMatchObject({
    status: "not-covered",
    reason: expect.stringContaining("is not authorized to perform: sts:AssumeRole") as string,
  });
  expect(coverage.find(({ account }) => account === "shop")).toMatchObject({ covered: true });
});

it("ends with 3 where a session is unrecorded, with 4 where a target is not covered, and with 0 otherwise", async () => {
  expect(json.status).toBe(3);
  expect(lines.at(-1)).toMatchObject({ type: "summary", exitCode: 3, targets: 2, coveredTargets: 1 });
  expect(await report("--account", "locked")).toMatchObject({ status: 4 });
  const good = ["--session", ids["recorded"]!, "--account", "shop"];
  expect(await report(...good)).toMatchObject({ status: 0 });
  const part = ["--session", ids["lost before upload"]!, "--account", "shop"];
  expect(await report(...part)).toMatchObject({ status: 0 });
  expect(await report(...part, "--strict")).toMatchObject({ status: 3 });
});

it("names what is doubtful about the map, in the summary and in the terminal", async () => {
  const { mapWarnings } = lines.at(-1) as ReportSummary;
  expect(mapWarnings.join("\n")).toMatch(/\([a-z-]+\): .* What to do: /);
  const { stdout } = await report("--account", "shop");
  expect(stdout).toContain("Warnings about the map");
});

it.each([
  ["--owner", "dave", ["port forwarding", "open"]],
  ["--document", PORT, ["port forwarding"]],
  ["--status", "Connected", ["open"]],
  ["--instance", WINDOWS, ["recorded on Windows"]],
])("%s %s shows these sessions alone", async (option, value, kinds) => {
  const { stdout } = await report(option, value, "--account", "shop", "--json");
  const found = parsed(stdout).flatMap((line) => (line.type === "session" ? [line.id] : []));
  expect(found.sort()).toEqual(kinds.map((kind) => ids[kind]!).sort());
});

it("shows the worst first in 80 columns, without colours and without a character that nobody sees", async () => {
  const { stdout, status } = await report();
  expect(status).toBe(3);
  const shown = stdout.split("\n");
  expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout).not.toMatch(/[^\x0a\x20-\x7e…]/);
  const order = [
    "NOT COVERED",
    "NOT RECORDED",
    "RECORD WITHOUT A SESSION",
    "RECORD CONTRADICTS",
    "Recorded in part",
  ];
  const places = order.map((words) => shown.findIndex((line) => line.startsWith(words)));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
});

it("writes CSV in which no cell is a formula", async () => {
  const { stdout } = await report("--csv", "--account", "shop");
  const [header, ...cells] = stdout.trimEnd().split("\r\n");
  expect(header).toMatch(/^verdict,verdict_title,/);
  expect(cells).toHaveLength(Object.keys(ids).length);
  expect(stdout).toContain(`"'=cmd|' /C calc'!A0\\u202e"`);
});

it("reads a trail's files in place of CloudTrail's event history, and says so where they have nothing", async () => {
  const s3 = new S3Client({
    ...(await clientConfig(embedded.emulator, ACCOUNT, "us-east-1")),
    forcePathStyle: true,
  });
  const Bucket = "reported-trail";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { start, owner } = rowOf(ids["recorded"])!;
  const keyOf = (time: string) =>
    `org/AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/${time.slice(0, 10).replaceAll("-", "/")}/one.json.gz`;
  const record = {
    eventSource: "ssm.amazonaws.com",
    eventName: "StartSession",
    eventID: "from-the-trail",
    eventTime: start,
    sourceIPAddress: "198.51.100.7",
    userIdentity: { arn: owner },
    requestParameters: { target: INSTANCE },
    responseElements: { sessionId: ids["recorded"] },
  };
  // After midnight, sessions of two days are there, and each day has a file.
  for (const [time, Records] of [
    [new Date().toISOString(), []],
    [start, [record]],
  ] as const) {
    const Body = gzipSync(JSON.stringify({ Records }));
    await s3.send(new PutObjectCommand({ Bucket, Key: keyOf(time), Body }));
  }
  const of = async (url: string) =>
    parsed((await report("--account", "shop", "--json", "--trail", url)).stdout);
  const found = await of(`s3://${Bucket}/org`);
  expect(found.find((line) => line.type === "session" && line.id === ids["recorded"])).toMatchObject({
    trail: { eventId: "from-the-trail", sourceIp: "198.51.100.7" },
    verdict: { kind: "recorded" },
  });
  expect(found.find(({ type }) => type === "coverage")).toMatchObject({ covered: true });
  const empty = await of(`s3://${Bucket}/elsewhere`);
  expect(empty.find(({ type }) => type === "coverage")).toMatchObject({
    covered: false,
    witnesses: { trail: { reason: expect.stringContaining("has no file of CloudTrail") as string } },
  });
});

it("reports a throttled witness as not covered once the retries are used up", async () => {
  embedded.emulator.failNext({
    service: "ssm",
    operation: "DescribeSessions",
    code: "ThrottlingException",
    times: 99,
  });
  const { stdout, status } = await report("--account", "shop", "--json");
  embedded.emulator.failNext({
    service: "ssm",
    operation: "DescribeSessions",
    code: "ThrottlingException",
    times: 0,
  });
  const summary = parsed(stdout).at(-1) as ReportSummary;
  expect({ status, covered: summary.coveredTargets }).toEqual({ status: 4, covered: 0 });
});
