import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketEncryptionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeSessionsCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createInstanceRoles, createPerson, listen, type Listener } from "../../demo/people";
import type { Deployment } from "../../demo/deployment";
import { placeOf } from "../../stacks/names";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

/** An account whose guard acts, as it ships: its code runs with its role, and each of its calls is judged. */
const ACCOUNT = "666666666666";
const REGION = "eu-west-1";
const SCHEDULE = "session-audit-guarded-guard-schedule";
const TABLE = "session-audit-guarded-guard";

let embedded: Embedded;
let deployment: Deployment;
let config: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};
let security: Listener;

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true });
  deployment = embedded.rehearse(join(ROOT, "__tests__", "fixtures", "guarded.yaml"));
  config = {
    endpoint: embedded.emulator.endpoint,
    region: REGION,
    credentials: await embedded.emulator.credentials(ACCOUNT),
  };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: "recordings",
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: "recordings",
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    }),
  );
  await createInstanceRoles(embedded.emulator, deployment.organization.accounts[0]!);
  await deployment.synthesize();
  await deployment.apply(deployment.stacks);
  await createPerson(
    embedded.emulator,
    deployment.organization,
    deployment.organization.accounts[0]!,
    "operator",
  );
  const place = placeOf(deployment.organization, deployment.organization.targets[0]!);
  security = await listen(embedded.emulator, place, {
    topic: "session-audit-guarded-security",
    queue: "security-listener",
  });
});
afterAll(() => embedded?.stop());

/** Runs a session, by default as a person whose policies refuse nothing. */
const session = (more: Partial<Parameters<Embedded["emulator"]["runSession"]>[0]> = {}) =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName: "app-server",
    operatorRoleName: "engineer",
    operatorSessionName: "dave",
    commands: ["id"],
    ...more,
  });

/** What the guard has reported of these sessions. The channel has other findings besides. */
const reportsOf = async (...sessionIds: string[]) =>
  (await security.receive()).filter(
    ({ action, session: id }) =>
      /^(SessionEnded|TranscriptMissing)$/.test(action!) && sessionIds.includes(id!),
  );

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
/** What the guard has done since it had run so many times. */
const guardRuns = (since: number) =>
  embedded.emulator.functionRuns.slice(since).filter(({ functionName }) => functionName === TABLE);
const runsSoFar = () => embedded.emulator.functionRuns.length;

it("a second plan after the deployment has no changes", async () => {
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

it("does not run for a session with the preferences", async () => {
  const since = runsSoFar();
  const record = await session({ operatorRoleName: "operator" });
  expect(record).toMatchObject({ started: true, warnings: [], logStream: record.sessionId });
  expect(guardRuns(since)).toEqual([]);
});

it("ends a session with another document, and reports it once", async () => {
  const since = runsSoFar();
  const record = await session({ documentName: "AWS-StartInteractiveCommand" });
  expect(
    guardRuns(since).map(({ error, lines }) => error ?? JSON.parse(lines.at(-1)!).message.event),
  ).toEqual(["SessionEnded"]);
  expect(record.warnings).toContain("The session was ended from outside");
  const { Sessions } = await new SSMClient(config).send(
    new DescribeSessionsCommand({
      State: "History",
      Filters: [{ key: "SessionId", value: record.sessionId }],
    }),
  );
  expect(Sessions).toMatchObject([{ Status: "Terminated", DocumentName: "AWS-StartInteractiveCommand" }]);
  expect(await reportsOf(record.sessionId)).toEqual([
    expect.objectContaining({
      action: "SessionEnded",
      session: record.sessionId,
      document: "AWS-StartInteractiveCommand",
      who: `arn:aws:sts::${ACCOUNT}:assumed-role/engineer/dave`,
      instance: "i-0fedcba9876543210",
      account: ACCOUNT,
      region: REGION,
    }),
  ]);
});

it("does not end a session with an allowed document", async () => {
  const since = runsSoFar();
  const record = await session({ documentName: "AWS-StartPortForwardingSession" });
  expect(record.warnings).not.toContain("The session was ended from outside");
  expect(guardRuns(since)).toEqual([]);
});

it("reports only sessions without their transcripts, and each only once across runs", async () => {
  const past = { operatorRoleName: "operator", startDate: minutesAgo(100), endDate: minutesAgo(60) };
  await embedded.emulator.fireSchedule(ACCOUNT, REGION, SCHEDULE);
  // The schedule's first run notes that it checks sessions from now on. This moves that time three hours back.
  await new DynamoDBClient(config).send(
    new PutItemCommand({
      TableName: TABLE,
      Item: {
        id: { S: "progress" },
        checkedUntil: { S: minutesAgo(180).toISOString() },
        since: { S: minutesAgo(300).toISOString() },
        destinations: {
          S: JSON.stringify([
            "recordings",
            `sessions/${ACCOUNT}/${REGION}`,
            "/session-audit/guarded/sessions",
          ]),
        },
      },
    }),
  );
  const recorded = await session(past);
  const died = await session({ ...past, disconnect: true });
  const removed = await session(past);
  await new S3Client({ ...config, forcePathStyle: true }).send(
    new DeleteObjectCommand({ Bucket: "recordings", Key: removed.transcriptKey! }),
  );
  const since = runsSoFar();
  await embedded.emulator.fireSchedule(ACCOUNT, REGION, SCHEDULE);
  await embedded.emulator.fireSchedule(ACCOUNT, REGION, SCHEDULE);
  expect(guardRuns(since).flatMap(({ error }) => error ?? [])).toEqual([]);
  const told = await reportsOf(...[recorded, died, removed].map(({ sessionId }) => sessionId));
  expect(told.map(({ action, session: id }) => `${action} ${id}`).sort()).toEqual(
    [died, removed].map(({ sessionId }) => `TranscriptMissing ${sessionId}`).sort(),
  );
  expect(told[0]!["explanation"]).toMatch(
    /^There is no s3:\/\/recordings\/sessions\/666666666666\/eu-west-1\/dave-/,
  );
});
