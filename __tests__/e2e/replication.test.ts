import { join } from "node:path";
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { readTranscript } from "../../demo/evidence";
import { clientConfig, createInstanceRoles, createPerson } from "../../demo/people";
import { organizationOf, type Deployment } from "../../demo/deployment";
import { readOrganization } from "../../stacks/read-organization";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// An archive whose transcripts are replicated to another account and region, deployed by the real Terraform.
const MAP = join(ROOT, "__tests__", "fixtures", "replication.yaml");
const [ARCHIVE, SHOP, OFFICE, BACKUP] = [
  ...["111111111111", "222222222222", "333333333333", "555555555555"],
] as const;
const SOURCE = `session-audit-twice-${ARCHIVE}-eu-central-1`;
const COPY = `${SOURCE}-copy`;

let embedded: Embedded;
let deployment: Deployment;
let archive: S3Client;
let backup: S3Client;
let keys: KMSClient;

beforeAll(async () => {
  const organization = readOrganization(MAP);
  embedded = await startEmbedded({ organizationTrail: true, organization: organizationOf(organization) });
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
