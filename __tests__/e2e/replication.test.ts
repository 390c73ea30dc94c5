import { join } from "node:path";
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { readTranscript } from "../../demo/evidence";
import { clientConfig, createInstanceRoles, createPerson, listen, type Listener } from "../../demo/people";
import { organizationOf, type Deployment } from "../../demo/deployment";
import type { ReportLine, SessionRow } from "../../report/model";
import { names, placeOf } from "../../stacks/names";
import { readOrganization } from "../../stacks/read-organization";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";
import { runReport } from "../helpers/run-report";

// An archive whose transcripts are replicated to another account and region, deployed by the real Terraform.
const MAP = join(ROOT, "__tests__", "fixtures", "replication.yaml");
const [ARCHIVE, SHOP, OFFICE, BACKUP] = [
  ...["111111111111", "222222222222", "333333333333", "555555555555"],
] as const;
const SOURCE = `session-audit-twice-${ARCHIVE}-eu-central-1`;
const COPY = `${SOURCE}-copy`;
const placeOfArchive = placeOf(
  { name: "twice" },
  { account: { name: "archive", id: ARCHIVE, partition: "aws" }, region: "eu-central-1" },
);

let embedded: Embedded;
let deployment: Deployment;
let archive: S3Client;
let backup: S3Client;
let keys: KMSClient;
/** A queue behind the topic for findings of all accounts, which is in the account of the copy. */
let findings: Listener;

beforeAll(async () => {
  const organization = readOrganization(MAP);
  embedded = await startEmbedded({
    organizationTrail: true,
    organization: organizationOf(organization),
    recordManagementCalls: ({ eventName }) => eventName === "DisableKey",
  });
  deployment = embedded.rehearse(MAP);
  const [shop, office] = ["shop", "office"].map((name) =>
    organization.accounts.find((account) => account.name === name)!,
  );
  for (const account of [shop!, office!]) await createInstanceRoles(embedded.emulator, account);
  await deployment.synthesize();
  await deployment.apply(deployment.stacks);
  for (const account of [shop!, office!])
    await createPerson(embedded.emulator, organization, account, "operator");
  await createPerson(embedded.emulator, organization, shop!, "reviewer", "session-reviewer");
  const s3 = async (account: string, region: string) =>
    new S3Client({ ...(await clientConfig(embedded.emulator, account, region)), forcePathStyle: true });
  archive = await s3(ARCHIVE, "eu-central-1");
  backup = await s3(BACKUP, "eu-west-1");
  keys = new KMSClient(await clientConfig(embedded.emulator, BACKUP, "eu-west-1"));
  const { account, region } = organization.central!;
  findings = await listen(embedded.emulator, placeOf(organization, { account, region }), {
    topic: "session-audit-twice-all-security",
    queue: "findings",
  });
});
afterAll(() => embedded?.stop());

const session = (operatorSessionName: string, accountId: string = SHOP) =>
  embedded.emulator.runSession({
    accountId,
    region: "eu-central-1",
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "app-server",
    operatorRoleName: "operator",
    operatorSessionName,
    commands: ["id"],
  });
const replicationsOf = (key: string | undefined) =>
  embedded.emulator.replications.filter((replication) => replication.key === key);
const replicaKey = async () => {
  const { ReplicationConfiguration } = await archive.send(
    new GetBucketReplicationCommand({ Bucket: SOURCE }),
  );
  return ReplicationConfiguration!.Rules![0]!.Destination!.EncryptionConfiguration!.ReplicaKmsKeyID!;
};
const copyOf = (Key: string) => backup.send(new GetObjectCommand({ Bucket: COPY, Key }));

it("the replica is deployed after the archive, and before the session stacks that write to the archive", () => {
  expect(deployment.stacks.map(({ id }) => id)).toEqual([
    "central-eu-west-1",
    "archive-eu-central-1",
    "replica-archive-eu-central-1",
    "account-archive",
    "account-backup",
    "account-shop",
    "session-shop-eu-central-1",
    "account-office",
    "session-office-eu-central-1",
  ]);
});

it("a second plan has no changes", async () => {
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

it("the replication rule names the replica's key by its ARN, which is known only after apply", async () => {
  const { ReplicationConfiguration } = await archive.send(
    new GetBucketReplicationCommand({ Bucket: SOURCE }),
  );
  const [rule] = ReplicationConfiguration!.Rules!;
  expect(await replicaKey()).toMatch(/^arn:aws:kms:eu-west-1:555555555555:key\/[\w-]+$/);
  expect(rule!.DeleteMarkerReplication).toEqual({ Status: "Disabled" });
});

it("a transcript is replicated with its text and lock, encrypted with the replica's own key", async () => {
  const { transcriptKey: Key, warnings } = await session("alice");
  expect(warnings).toEqual([]);
  expect(replicationsOf(Key)).toEqual([{ bucket: SOURCE, key: Key, destination: COPY, status: "COMPLETED" }]);
  const original = await archive.send(new GetObjectCommand({ Bucket: SOURCE, Key }));
  const copy = await copyOf(Key!);
  expect(await copy.Body!.transformToString()).toBe(await original.Body!.transformToString());
  expect(copy.ObjectLockMode).toBe("GOVERNANCE");
  expect(copy.ObjectLockRetainUntilDate).toEqual(original.ObjectLockRetainUntilDate);
  expect(copy.SSEKMSKeyId).toMatch(/^arn:aws:kms:eu-west-1:555555555555:/);
  expect(copy.SSEKMSKeyId).not.toBe(original.SSEKMSKeyId);
});

it("the copy stays readable when a delete marker hides the original", async () => {
  const { transcriptKey: Key } = await session("bob");
  await archive.send(new DeleteObjectCommand({ Bucket: SOURCE, Key }));
  await expect(archive.send(new GetObjectCommand({ Bucket: SOURCE, Key }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
  expect(await (await copyOf(Key!)).Body!.transformToString()).toContain("sh-5.2$ id");
});

it("replication fails visibly, and leaves the original, when the replica's key is disabled", async () => {
  const KeyId = (await replicaKey()).split("/")[1];
  await keys.send(new DisableKeyCommand({ KeyId }));
  const { transcriptKey: Key, warnings } = await session("carol").finally(() =>
    keys.send(new EnableKeyCommand({ KeyId })),
  );
  expect(warnings).toEqual([]);
  expect(replicationsOf(Key)).toMatchObject([{ status: "FAILED", reason: "DstKmsKeyInvalidState" }]);
  await expect(copyOf(Key!)).rejects.toMatchObject({ name: "NoSuchKey" });
  expect((await archive.send(new GetObjectCommand({ Bucket: SOURCE, Key }))).ContentLength).toBeGreaterThan(
    0,
  );
});

describe("a finding", () => {
  const received = async () => {
    await embedded.emulator.settled();
    return findings.receive();
  };
  beforeEach(received);

  it("about the replica is on the central topic, once", async () => {
    const KeyId = (await replicaKey()).split("/")[1];
    await keys.send(new DisableKeyCommand({ KeyId }));
    const told = await received().finally(() => keys.send(new EnableKeyCommand({ KeyId })));
    expect(told).toMatchObject([{ action: "DisableKey", account: BACKUP, region: "eu-west-1" }]);
  });

  it.each([
    ["the archive's channel", "session-audit-twice-archive-security-undelivered"],
    ["replication that has failed", names.replicationFailed(placeOfArchive)],
  ])("of the archive about %s is on the central topic, once", async (_, alarm) => {
    expect(await embedded.emulator.breachAlarm(ARCHIVE, "eu-central-1", alarm)).toEqual([]);
    expect(await received()).toMatchObject([
      { alarm, state: "ALARM", account: ARCHIVE, region: "eu-central-1" },
    ]);
  });
});

describe("the report of an organization with an archive and a replica", () => {
  const rowOf = async (sessionId: string): Promise<SessionRow> => {
    const { stdout } = await runReport(
      embedded,
      { map: MAP },
      "--session",
      sessionId,
      "--json",
      "--no-trail",
    );
    const lines = stdout.trimEnd().split("\n");
    return lines
      .map((line) => JSON.parse(line) as ReportLine)
      .find((line): line is SessionRow => line.type === "session")!;
  };

  it("finds the transcript in the archive, its copy in the replica, and that S3 has replicated it", async () => {
    const { sessionId, transcriptKey: key } = await session("frank");
    const row = await rowOf(sessionId);
    expect(row).toMatchObject({
      account: "shop",
      verdict: { kind: "recorded" },
      transcript: { bucket: SOURCE, key, place: "archive", replicationStatus: "COMPLETED", versions: 1 },
      replica: { bucket: COPY, key, place: "replica", replicationStatus: "REPLICA", versions: 1 },
    });
    expect(row.transcript!.kmsKey).toMatch(/^arn:aws:kms:eu-central-1:111111111111:/);
    expect(row.replica!.kmsKey).toBe(await replicaKey());
    expect(row.replica!.retainUntil).toBe(row.transcript!.retainUntil);
  });

  it("shows both, and the status, on the card of the session", async () => {
    const { sessionId } = await session("grace");
    const { stdout } = await runReport(embedded, { map: MAP }, "--session", sessionId, "--no-trail");
    expect(stdout).toMatch(/Kind of bucket +the archive/);
    expect(stdout).toMatch(/Kind of bucket +the replica/);
    expect(stdout).toMatch(/Replication +COMPLETED/);
    expect(stdout).toMatch(/Replication +REPLICA/);
  });

  it("shows that replication has failed, and no copy", async () => {
    const KeyId = (await replicaKey()).split("/")[1];
    await keys.send(new DisableKeyCommand({ KeyId }));
    const { sessionId } = await session("heidi").finally(() => keys.send(new EnableKeyCommand({ KeyId })));
    expect(await rowOf(sessionId)).toMatchObject({
      verdict: { kind: "recorded" },
      transcript: { replicationStatus: "FAILED" },
      replica: null,
    });
  });

  it("contradicts a session whose transcript the archive no longer shows, and still has its copy", async () => {
    const { sessionId, transcriptKey: Key } = await session("ivan");
    await archive.send(new DeleteObjectCommand({ Bucket: SOURCE, Key }));
    const row = await rowOf(sessionId);
    expect(row).toMatchObject({
      verdict: { kind: "contradicted" },
      transcript: { deleted: true },
      replica: { deleted: false },
    });
    expect(row.verdict.words.join(" ")).toContain("A delete marker hides the transcript");
  });
});

describe("a reader of a member account", () => {
  const reads = (key: string, where: { owner: string; bucket: string; region: string }) => {
    const { partition } = deployment.organization.accounts[0]!;
    const account = { name: "any", id: where.owner, partition };
    return readTranscript(
      embedded.emulator,
      { accountId: SHOP, role: "session-reviewer" },
      { place: { organization: "twice", account, region: where.region }, bucket: where.bucket, key },
    );
  };
  const IN_ARCHIVE = { owner: ARCHIVE, bucket: SOURCE, region: "eu-central-1" };
  const IN_REPLICA = { owner: BACKUP, bucket: COPY, region: "eu-west-1" };

  it.each([
    ["the archive", IN_ARCHIVE],
    ["the replica", IN_REPLICA],
  ])("reads the account's own transcript in %s, and is refused another account's", async (_where, where) => {
    const own = (await session("dave")).transcriptKey!;
    const others = (await session("erin", OFFICE)).transcriptKey!;
    expect(others).toMatch(new RegExp(`^sessions/${OFFICE}/`));
    expect(await reads(own, where)).toContain("sh-5.2$ id");
    await expect(reads(others, where)).rejects.toThrow(
      `s3:GetObject on arn:aws:s3:::${where.bucket}/${others} is denied by`,
    );
    // The archive's own client reads it: the transcript is there.
    const { Body } = await (where === IN_ARCHIVE ? archive : backup).send(
      new GetObjectCommand({ Bucket: where.bucket, Key: others }),
    );
    expect(await Body!.transformToString()).toContain("sh-5.2$ id");
  });
});
