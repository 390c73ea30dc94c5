import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Deployment } from "../../demo/deployment";
import { clientConfig, createInstanceRoles, createPerson, createRole } from "../../demo/people";
import type { ReportLine, SessionRow } from "../../report/model";
import { names, placeOf } from "../../stacks/names";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";
import type { ProgramOutcome } from "../helpers/run-program";
import { runReport } from "../helpers/run-report";

/**
 * Single sessions, whose records the command reads through the deployed account, and a trail with data events, which says
 * who has read them.
 */
const MAP = join(ROOT, "__tests__", "fixtures", "reported.yaml");
const ACCOUNT = "777777777777";
const REGION = "eu-west-1";
const INSTANCE = "i-0fedcba9876543210";
/** The node that writes into the log stream of another node's session. */
const OTHER = "i-0bad0bad0bad0bad0";
const HOSTILE = "\u001b]0;evil\u0007rm -rf /\rls       ";
const TRAIL = "s3://shop-trail/audit";
/** When the sessions began. */
const MINUTES_AGO = 100;

let embedded: Embedded;
let deployment: Deployment;
/** A session whose transcript people read, one that nobody reads, and one in whose log stream another node writes. */
let id: string;
let unread: string;
let forged: string;

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** What `session-audit report` says about a session, in a process of its own, as it ships. */
const reportOn = (session: string, ...argv: string[]): Promise<ProgramOutcome> =>
  runReport(embedded, { map: MAP }, "--account", "shop", "--session", session, ...argv);

/** What it prints about the first session. @throws Error with all that it said if it does not end well */
async function report(...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await reportOn(id, ...argv);
  if (status !== 0) throw new Error(`exit code ${status}\n${stderr}\n${stdout}`);
  return stdout;
}

const bucket = () =>
  names.transcriptBucket(placeOf(deployment.organization, deployment.organization.targets[0]!));
const keyOf = (session: string) => `sessions/${ACCOUNT}/${REGION}/${session}.log`;

/** A trail of the account that records management events, and data events of the transcripts. */
async function createTrail(): Promise<void> {
  const { emulator } = embedded;
  const config = await clientConfig(emulator, ACCOUNT, REGION);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: "shop-trail",
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  const allow = (Action: string, Resource: string) => ({
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action,
    Resource,
  });
  const Statement = [
    allow("s3:GetBucketAcl", "arn:aws:s3:::shop-trail"),
    allow("s3:PutObject", "arn:aws:s3:::shop-trail/audit/AWSLogs/*"),
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "shop-trail", Policy }));
  const cloudtrail = new CloudTrailClient(config);
  const place = { S3BucketName: "shop-trail", S3KeyPrefix: "audit" };
  await cloudtrail.send(new CreateTrailCommand({ Name: "records", ...place, IsMultiRegionTrail: true }));
  const Values = [`arn:aws:s3:::${bucket()}/`];
  const EventSelectors = [{ DataResources: [{ Type: "AWS::S3::Object", Values }] }];
  await cloudtrail.send(new PutEventSelectorsCommand({ TrailName: "records", EventSelectors }));
  await cloudtrail.send(new StartLoggingCommand({ Name: "records" }));
  // The sessions began earlier, after midnight even on another day, of which the trail has a file, too.
  const day = minutesAgo(MINUTES_AGO).toISOString().slice(0, 10).replaceAll("-", "/");
  const Key = `audit/AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/${day}/earlier.json.gz`;
  await s3.send(
    new PutObjectCommand({ Bucket: "shop-trail", Key, Body: gzipSync(JSON.stringify({ Records: [] })) }),
  );
}

/** Reads the first transcript as somebody. @returns the name of S3's error; null: the person got the text */
async function readAs(role: string, person: string): Promise<string | null> {
  const { emulator } = embedded;
  const config = { ...(await clientConfig(emulator, ACCOUNT, REGION)), forcePathStyle: true };
  const s3 = new S3Client({ ...config, credentials: await emulator.credentials(ACCOUNT, role, person) });
  return s3.send(new GetObjectCommand({ Bucket: bucket(), Key: keyOf(id) })).then(
    () => null,
    (error: Error) => error.name,
  );
}

const session = async (operatorSessionName: string, commands: readonly string[]) => {
  const { sessionId } = await embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: INSTANCE,
    instanceRoleName: "app-server",
    operatorRoleName: "operator",
    operatorSessionName,
    commands,
    reason: `ticket of ${operatorSessionName}`,
    computerName: "web-1",
    startDate: minutesAgo(MINUTES_AGO),
    endDate: minutesAgo(60),
  });
  return sessionId;
};

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true, judgedRoles: ["curious"] });
  const { emulator } = embedded;
  deployment = embedded.rehearse(MAP);
  const [shop] = deployment.organization.accounts;
  await createInstanceRoles(emulator, shop!);
  await deployment.synthesize();
  await deployment.apply(deployment.stacks.filter(({ account }) => account === "shop"));
  await createPerson(emulator, deployment.organization, shop!, "operator");
  const iam = new IAMClient(await clientConfig(emulator, ACCOUNT, "us-east-1"));
  await createRole(iam, "curious", { AWS: `arn:aws:iam::${ACCOUNT}:root` });
  await createTrail();
  id = await session("alice", ["id", HOSTILE]);
  unread = await session("bob", ["id"]);
  forged = await session("carol", ["id"]);
});
afterAll(() => embedded?.stop());

it("shows what is known of a session, and what CloudTrail's event history says of its start", async () => {
  const stdout = await report();
  expect(stdout).toMatch(new RegExp(`^Recorded: ${id}`));
  for (const words of ["alice", "web-1", "Object Lock", "Last event"]) expect(stdout).toContain(words);
  expect(stdout).toMatch(/CloudTrail +knows the session/);
  expect(stdout).toMatch(/Source IP address +203\.0\.113\.10/);
  expect(stdout).toMatch(/Reason +ticket of alice/);
  expect(stdout).toMatch(/User agent +aws-cli\//);
  expect(stdout).toMatch(/MFA +no/);
  expect(stdout).toMatch(/Issuer of the credentials +arn:aws:iam::777777777777:role\/operator/);
});

it("says the same from the files of a trail, with the event's id", async () => {
  const eventId = (stdout: string) => /Event id +([0-9a-f-]{36})/.exec(stdout)?.[1];
  const fromFiles = await report("--trail", TRAIL);
  expect(eventId(fromFiles)).toBeDefined();
  expect(eventId(fromFiles)).toBe(eventId(await report()));
});

it("prints what the log stream has, in which no sequence has an effect", async () => {
  const stdout = await report("--replay");
  expect(stdout).toContain("␛]0;evil␇rm -rf /␍ls");
  expect(stdout.replace(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u);
});

it("prints the transcript as safe text", async () => {
  const stdout = await report("--transcript");
  expect(stdout).toContain("␛]0;evil␇rm -rf /␍ls");
  expect(stdout.replace(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u);
});

it("writes an asciicast, and a page with the replay", async () => {
  const [cast, page] = [join(embedded.directory, "x.cast"), join(embedded.directory, "x.html")];
  await report("--asciicast", cast, "--html", page);
  expect(JSON.parse(readFileSync(cast, "utf8").split("\n")[0]!)).toMatchObject({ version: 2, title: id });
  expect(readFileSync(page, "utf8")).toContain('id="replay-0"');
});

it("lists who has read the transcript, who was refused, and itself, from the data events of a trail", async () => {
  expect(await readAs("auditor", "erin")).toBeNull();
  expect(await readAs("curious", "mallory")).toBe("AccessDenied");
  await report("--transcript");
  // A line of a terminal is broken within long names.
  const [head, ...calls] = (await report("--trail", TRAIL, "--readers"))
    .split(/\n(?= {2}\d{4}-)/)
    .map((call) => call.replace(/\s+/g, ""));
  expect(head).toContain(`Callsthatreads3://${bucket()}/${keyOf(id)},from`);
  const by = (role: string, name: string) =>
    calls.filter((call) => call.includes(`arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}from`));
  expect(by("auditor", "erin")).toEqual([expect.stringMatching(/thenewestversion,S3answered$/) as string]);
  expect(by("curious", "mallory")).toEqual([expect.stringMatching(/S3refused:AccessDenied$/) as string]);
  expect(by("session-audit-deploy", "session-audit-report")).not.toHaveLength(0);
});

it("says of a transcript that nobody has read that nobody has", async () => {
  const { status, stdout } = await reportOn(unread, "--trail", TRAIL, "--readers");
  expect(status).toBe(0);
  expect(stdout.replace(/\s+/g, "")).toContain(
    `Nobodyintheaccountsofthemapreads3://${bucket()}/${keyOf(unread)}`,
  );
});

describe("after another node of the account has written into the log stream of a session", () => {
  beforeAll(async () => {
    const { emulator } = embedded;
    const logs = new CloudWatchLogsClient(await clientConfig(emulator, ACCOUNT, REGION));
    const logGroupName = names.logGroup(
      placeOf(deployment.organization, deployment.organization.targets[0]!),
    );
    // The policy that instances have does not know which session is whose, so it allows the call.
    const { allowed } = await emulator.authorize({
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/app-server/${OTHER}`,
      accountId: ACCOUNT,
      action: "logs:PutLogEvents",
      resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroupName}:log-stream:${forged}`,
    });
    expect(allowed).toBe(true);
    const message = JSON.stringify({
      eventVersion: "1.0",
      eventTime: new Date().toISOString(),
      awsRegion: REGION,
      target: { id: OTHER },
      userIdentity: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/operator/carol` },
      runAsUser: "ssm-user",
      sessionId: forged,
      sessionData: ["carol was here"],
    });
    const logEvents = [{ message, timestamp: Date.now() }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: forged, logEvents }));
  });

  it("says so before it plays the log stream, and exits with 3", async () => {
    const { status, stdout, stderr } = await reportOn(forged, "--replay");
    expect(status).toBe(3);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      `Record contradicts the session: 1 event of the log stream names the instance ${OTHER}: the agent of this session did not write it.`,
    );
    expect(stdout).toContain("carol was here");
  });

  it("says so in the page of the session and in JSON", async () => {
    const page = join(embedded.directory, "forged.html");
    const { status, stdout } = await reportOn(forged, "--html", page, "--json");
    expect(status).toBe(3);
    const row = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ReportLine)
      .find((line): line is SessionRow => line.type === "session")!;
    expect(row.verdict.kind).toBe("contradicted");
    expect(row.logStream!.claims!.map(({ instance }) => instance)).toEqual([INSTANCE, OTHER]);
    expect(readFileSync(page, "utf8")).toContain(`names the instance ${OTHER}`);
  });

  it("reads no content where no option opens the log stream, and cannot say so", async () => {
    expect(await reportOn(forged)).toMatchObject({ status: 0 });
  });
});
