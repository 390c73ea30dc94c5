import { join } from "node:path";
import { CreateLogGroupCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { TagRoleCommand } from "@aws-sdk/client-iam";
import { CreateAliasCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import {
  CreateDocumentCommand,
  DescribeSessionsCommand,
  ResumeSessionCommand,
  StartSessionCommand,
  TerminateSessionCommand,
  UpdateDocumentCommand,
} from "@aws-sdk/client-ssm";
import { startEmulator, type Emulator, type SessionRecord, type SessionRequest } from "../../emulator";
import type { Clients } from "../../emulator/clients/clients";
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
  ORGANIZATION_ID,
  policy,
  REGION,
  without,
  WORK,
  type Grants,
} from "../helpers/emulated";

const BUCKET = "transcripts-222222222222";
const GROUP = "/session-audit/transcripts";

let emulator: Emulator;
let work: Clients;
let archive: Clients;
let sessionKey: string;
let archiveKey: string;

beforeAll(async () => {
  const moto = await findMoto({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  const organization = { id: ORGANIZATION_ID, accounts: [WORK, ARCHIVE] };
  emulator = await startEmulator({ moto, organizationTrail: false, organization });
  work = await clientsOf(emulator, WORK);
  archive = await clientsOf(emulator, ARCHIVE);
  await deployArchive();
  await deployWork();
});

afterAll(() => emulator?.stop());

async function deployArchive(): Promise<void> {
  archiveKey = await createKey(archive);
  await archive.kms.send(
    new PutKeyPolicyCommand({ KeyId: archiveKey, PolicyName: "default", Policy: archiveKeyPolicy() }),
  );
  await archive.s3.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  await encryptBucket("aws:kms");
  await archive.s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: bucketPolicy() }));
}

const members = { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION_ID } };
const archiveKeyPolicy = () =>
  policy(
    delegateTo(ARCHIVE),
    allow(["kms:GenerateDataKey", "kms:Decrypt"], "*", {
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: {
          "aws:PrincipalOrgID": ORGANIZATION_ID,
          "kms:ViaService": `s3.${REGION}.amazonaws.com`,
        },
        ArnEquals: { "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${BUCKET}` },
      },
    }),
  );
const bucketPolicy = () =>
  policy(
    allow(["s3:PutObject", "s3:PutObjectAcl"], `arn:aws:s3:::${BUCKET}/sessions/\${aws:PrincipalAccount}/*`, {
      Principal: { AWS: "*" },
      Condition: members,
    }),
    allow("s3:GetEncryptionConfiguration", `arn:aws:s3:::${BUCKET}`, {
      Principal: { AWS: "*" },
      Condition: members,
    }),
  );

async function encryptBucket(SSEAlgorithm: "aws:kms" | "aws:kms:dsse"): Promise<void> {
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm, KMSMasterKeyID: archiveKey };
  await archive.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: BUCKET,
      ServerSideEncryptionConfiguration: {
        Rules: [{ BucketKeyEnabled: true, ApplyServerSideEncryptionByDefault }],
      },
    }),
  );
}

async function deployWork(): Promise<void> {
  sessionKey = await createKey(work);
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
  for (const role of ["Web", "Operator", "Namesake"]) await createRole(work, role);
  await grant(work, "Web", agentGrants());
  await grant(work, "Operator", operatorGrants());
  await grant(work, "Namesake", operatorGrants());
  await createRole(work, "Tagged");
  await grant(work, "Tagged", operatorGrants());
  const Tags = [{ Key: "SSMSessionRunAs", Value: "carol" }];
  await work.iam.send(new TagRoleCommand({ RoleName: "Tagged", Tags }));
}

const sessionKeyPolicy = () =>
  policy(
    delegateTo(WORK),
    allow(["kms:GenerateDataKey*", "kms:Decrypt*"], "*", {
      Principal: { Service: `logs.${REGION}.amazonaws.com` },
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${REGION}:${WORK}:log-group:${GROUP}`,
        },
      },
    }),
  );

let revision = 0;
function preferences(inputs: object): string {
  return JSON.stringify({
    schemaVersion: "1.0",
    description: `revision ${++revision}`,
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

const agentGrants = (): Grants => ({
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

  it("starts without a warning", () => {
    expect(record).toMatchObject({ started: true, warnings: [] });
  });

  it("has an id made of the operator's name and 26 characters", () => {
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

describe("a missing grant", () => {
  afterEach(async () => {
    await grant(work, "Web", agentGrants());
    await grant(work, "Operator", operatorGrants());
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
  `("refuses a session (no $grant of $role)", async ({ role, grant: missing, refusal }) => {
    await grant(work, role, without(role === "Web" ? agentGrants() : operatorGrants(), missing));
    const record = await session();
    expect(record.started).toBe(false);
    expect(record.refusal).toContain(refusal);
  });

  it.each`
    grant          | lost
    ${"upload"}    | ${"transcriptKey"}
    ${"bucketKey"} | ${"transcriptKey"}
    ${"streams"}   | ${"logStream"}
  `(
    "does not refuse a session that silently loses its $lost (no $grant of the node)",
    async ({ grant: missing, lost }) => {
      await grant(work, "Web", without(agentGrants(), missing));
      const record = await session();
      expect(record).toMatchObject({ started: true, warnings: [expect.any(String)] });
      expect(record).not.toHaveProperty(lost);
    },
  );
});

it("enforcement does not refuse a session whose node is denied only to write: it leaves no record at all", async () => {
  const deny = { ...allow(["s3:PutObject", "logs:PutLogEvents"], "*"), Effect: "Deny" };
  await grant(work, "Web", { ...agentGrants(), deny });
  const record = await session().finally(() => grant(work, "Web", agentGrants()));
  expect(record).toMatchObject({ started: true, warnings: [expect.any(String), expect.any(String)] });
  expect(record).not.toHaveProperty("transcriptKey");
  expect(record).not.toHaveProperty("logStream");
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

  it("starts without a record when encryption is not enforced and the log group is missing", async () => {
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

  it("creates ssm-user on an instance only without Run As", async () => {
    const on = (instanceId: string) => session({ instanceId });
    await prefer({ runAsEnabled: true, runAsDefaultUser: "ssm-user" });
    const missing = "Unable to start shell: failed to start pty since RunAs user ssm-user does not exist";
    expect(await on("i-0aaaaaaaaaaaaaaa1")).toMatchObject({ started: false, refusal: missing });
    await prefer({});
    expect(await on("i-0aaaaaaaaaaaaaaa1")).toMatchObject({ started: true });
    await prefer({ runAsEnabled: true, runAsDefaultUser: "ssm-user" });
    expect(await on("i-0aaaaaaaaaaaaaaa1")).toMatchObject({ started: true });
    expect(await on("i-0aaaaaaaaaaaaaaa2")).toMatchObject({ started: false, refusal: missing });
  });

  it.each`
    tag          | defaultUser | users               | user         | refusal
    ${undefined} | ${"ops"}    | ${["ops"]}          | ${"ops"}     | ${undefined}
    ${"carol"}   | ${"ops"}    | ${["ops", "carol"]} | ${"carol"}   | ${undefined}
    ${"carol"}   | ${"ops"}    | ${["ops"]}          | ${undefined} | ${"RunAs user carol does not exist"}
    ${"carol"}   | ${""}       | ${["carol"]}        | ${"carol"}   | ${undefined}
    ${undefined} | ${""}       | ${["ops"]}          | ${undefined} | ${"please set the RunAs default user"}
    ${undefined} | ${"ops"}    | ${[]}               | ${undefined} | ${"RunAs user ops does not exist"}
  `(
    "runs as $user with the tag $tag and the default $defaultUser on an instance with $users",
    async ({ tag, defaultUser, users, user, refusal }) => {
      await prefer({ runAsEnabled: true, runAsDefaultUser: defaultUser });
      const operatorRoleName = tag === undefined ? "Operator" : "Tagged";
      const record = await session({ operatorRoleName, users });
      expect(record.started).toBe(refusal === undefined);
      if (refusal !== undefined) return expect(record.refusal).toContain(refusal);
      const { events } = await work.logs.send(
        new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: record.logStream ?? "" }),
      );
      expect(JSON.parse(events?.[0]?.message ?? "{}")).toMatchObject({ runAsUser: user });
    },
  );

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
    try {
      expect((await session()).refusal).toContain(
        "encryption is not set up on the selected Amazon S3 bucket",
      );
    } finally {
      await encryptBucket("aws:kms");
    }
  });
});

describe("the session API", () => {
  const connect = (instanceId: string) =>
    emulator.registerInstance({ accountId: WORK, region: REGION, instanceId, instanceRoleName: "Web" });
  const runOnce = async (Target: string) => {
    const { SessionId } = await work.ssm.send(new StartSessionCommand({ Target }));
    await work.ssm.send(new TerminateSessionCommand({ SessionId }));
    return SessionId;
  };
  const historyOf = async (clients: Clients, target: string, NextToken?: string) =>
    clients.ssm.send(
      new DescribeSessionsCommand({
        State: "History",
        MaxResults: 2,
        Filters: [{ key: "Target", value: target }],
        NextToken,
      }),
    );

  it("refuses a session on a node that is not connected", async () => {
    await expect(work.ssm.send(new StartSessionCommand({ Target: "i-unknown" }))).rejects.toMatchObject({
      name: "TargetNotConnected",
    });
  });

  it("does not allow another role to end a session, even under the same session name", async () => {
    connect("i-2");
    const alice = await clientsOf(emulator, WORK, "Operator", "alice");
    const { SessionId } = await alice.ssm.send(new StartSessionCommand({ Target: "i-2" }));
    const terminate = new TerminateSessionCommand({ SessionId });
    const namesake = await clientsOf(emulator, WORK, "Namesake", "alice");
    await expect(namesake.ssm.send(terminate)).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(alice.ssm.send(terminate)).resolves.toMatchObject({ SessionId });
  });

  it("ends and resumes the session of an assumed role only by a statement that compares the owner", async () => {
    connect("i-5");
    const alice = await clientsOf(emulator, WORK, "Operator", "alice");
    const { SessionId } = await alice.ssm.send(new StartSessionCommand({ Target: "i-5" }));
    const byArn = allow(
      ["ssm:TerminateSession", "ssm:ResumeSession"],
      ["arn:aws:ssm:*:*:session/${aws:userid}-*", "arn:aws:ssm:*:*:session/${aws:username}-*"],
    );
    const denied = { name: "AccessDeniedException" };
    try {
      await grant(work, "Operator", { ...operatorGrants(), end: byArn });
      await expect(alice.ssm.send(new ResumeSessionCommand({ SessionId }))).rejects.toMatchObject(denied);
      await expect(alice.ssm.send(new TerminateSessionCommand({ SessionId }))).rejects.toMatchObject(denied);
    } finally {
      await grant(work, "Operator", operatorGrants());
    }
    await expect(alice.ssm.send(new ResumeSessionCommand({ SessionId }))).resolves.toMatchObject({
      SessionId,
    });
    await expect(alice.ssm.send(new TerminateSessionCommand({ SessionId }))).resolves.toMatchObject({
      SessionId,
    });
  });

  it("pages through sessions", async () => {
    connect("i-3");
    const made = [await runOnce("i-3"), await runOnce("i-3"), await runOnce("i-3")];
    const first = await historyOf(work, "i-3");
    const second = await historyOf(work, "i-3", first.NextToken);
    const ids = [first, second].map(({ Sessions = [] }) => Sessions.map(({ SessionId }) => SessionId));
    expect(ids.map((page) => page.length)).toEqual([2, 1]);
    expect(ids.flat().sort()).toEqual(made.sort());
  });

  it("keeps sessions apart by account and region", async () => {
    connect("i-4");
    await runOnce("i-4");
    expect((await historyOf(work, "i-4")).Sessions).toHaveLength(1);
    expect((await historyOf(archive, "i-4")).Sessions).toEqual([]);
  });
});
