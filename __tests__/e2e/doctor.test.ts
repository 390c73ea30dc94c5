import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StartLoggingCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeLogStreamsCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DisableRuleCommand, EnableRuleCommand } from "@aws-sdk/client-eventbridge";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  DetachRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import {
  AttachPolicyCommand,
  DetachPolicyCommand,
  ListPoliciesCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import {
  GetDocumentCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from "@aws-sdk/client-ssm";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig, createInstanceRoles, createRole } from "../../demo/people";
import { organizationOf } from "../../demo/deployment";
import { Clients } from "../../emulator/clients/clients";
import type { Diagnosis, Line } from "../../fleet/doctor/model";
import { readOrganization } from "../../stacks/read-organization";
import { ec2Query, textsOf } from "../helpers/ec2";
import { ROOT } from "../helpers/embedded";
import { Fleet } from "../helpers/fleet";
import { createPlanRole, PIPELINE, PLAN_ROLE, setPlanPolicy } from "../helpers/plan-role";

// One account is deployed. Then somebody breaks one thing after the other, and doctor names each.
const FIXTURE = join(ROOT, "__tests__", "fixtures", "doctored.yaml");
const MAP = parse(readFileSync(FIXTURE, "utf8")) as AccountsMap;
const SOLO = "666666666666";
const REGION = "eu-west-1";
const BASE = "session-audit-doctored";
const DOCUMENT = "SSM-SessionManagerRunShell";
const GROUP = "/session-audit/doctored/sessions";
const BUCKET = `${BASE}-${SOLO}-${REGION}`;
const POLICY = `arn:aws:iam::${SOLO}:policy/${BASE}-instance`;
const topic = (channel: string) => `arn:aws:sns:${REGION}:${SOLO}:${BASE}-${channel}`;

/** A role with the policy of instances that the pipeline may take. */
const PROBE_ROLE = "prober";

let fleet: Fleet;
let aws: Clients;
let organizations: OrganizationsClient;

beforeAll(async () => {
  const organization = readOrganization(FIXTURE);
  fleet = await Fleet.start({
    organization: organizationOf(organization)!,
    judgedRoles: [PLAN_ROLE, PROBE_ROLE],
    organizationTrail: false,
  });
  const { emulator } = fleet;
  fleet.write(MAP);
  aws = new Clients(await clientConfig(emulator, SOLO, REGION));
  organizations = new OrganizationsClient(await clientConfig(emulator, "999999999999", "us-east-1"));
  await createRole(aws.iam, PROBE_ROLE, PIPELINE);
  await createInstanceRoles(emulator, organization.accounts[0]!);
  await createPlanRole(emulator, SOLO);
  await createPlanRole(emulator, "999999999999");
  expect(await fleet.run("plan", "--out", "first")).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", "first", "--no-converge-check")).toMatchObject({ status: 0 });
  emulator.registerInstance({
    accountId: SOLO,
    region: REGION,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "app-server",
  });
});
afterAll(() => fleet?.stop());

async function doctor(
  ...argv: string[]
): Promise<{ status: number | null; lines: readonly Line[]; stderr: string }> {
  const { status, stdout, stderr } = await fleet.run("doctor", "--json", ...argv);
  return { status, stderr, lines: stdout === "" ? [] : (JSON.parse(stdout) as Diagnosis).lines };
}

const open = (lines: readonly Line[]) =>
  lines
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ verdict, check, subject, found }) => `${verdict} ${check} ${subject}: ${found}`);

it("names what a new deployment waits for: people who confirm, and the first check of the guard", async () => {
  const { status, lines } = await doctor("--kind", "session");
  expect(open(lines)).toEqual([
    `fault subscription email operations@example.com: not confirmed for ${topic("activity")}`,
    `fault subscription email security@example.com: not confirmed for ${topic("security")}`,
    `warning guard ${BASE}-guard: finished no check in 30 minutes (0 runs)`,
  ]);
  expect(status).toBe(2);
  fleet.emulator.confirmSubscription(topic("activity"), "operations@example.com");
  fleet.emulator.confirmSubscription(topic("security"), "security@example.com");
  // The first run of a guard notes when it began; the second one checks.
  for (const _run of [1, 2]) await fleet.emulator.fireSchedule(SOLO, REGION, `${BASE}-guard-schedule`);
});

it("finds everything in force after a deployment, with calls that the policy of the role that plans allows", async () => {
  const before = fleet.emulator.judgments.length;
  const { status, lines, stderr } = await doctor();
  expect({ open: open(lines), stderr }).toMatchObject({ open: [] });
  expect(status).toBe(0);
  const made = fleet.emulator.judgments.slice(before);
  expect(made.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(new Set(lines.map(({ check }) => check))).toEqual(
    new Set([
      ...["preferences", "sharing", "log group", "bucket", "key", "records", "roles", "nodes", "trail"],
      ...["rule", "topic", "subscription", "dead letters", "alarm", "guard", "guardrail"],
    ]),
  );
});

/** A person breaks something; `mend` is what puts it back. */
interface Break {
  readonly what: string;
  readonly named: RegExp;
  readonly make: () => Promise<unknown>;
  readonly mend: () => Promise<unknown>;
}

const keyOf = async (alias: string) =>
  (await aws.kms.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata!;
const queueUrl = async () =>
  (await aws.sqs.send(new GetQueueUrlCommand({ QueueName: `${BASE}-activity-dead-letters` }))).QueueUrl;
const policyId = async () =>
  (await organizations.send(new ListPoliciesCommand({ Filter: "SERVICE_CONTROL_POLICY" }))).Policies![0]!.Id!;
const node = (change: object) => ({
  accountId: SOLO,
  region: REGION,
  instanceId: "i-0123456789abcdef0",
  instanceRoleName: "app-server",
  ...change,
});

const BREAKS: readonly Break[] = [
  {
    what: "a rule that is disabled",
    named: new RegExp(`^fault rule ${BASE}-activity: disabled$`),
    make: () => aws.events.send(new DisableRuleCommand({ Name: `${BASE}-activity` })),
    mend: () => aws.events.send(new EnableRuleCommand({ Name: `${BASE}-activity` })),
  },
  {
    what: "a key that is disabled",
    named: new RegExp(`^fault key alias/${BASE}: Disabled$`),
    make: async () => aws.kms.send(new DisableKeyCommand({ KeyId: (await keyOf(`alias/${BASE}`)).KeyId })),
    mend: async () => aws.kms.send(new EnableKeyCommand({ KeyId: (await keyOf(`alias/${BASE}`)).KeyId })),
  },
  {
    what: "a trail that is stopped",
    named: new RegExp(`^fault trail ${BASE}: does not log`),
    make: () => aws.cloudtrail.send(new StopLoggingCommand({ Name: BASE })),
    mend: () => aws.cloudtrail.send(new StartLoggingCommand({ Name: BASE })),
  },
  {
    what: "a policy that is detached from a role",
    named: new RegExp(`^fault roles app-server: lacks ${POLICY}$`),
    make: () => aws.iam.send(new DetachRolePolicyCommand({ RoleName: "app-server", PolicyArn: POLICY })),
    mend: () => aws.iam.send(new AttachRolePolicyCommand({ RoleName: "app-server", PolicyArn: POLICY })),
  },
  {
    what: "a message in a dead-letter queue",
    named: /^fault dead letters .*-activity-dead-letters: 1 message waits$/,
    make: async () =>
      aws.sqs.send(new SendMessageCommand({ QueueUrl: await queueUrl(), MessageBody: "lost" })),
    mend: async () => aws.sqs.send(new PurgeQueueCommand({ QueueUrl: await queueUrl() })),
  },
  {
    what: "a retention that is shorter",
    named: new RegExp(`^fault log group ${GROUP}: keeps events 7 days instead of 365$`),
    make: () => aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 7 })),
    mend: () => aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 365 })),
  },
  {
    what: "a bucket with another encryption",
    named: new RegExp(`^fault bucket ${BUCKET}: has AES256 encryption instead of aws:kms$`),
    make: () => encrypt({ SSEAlgorithm: "AES256" }),
    mend: async () =>
      encrypt({ SSEAlgorithm: "aws:kms", KMSMasterKeyID: (await keyOf(`alias/${BASE}`)).Arn! }),
  },
  {
    what: "an alarm whose actions are disabled",
    named: /^fault alarm .*-activity-undelivered: its actions are disabled$/,
    make: () => setActions(false),
    mend: () => setActions(true),
  },
  {
    what: "an alarm that sounds",
    named: /^fault alarm .*-guard-errors: is in the ALARM state since /,
    make: () => setAlarm("ALARM"),
    mend: () => setAlarm("OK"),
  },
  {
    what: "an instance whose role lacks the policy",
    named: new RegExp(`^fault nodes role stranger: lacks ${POLICY}: i-0123456789abcdef0$`),
    make: () => Promise.resolve(fleet.emulator.registerInstance(node({ instanceRoleName: "stranger" }))),
    mend: () => Promise.resolve(fleet.emulator.registerInstance(node({}))),
  },
  {
    what: "an old agent",
    named: /^fault nodes agent 2\.3\.612\.0: is older than 3\.0\.529\.0: i-0123456789abcdef0 \(web-1\)$/,
    make: () =>
      Promise.resolve(
        fleet.emulator.registerInstance(node({ agentVersion: "2.3.612.0", computerName: "web-1" })),
      ),
    mend: () => Promise.resolve(fleet.emulator.registerInstance(node({}))),
  },
  {
    what: "a guardrail that is detached",
    named: /^fault guardrail .*: is not attached to ou-ab12-1a2b3c4d$/,
    make: async () =>
      organizations.send(
        new DetachPolicyCommand({ PolicyId: await policyId(), TargetId: "ou-ab12-1a2b3c4d" }),
      ),
    mend: async () =>
      organizations.send(
        new AttachPolicyCommand({ PolicyId: await policyId(), TargetId: "ou-ab12-1a2b3c4d" }),
      ),
  },
];

const encrypt = (byDefault: {
  readonly SSEAlgorithm: "AES256" | "aws:kms";
  readonly KMSMasterKeyID?: string;
}) =>
  aws.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: BUCKET,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }],
      },
    }),
  );

/** Moto has no DisableAlarmActions, which does no more than this. */
async function setActions(ActionsEnabled: boolean): Promise<unknown> {
  const AlarmNames = [`${BASE}-activity-undelivered`];
  const { MetricAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  const { AlarmName, EvaluationPeriods, ComparisonOperator, ...alarm } = MetricAlarms[0]!;
  const given = { AlarmName, EvaluationPeriods, ComparisonOperator };
  return aws.cloudwatch.send(new PutMetricAlarmCommand({ ...alarm, ...given, ActionsEnabled }));
}

const setAlarm = (StateValue: "ALARM" | "OK") =>
  aws.cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: `${BASE}-guard-errors`, StateValue, StateReason: "a test" }),
  );

it.each(BREAKS)("names $what", async ({ named, make, mend }) => {
  await make();
  try {
    const { status, lines, stderr } = await doctor();
    expect({ open: open(lines), stderr }).toMatchObject({
      open: expect.arrayContaining([expect.stringMatching(named)]) as string[],
    });
    expect(status).toBe(2);
  } finally {
    await mend();
  }
});

it("finds everything in force again, once all of this is mended", async () => {
  expect(open((await doctor()).lines)).toEqual([]);
});

it("names preferences that somebody has changed, and a default version that is not the latest", async () => {
  const { Content = "" } = await aws.ssm.send(new GetDocumentCommand({ Name: DOCUMENT }));
  const changed = Content.replace('"idleSessionTimeout":"20"', '"idleSessionTimeout":"60"');
  await aws.ssm.send(
    new UpdateDocumentCommand({ Name: DOCUMENT, Content: changed, DocumentVersion: "$LATEST" }),
  );
  const { lines } = await doctor();
  expect(open(lines)).toEqual([
    expect.stringMatching(
      /^fault preferences .*: version 2, the latest, has idleSessionTimeout "60" instead of "20"$/,
    ),
    expect.stringMatching(/^fault preferences .*: the default version is 1, and the latest is 2$/),
  ]);
  // The right content again, in an order of its own: moto refuses a content that the document had before.
  const again = JSON.stringify(JSON.parse(Content), null, 1);
  await aws.ssm.send(
    new UpdateDocumentCommand({ Name: DOCUMENT, Content: again, DocumentVersion: "$LATEST" }),
  );
  await aws.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: DOCUMENT, DocumentVersion: "2" }));
  expect(open((await doctor()).lines)).toEqual([
    expect.stringMatching(
      /^fault preferences .*: the default version is 2, which has idleSessionTimeout "60" instead of "20", and the latest is 3$/,
    ),
  ]);
  await aws.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: DOCUMENT, DocumentVersion: "3" }));
  expect(open((await doctor()).lines)).toEqual([]);
});

it("reads the role of an instance from its instance profile", async () => {
  await aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "servers" }));
  await aws.iam.send(
    new AddRoleToInstanceProfileCommand({ InstanceProfileName: "servers", RoleName: "app-server" }),
  );
  const place = { accountId: SOLO, region: REGION };
  const run = await ec2Query(fleet.emulator, place, "RunInstances", {
    ImageId: "ami-12c6146b",
    MinCount: "1",
    MaxCount: "1",
    "IamInstanceProfile.Name": "servers",
  });
  const [instanceId] = textsOf(run, "instanceId");
  // Systems Manager itself does not know the role of an instance with a profile.
  fleet.emulator.registerInstance(node({ instanceId, instanceRoleName: "" }));
  const { lines } = await doctor("--all");
  expect(open(lines)).toEqual([]);
  expect(lines.find(({ check }) => check === "nodes")!.found).toMatch(/^2 managed nodes/);
});

it("says what it was not allowed to look at, in AWS's own words, and exits with 4", async () => {
  await setPlanPolicy(fleet.emulator, SOLO, "sqs:GetQueueAttributes");
  try {
    const { status, lines } = await doctor("--account", "solo", "--kind", "session");
    expect(status).toBe(4);
    const unseen = lines.filter(({ verdict }) => verdict === "not-looked-at");
    expect(new Set(unseen.map(({ check }) => check))).toEqual(new Set(["dead letters"]));
    expect(unseen[0]!.why).toMatch(/is not authorized to perform: sqs:GetQueueAttributes/);
  } finally {
    await setPlanPolicy(fleet.emulator, SOLO);
  }
});

it("prints one line for each stack, in detail what is not well, and a page", async () => {
  await aws.s3.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Suspended" } }),
  );
  const { status, stdout } = await fleet.run("doctor", "--html", "doctor.html");
  await aws.s3.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } }),
  );
  expect(status).toBe(2);
  expect(stdout).toMatch(/^account-solo +\d+ ok$/m);
  expect(stdout).toMatch(/^session-solo-eu-west-1 +1 fault, \d+ ok$/m);
  expect(stdout).toContain(`fault: bucket ${BUCKET}: keeps no versions`);
  expect(readFileSync(fleet.path("doctor.html"), "utf8")).toContain("keeps no versions");
});

describe("a probe", () => {
  it("writes a record with the role of an instance, and finds it", async () => {
    const { status, lines } = await doctor("--kind", "session", "--probe", "--probe-role", PROBE_ROLE);
    expect(open(lines)).toEqual([]);
    expect(status).toBe(0);
    const [, id] = /record of (session-audit-probe-[0-9a-f]{26}) is there/.exec(
      lines.find(({ check }) => check === "probe")!.found,
    )!;
    const Key = `sessions/${SOLO}/${REGION}/${id}.log`;
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(await Body!.transformToString()).toMatch(/^This is a probe of session-audit doctor/);
  });

  it("names the call that the role lacks", async () => {
    const { status, lines } = await doctor(
      "--kind",
      "session",
      "--probe",
      "--probe-role",
      "session-audit-plan",
    );
    expect(status).toBe(2);
    expect(open(lines)).toContainEqual(
      expect.stringMatching(/^fault probe session-audit-plan: logs:CreateLogStream: .*not authorized/),
    );
  });
});

describe("a wave with a role for a probe", () => {
  const NEXT = "777777777777";
  const SESSION = `session-solo-${REGION}`;
  const { solo } = MAP.accounts as Record<"solo", AccountsMap["accounts"][string]>;
  const GATED: AccountsMap = {
    ...MAP,
    waves: [{ name: "first", doctor: true, probeRole: PROBE_ROLE }, "second"],
    accounts: {
      solo: { ...solo, wave: "first" },
      // One policy: what it has does not matter, and that it waits does.
      next: {
        id: NEXT,
        homeRegion: REGION,
        regions: [REGION],
        wave: "second",
        access: { attachToRoles: [] },
      },
    },
  };
  const outcomes = (stdout: string) =>
    Object.fromEntries(
      (JSON.parse(stdout) as { stacks: { id: string; result: string; reason?: string }[] }).stacks.map(
        ({ id, result, reason }) => [id, reason === undefined ? result : `${result}: ${reason}`],
      ),
    );
  const transcripts = async () =>
    (
      (await aws.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "sessions/" }))).Contents ?? []
    ).map(({ Key }) => Key!);
  const streams = async () =>
    ((await aws.logs.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }))).logStreams ?? []).map(
      ({ logStreamName }) => logStreamName!,
    );
  /** What the role for probes has called, and whether AWS has allowed it. */
  const probed = (since: number) =>
    fleet.emulator.judgments
      .slice(since)
      .filter(({ principal }) => principal.includes(`/${PROBE_ROLE}/`))
      .map(({ action, allowed }) => `${action} ${allowed ? "allowed" : "refused"}`);

  beforeAll(async () => {
    fleet.write(GATED);
    await createPlanRole(fleet.emulator, NEXT);
    expect(await fleet.run("plan", SESSION, "account-next", "--out", "gated")).toMatchObject({ status: 2 });
  });

  it("is not in force while it records nothing, which only the probe shows: the rollout ends there", async () => {
    const { Policy = "" } = await aws.s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
    const { Statement, ...policy } = JSON.parse(Policy) as { Statement: object[] };
    // Nothing that doctor reads says so: the bucket is there, encrypted, versioned and locked.
    const broken = {
      Sid: "Broken",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${BUCKET}/*`,
    };
    await aws.s3.send(
      new PutBucketPolicyCommand({
        Bucket: BUCKET,
        Policy: JSON.stringify({ ...policy, Statement: [...Statement, broken] }),
      }),
    );
    const [before, since] = [await transcripts(), fleet.emulator.judgments.length];
    try {
      expect(open((await doctor("--kind", "session", "--account", "solo")).lines)).toEqual([]);
      const objection = "doctor found 1 thing in wave first not in force, or could not look";
      const last = await fleet.run("deploy", "gated", "--until", "first");
      expect(last.status).toBe(1);
      expect(last.stdout).toContain(`  ${objection}\n`);
      expect(last.stdout).toContain("deploy gated --resume --until first\n");
      const stopped = await fleet.run("deploy", "gated", "--resume", "--json");
      expect(stopped.status).toBe(1);
      expect(outcomes(stopped.stdout)).toMatchObject({ "account-next": `not started: ${objection}` });
      expect(JSON.parse(stopped.stdout)).toMatchObject({ held: objection });
      expect(stopped.stderr.replaceAll(/\s+/g, " ")).toMatch(
        new RegExp(`${SESSION}: probe ${PROBE_ROLE}: s3:PutObject: .*not authorized`),
      );
    } finally {
      await aws.s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
    }
    expect(probed(since)).toContain("s3:PutObject refused");
    expect(await transcripts()).toEqual(before);
  });

  it("begins the next one once the probe has found its record, and leaves one record of one line", async () => {
    const [before, known] = [await transcripts(), await streams()];
    const since = fleet.emulator.judgments.length;
    const { status, stdout } = await fleet.run(
      "deploy",
      "gated",
      "--resume",
      "--json",
      "--no-converge-check",
    );
    expect(status).toBe(0);
    expect(outcomes(stdout)["account-next"]).toBe("applied");
    expect(probed(since).filter((call) => /^(logs|s3):Put/.test(call))).toEqual([
      ...["logs:PutLogEvents allowed", "s3:PutObject allowed"],
    ]);
    const [transcript, ...others] = (await transcripts()).filter((key) => !before.includes(key));
    const [stream, ...more] = (await streams()).filter((name) => !known.includes(name));
    expect([others, more]).toEqual([[], []]);
    expect(transcript).toBe(`sessions/${SOLO}/${REGION}/${stream}.log`);
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: transcript! }));
    expect((await Body!.transformToString()).trim().split("\n")).toEqual([
      expect.stringMatching(/^This is a probe of session-audit doctor/),
    ]);
  });
});
