import { GetRoleCommand } from "@aws-sdk/client-iam";
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  type GetObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { arnParts } from "../../aws/arn";
import type { Accounts } from "../clients/accounts";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";
import type { BucketOwners } from "./bucket-owners";
import type { BucketReplications, ReplicationRule } from "./bucket-replications";
import type { Clients } from "../clients/clients";
import { absentIf, parsePolicy } from "../iam/deployed-policies";
import { keyOf } from "../iam/keys";
import { iamRegion, partitionOf, regionalService } from "../clients/partitions";
import { mapStatements } from "../iam/policy-document";
import { simulate } from "../iam/policy-simulator";
import { serviceFor } from "../iam/service-principal";

/** What became of an object that a rule of its bucket is for. */
export interface ReplicationOutcome {
  readonly bucket: string;
  readonly key: string;
  readonly destination: string;
  readonly status: "COMPLETED" | "FAILED";
  /** S3's reason for a failure, such as `DstPutObjectNotPermitted`. */
  readonly reason?: string;
  /** A sentence for people. */
  readonly detail?: string;
}

/** A replication that fails, with S3's reason. */
class Failed extends Error {
  constructor(
    readonly reason: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** A bucket at either end, as S3 finds it. */
interface End {
  readonly owner: string;
  readonly bucket: string;
  readonly arn: string;
  readonly clients: Clients;
}

type Judged = Pick<
  AuthorizationRequest,
  "accountId" | "action" | "resource" | "context" | "encryptionContext"
>;

/**
 * Replicates as S3 does: with the role of the rule, judged by the policies as deployed, and with the lock of the
 * original. AWS does it some time later; here it is done at once.
 */
export class Replicator {
  private readonly done: ReplicationOutcome[] = [];

  constructor(
    private readonly accounts: Accounts,
    private readonly authorizer: Authorizer,
    private readonly owners: BucketOwners,
    private readonly replications: BucketReplications,
  ) {}

  /** What became of every object, oldest first. */
  get outcomes(): readonly ReplicationOutcome[] {
    return this.done;
  }

  /** Replicates an object that has been written. A failure is an outcome, as nobody but S3 sees it. */
  async replicate(bucket: string, key: string, region: string): Promise<void> {
    const replication = this.replications.of(bucket);
    for (const rule of replication?.rules ?? []) {
      if (!rule.isEnabled || !key.startsWith(rule.prefix)) continue;
      const outcome = { bucket, key, destination: rule.destination };
      try {
        await this.copy(replication!.role, rule, { bucket, key, region });
        this.done.push({ ...outcome, status: "COMPLETED" });
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        this.done.push({ ...outcome, status: "FAILED", reason: error.reason, detail: error.message });
      }
    }
  }

  private async copy(
    role: string,
    rule: ReplicationRule,
    { bucket, key, region }: { bucket: string; key: string; region: string },
  ): Promise<void> {
    const source = await this.end(bucket, region, "SrcBucketNotFound");
    await this.requireTrust(role, source);
    const judge = this.judgeOf(role);
    const original = await this.read(judge, source, key, rule);
    if (original === undefined) return;
    const replica = await this.end(rule.destination, region, "DstBucketNotFound");
    await requireDestination(source, replica);
    await this.requireReplicaKey(judge, replica, rule.replicaKey);
    const write = (action: string, reason: string) =>
      judge({ accountId: replica.owner, action, resource: `${replica.arn}/${key}` }, reason);
    await write("s3:ReplicateObject", "DstPutObjectNotPermitted");
    if (rule.overridesOwner) await write("s3:ObjectOwnerOverrideToBucketOwner", "DstPutObjectNotPermitted");
    if (original.ObjectLockMode !== undefined) {
      await write("s3:PutObjectRetention", "DstPutRetentionNotPermitted");
    }
    await replica.clients.s3.send(
      new PutObjectCommand({
        Bucket: rule.destination,
        Key: key,
        Body: await original.Body?.transformToByteArray(),
        ContentType: original.ContentType,
        ObjectLockMode: original.ObjectLockMode,
        ObjectLockRetainUntilDate: original.ObjectLockRetainUntilDate,
        ...(rule.replicaKey !== undefined && {
          ServerSideEncryption: "aws:kms" as const,
          SSEKMSKeyId: rule.replicaKey,
        }),
      }),
    );
  }

  /** Who is asked with a role, and the reason that S3 gives when it is refused. */
  private judgeOf(principal: string) {
    return async (request: Judged, reason: string): Promise<void> => {
      const { allowed, reason: detail } = await this.authorizer.authorize({ principal, ...request });
      if (!allowed) throw new Failed(reason, detail);
    };
  }

  private async end(bucket: string, region: string, reason: string): Promise<End> {
    const owner = this.owners.of(bucket);
    if (owner === undefined) throw new Failed(reason, `there is no bucket ${bucket}`);
    const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
    return { owner, bucket, arn, clients: await this.accounts.in(owner, region) };
  }

  /** The role's own account lets S3 take it, for this bucket. */
  private async requireTrust(role: string, source: End): Promise<void> {
    const { partition, accountId } = arnParts(role);
    const { iam } = await this.accounts.in(accountId, iamRegion(partition));
    const RoleName = role.split("/").at(-1);
    const found = await absentIf("NoSuchEntity", () => iam.send(new GetRoleCommand({ RoleName })));
    if (found?.Role === undefined) throw new Failed("AssumeRoleNotPermitted", `there is no role ${role}`);
    const trust = parsePolicy(found.Role.AssumeRolePolicyDocument);
    const { result, reason } = await simulate({
      principal: serviceFor("s3", role).service,
      action: "sts:AssumeRole",
      resource: role,
      resourceAccountId: accountId,
      context: { "aws:SourceAccount": source.owner, "aws:SourceArn": source.arn },
      // A trust policy's resource is the role that it stands on.
      resourcePolicy: mapStatements(trust, (statement) => ({ ...statement, Resource: role })),
    });
    if (result !== "Allowed") throw new Failed("AssumeRoleNotPermitted", reason);
  }

  /** The original with its lock; undefined: the rule is not for it. */
  private async read(
    judge: ReturnType<Replicator["judgeOf"]>,
    source: End,
    key: string,
    rule: ReplicationRule,
  ): Promise<GetObjectCommandOutput | undefined> {
    const [accountId, object] = [source.owner, `${source.arn}/${key}`];
    const ask = (action: string, resource: string, reason: string) =>
      judge({ accountId, action, resource }, reason);
    await ask("s3:GetReplicationConfiguration", source.arn, "SrcGetObjectNotPermitted");
    await ask("s3:ListBucket", source.arn, "SrcGetObjectNotPermitted");
    await ask("s3:GetObjectVersionForReplication", object, "SrcGetObjectNotPermitted");
    await ask("s3:GetObjectVersionAcl", object, "SrcGetAclNotPermitted");
    await ask("s3:GetObjectVersionTagging", object, "SrcGetTaggingNotPermitted");
    if (await canLock(source)) {
      await ask("s3:GetObjectRetention", object, "SrcGetRetentionNotPermitted");
      await ask("s3:GetObjectLegalHold", object, "SrcGetLegalHoldNotPermitted");
    }
    const original = await source.clients.s3.send(new GetObjectCommand({ Bucket: source.bucket, Key: key }));
    const keyId = original.SSEKMSKeyId;
    if (original.ServerSideEncryption !== "aws:kms" || keyId === undefined) return original;
    if (!rule.takesKmsEncrypted) return undefined;
    await this.requireKey(judge, source, keyId, ["kms:Decrypt"], {
      absent: "SrcKmsKeyInvalidState",
      unusable: "SrcKmsKeyInvalidState",
      refused: "SrcGetObjectNotPermitted",
    });
    return original;
  }

  private async requireReplicaKey(
    judge: ReturnType<Replicator["judgeOf"]>,
    replica: End,
    keyId: string | undefined,
  ): Promise<void> {
    if (keyId === undefined) return;
    // Users were told by AWS that an alias does not do, whatever the API reference says.
    if (!/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\//.test(keyId)) {
      throw new Failed("DstKmsKeyNotFound", `${keyId} is not the ARN of a key`);
    }
    await this.requireKey(judge, replica, keyId, ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], {
      absent: "DstKmsKeyNotFound",
      unusable: "DstKmsKeyInvalidState",
      refused: "DstPutObjectNotPermitted",
    });
  }

  private async requireKey(
    judge: ReturnType<Replicator["judgeOf"]>,
    { bucket, arn, clients }: End,
    keyId: string,
    actions: readonly string[],
    reasons: { readonly absent: string; readonly unusable: string; readonly refused: string },
  ): Promise<void> {
    const { region, accountId: owner } = arnParts(keyId);
    const key = await keyOf(await this.accounts.in(owner, region), keyId);
    if (key === undefined) throw new Failed(reasons.absent, `there is no key ${keyId}`);
    if (!key.usable) throw new Failed(reasons.unusable, `${key.arn} is disabled`);
    const stored = await clients.s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    const isBucketKey = stored.ServerSideEncryptionConfiguration?.Rules?.[0]?.BucketKeyEnabled === true;
    for (const action of actions) {
      await judge(
        {
          accountId: key.accountId,
          action,
          resource: key.arn,
          // Without a bucket key the context is the object, which no policy of ours lets pass.
          encryptionContext: { "aws:s3:arn": isBucketKey ? arn : `${arn}/*` },
          context: { "kms:ViaService": regionalService("s3", region), "kms:ResourceAliases": key.aliases },
        },
        reasons.refused,
      );
    }
  }
}

async function requireDestination(source: End, replica: End): Promise<void> {
  const { Status } = await replica.clients.s3.send(
    new GetBucketVersioningCommand({ Bucket: replica.bucket }),
  );
  if (Status !== "Enabled") throw new Failed("DstBucketUnversioned", `${replica.bucket} keeps no versions`);
  if ((await canLock(source)) && !(await canLock(replica))) {
    throw new Failed("DstBucketObjectLockConfigMissing", `${replica.bucket} cannot lock objects`);
  }
}

/** Whether objects of a bucket can be locked at all. */
const canLock = async ({ bucket, clients }: End): Promise<boolean> =>
  (
    await absentIf("ObjectLockConfigurationNotFoundError", () =>
      clients.s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket })),
    )
  )?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
