import type { AccountClients } from "../../../emulator/clients/account-clients";
import type { Authorizer } from "../../../emulator/iam/authorizer";
import type { BucketOwners } from "../../../emulator/s3/bucket-owners";
import { BucketReplications, type Replication } from "../../../emulator/s3/bucket-replications";
import { Replicator } from "../../../emulator/s3/replicator";
import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { rehearsalOverride } from "../../../emulator/child-environment";

const ROLE = "arn:aws:iam::111111111111:role/replication";
const KEY = (account: string, region: string) => `arn:aws:kms:${region}:${account}:key/k`;
const put = (body: string, url = "/source?replication="): AwsRequest => ({
  method: "PUT",
  url,
  headers: {},
  body: Buffer.from(body),
  isBuffered: true,
  protocol: "rest-xml",
  service: "s3",
  region: "eu-central-1",
  accessKeyId: "AKIA",
  operation: `PUT ${url}`,
});

/** As the AWS provider writes it. */
const xml = ({ role = ROLE, key = KEY("555555555555", "eu-west-1"), bucket = "copy", status = "Enabled" }) =>
  [
    `<ReplicationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Role>${role}</Role><Rule>`,
    "<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>",
    `<Destination><AccessControlTranslation><Owner>Destination</Owner></AccessControlTranslation>`,
    `<Account>555555555555</Account><Bucket>${bucket === "" ? "" : `arn:aws:s3:::${bucket}`}</Bucket>`,
    key === ""
      ? ""
      : `<EncryptionConfiguration><ReplicaKmsKeyID>${key}</ReplicaKmsKeyID></EncryptionConfiguration>`,
    "<Metrics><Status>Enabled</Status></Metrics></Destination>",
    "<Filter><Prefix>sessions/</Prefix></Filter><ID>transcripts</ID><Priority>1</Priority>",
    "<SourceSelectionCriteria><SseKmsEncryptedObjects><Status>Enabled</Status></SseKmsEncryptedObjects></SourceSelectionCriteria>",
    `<Status>${status}</Status></Rule></ReplicationConfiguration>`,
  ].join("");

/** Passes a request as the gateway does, with the status that S3 answers. */
async function send(replications: BucketReplications, request: AwsRequest, status = 200) {
  const report = replications.observe(request);
  const answer = await replications.answer(request).catch((error: Error) => {
    report(400);
    throw error;
  });
  report(answer?.status ?? status);
  return answer;
}

describe("the replication of a bucket", () => {
  it("is returned and read as it was set", async () => {
    const replications = new BucketReplications();
    await send(replications, put(xml({})));
    expect(replications.of("source")).toEqual({
      role: ROLE,
      rules: [
        {
          id: "transcripts",
          isEnabled: true,
          prefix: "sessions/",
          includesKmsEncrypted: true,
          destination: "copy",
          overridesOwner: true,
          replicaKey: KEY("555555555555", "eu-west-1"),
        },
      ],
    });
    const answer = await replications.answer({ ...put(""), method: "GET" });
    expect(answer?.body).toBe(xml({}));
  });

  it("depends on the status of the rule, not on a status inside it", async () => {
    const replications = new BucketReplications();
    await send(replications, put(xml({ status: "Disabled" })));
    expect(replications.of("source")!.rules[0]!.isEnabled).toBe(false);
  });

  it.each(["/source?replication=", "/source"])("is gone after DELETE %s", async (url) => {
    const replications = new BucketReplications();
    await send(replications, put(xml({})));
    await send(replications, { ...put("", url), method: "DELETE" }, 204);
    expect(replications.of("source")).toBeUndefined();
  });

  it.each(["/source?replication=", "/source"])("stays when S3 refuses DELETE %s", async (url) => {
    const replications = new BucketReplications();
    await send(replications, put(xml({})));
    await send(replications, { ...put("", url), method: "DELETE" }, 409);
    expect(replications.of("source")).toMatchObject({ role: ROLE });
  });

  it("is not set when S3 refuses it", async () => {
    const replications = new BucketReplications();
    await send(replications, put(xml({})), 404);
    expect(replications.of("source")).toBeUndefined();
  });

  it.each([
    ["a role that is not an ARN", { role: "replication" }, "InvalidArgument"],
    ["no bucket", { bucket: "" }, "InvalidArgument"],
    ["no key for objects that KMS encrypts", { key: "" }, "InvalidRequest"],
  ])("is refused with %s, and the previous one stays", async (_what, change, code) => {
    const replications = new BucketReplications();
    await send(replications, put(xml({})));
    await expect(send(replications, put(xml(change)))).rejects.toMatchObject({ code });
    expect(replications.of("source")).toMatchObject({ role: ROLE });
  });
});

interface World {
  readonly refused: string;
  readonly versioning: string;
  readonly locks: readonly string[];
  readonly usable: readonly string[];
  readonly trust: object;
  readonly replicaKey: string;
  readonly roles: readonly string[];
  readonly buckets: readonly string[];
  readonly regions: Readonly<Record<string, string>>;
  readonly algorithm: string;
}

const WORLD: World = {
  refused: "",
  versioning: "Enabled",
  locks: ["source", "copy"],
  usable: ["111111111111", "555555555555"],
  trust: { Service: "s3.amazonaws.com" },
  replicaKey: KEY("555555555555", "eu-west-1"),
  roles: ["replication"],
  buckets: ["source", "copy"],
  regions: { source: "eu-central-1", copy: "eu-west-1" },
  algorithm: "aws:kms",
};

/** A replicator in a made-up AWS, and what it has written. */
function replicatorIn(world: World) {
  const written: Record<string, unknown>[] = [];
  const absent = (name: string) => Object.assign(new Error(name), { name });
  const answers: Record<string, (input: Record<string, string>, account: string) => unknown> = {
    GetRoleCommand: ({ RoleName }) => {
      if (!world.roles.includes(RoleName!)) throw absent("NoSuchEntity");
      const Statement = [{ Effect: "Allow", Principal: world.trust, Action: "sts:AssumeRole" }];
      return { Role: { AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }) } };
    },
    GetBucketLocationCommand: ({ Bucket }) => ({ LocationConstraint: world.regions[Bucket!] }),
    GetBucketVersioningCommand: () => ({ Status: world.versioning }),
    GetBucketEncryptionCommand: () => ({
      ServerSideEncryptionConfiguration: { Rules: [{ BucketKeyEnabled: true }] },
    }),
    GetObjectLockConfigurationCommand: ({ Bucket }) => {
      if (!world.locks.includes(Bucket!)) throw absent("ObjectLockConfigurationNotFoundError");
      return { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } };
    },
    GetObjectCommand: () => ({
      ServerSideEncryption: world.algorithm,
      SSEKMSKeyId: KEY("111111111111", "eu-central-1"),
      ObjectLockMode: "GOVERNANCE",
      ObjectLockRetainUntilDate: new Date(0),
      Body: { transformToByteArray: () => Promise.resolve(new Uint8Array()) },
    }),
    PutObjectCommand: (input) => void written.push(input),
    DescribeKeyCommand: ({ KeyId }, account) => ({
      KeyMetadata: {
        Arn: KeyId,
        KeyId: "k",
        KeyState: world.usable.includes(account) ? "Enabled" : "Disabled",
      },
    }),
    ListAliasesCommand: () => ({ Aliases: [] }),
  };
  const accounts = {
    in: (account: string) => {
      const send = async (command: { input: Record<string, string> }) =>
        answers[command.constructor.name]!(command.input, account);
      return Promise.resolve({ s3: { send }, iam: { send }, kms: { send } });
    },
  } as unknown as AccountClients;
  const authorizer = {
    authorize: ({ action, accountId }: { action: string; accountId: string }) =>
      Promise.resolve({
        allowed: ![action, `${action} in ${accountId}`].includes(world.refused),
        reason: `${action} is refused`,
      }),
  } as unknown as Authorizer;
  const owners = {
    of: (bucket: string) =>
      world.buckets.includes(bucket) ? (bucket === "source" ? "111111111111" : "555555555555") : undefined,
  } as unknown as BucketOwners;
  const replication: Replication = {
    role: ROLE,
    rules: [
      {
        id: "transcripts",
        isEnabled: true,
        prefix: "sessions/",
        includesKmsEncrypted: true,
        destination: "copy",
        overridesOwner: true,
        replicaKey: world.replicaKey,
      },
    ],
  };
  const replications = { of: () => replication } as unknown as BucketReplications;
  return { replicator: new Replicator(accounts, authorizer, owners, replications), written };
}

async function outcomeIn(change: Partial<World>, key = "sessions/x.log") {
  const { replicator, written } = replicatorIn({ ...WORLD, ...change });
  await replicator.replicate("source", key, "eu-central-1");
  return { outcome: replicator.outcomes[0], written };
}

describe("an object", () => {
  it("is copied with its lock and encrypted with the key of the replica", async () => {
    const { outcome, written } = await outcomeIn({});
    expect(outcome).toEqual({
      bucket: "source",
      key: "sessions/x.log",
      destination: "copy",
      status: "COMPLETED",
    });
    expect(written).toEqual([
      expect.objectContaining({
        Bucket: "copy",
        Key: "sessions/x.log",
        ObjectLockMode: "GOVERNANCE",
        ObjectLockRetainUntilDate: new Date(0),
        SSEKMSKeyId: KEY("555555555555", "eu-west-1"),
      }),
    ]);
  });

  it("without a KMS key is copied without using a KMS key of the source", async () => {
    const change = { algorithm: "AES256", refused: "kms:Decrypt in 111111111111" };
    expect((await outcomeIn(change)).outcome).toMatchObject({ status: "COMPLETED" });
  });

  it("is not copied when no rule selects it", async () => {
    expect(await outcomeIn({}, "other/x.log")).toEqual({ outcome: undefined, written: [] });
  });

  it.each<[string, Partial<World>, string]>([
    ["without the role", { roles: [] }, "AssumeRoleNotPermitted"],
    [
      "with a role that trusts another service",
      { trust: { Service: "ec2.amazonaws.com" } },
      "AssumeRoleNotPermitted",
    ],
    [
      "that the role may not read",
      { refused: "s3:GetObjectVersionForReplication" },
      "SrcGetObjectNotPermitted",
    ],
    ["in a bucket that the role may not list", { refused: "s3:ListBucket" }, "SrcGetObjectNotPermitted"],
    [
      "whose replication rule the role may not read",
      { refused: "s3:GetReplicationConfiguration" },
      "SrcGetObjectNotPermitted",
    ],
    ["whose ACL the role may not read", { refused: "s3:GetObjectVersionAcl" }, "SrcGetAclNotPermitted"],
    [
      "whose tags the role may not read",
      { refused: "s3:GetObjectVersionTagging" },
      "SrcGetTaggingNotPermitted",
    ],
    ["whose lock the role may not read", { refused: "s3:GetObjectRetention" }, "SrcGetRetentionNotPermitted"],
    [
      "whose legal hold the role may not read",
      { refused: "s3:GetObjectLegalHold" },
      "SrcGetLegalHoldNotPermitted",
    ],
    ["that the role may not decrypt", { refused: "kms:Decrypt in 111111111111" }, "SrcGetObjectNotPermitted"],
    ["whose key is disabled", { usable: ["555555555555"] }, "SrcKmsKeyInvalidState"],
    ["to a bucket that does not exist", { buckets: ["source"] }, "DstBucketNotFound"],
    ["to a bucket without versions", { versioning: "Suspended" }, "DstBucketUnversioned"],
    ["to a bucket without Object Lock", { locks: ["source"] }, "DstBucketObjectLockConfigMissing"],
    [
      "to a key by its alias",
      { replicaKey: "arn:aws:kms:eu-west-1:555555555555:alias/copy" },
      "DstKmsKeyNotFound",
    ],
    [
      "to a key in another region than the replica",
      { regions: { source: "eu-central-1", copy: "eu-west-2" } },
      "DstKmsKeyNotFound",
    ],
    [
      "to a key in another region than a replica in us-east-1",
      { regions: { source: "eu-central-1" } },
      "DstKmsKeyNotFound",
    ],
    ["to a key that is disabled", { usable: ["111111111111"] }, "DstKmsKeyInvalidState"],
    ["that the role may not encrypt", { refused: "kms:Encrypt" }, "DstPutObjectNotPermitted"],
    ["without a data key", { refused: "kms:GenerateDataKey" }, "DstPutObjectNotPermitted"],
    [
      "with a bucket key that the role may not decrypt",
      { refused: "kms:Decrypt in 555555555555" },
      "DstPutObjectNotPermitted",
    ],
    ["that the role may not write", { refused: "s3:ReplicateObject" }, "DstPutObjectNotPermitted"],
    [
      "whose owner the role may not override",
      { refused: "s3:ObjectOwnerOverrideToBucketOwner" },
      "DstPutObjectNotPermitted",
    ],
    ["that the role may not lock", { refused: "s3:PutObjectRetention" }, "DstPutRetentionNotPermitted"],
  ])("%s is not copied, and S3 gives the reason", async (_title, change, reason) => {
    const { outcome, written } = await outcomeIn(change);
    expect(outcome).toMatchObject({ status: "FAILED", reason });
    expect(written).toEqual([]);
  });
});

it("a stack with two providers is rehearsed with path-style S3 in both", () => {
  expect(rehearsalOverride("x.tfstate", null, ["source"])).toMatchObject({
    provider: { aws: [{ s3_use_path_style: true }, { alias: "source", s3_use_path_style: true }] },
  });
});
