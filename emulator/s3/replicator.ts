import { GetRoleCommand } from "@aws-sdk/client-iam";
import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  type GetObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";
import type { BucketOwners } from "./bucket-owners";
import { hasBucketKey } from "./bucket-key";
import { bucketRegion } from "./bucket-region";
import type { BucketReplications, ReplicationRule } from "./bucket-replications";
import type { Clients } from "../clients/clients";
import { absentIf, parsePolicy } from "../iam/deployed-policies";
import { keyOf } from "../iam/keys";
import { iamRegion, partitionOf, regionalService } from "../clients/partitions";
import { mapStatements } from "../iam/policy-document";
import { simulate } from "../iam/policy-simulator";
import { serviceFor } from "../iam/service-principal";

/** The outcome of replicating one object by one rule. */
export interface ReplicationOutcome {
  readonly bucket: string;
  readonly key: string;
  readonly destination: string;
  readonly status: "COMPLETED" | "FAILED";
  /**
   * S3's reason for a failure, such as `DstPutObjectNotPermitted`.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html
   */
  readonly reason?: string;
  /** One sentence that explains the failure. */
  readonly detail?: string;
}

/** A replication that fails, with S3's reason. */
class ReplicationFailure extends Error {
  constructor(
    readonly reason: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** The source or the destination of a replication. */
interface ReplicationBucket {
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
 * Replicates objects as S3 does: as the role of the configuration, judged by the policies as deployed, and with the
 * Object Lock of the original. S3 replicates some time after the upload; here it happens at once.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export class Replicator {
  private readonly done: ReplicationOutcome[] = [];

  constructor(
    private readonly accounts: AccountClients,
    private readonly authorizer: Authorizer,
    private readonly owners: BucketOwners,
    private readonly replications: BucketReplications,
  ) {}

  /** The outcome of every replication, oldest first. */
  get outcomes(): readonly ReplicationOutcome[] {
    return this.done;
  }

  /**
   * The replication status of an object, as an answer about it names it; undefined: no rule selects it.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
   */
  statusOf(bucket: string, key: string): "COMPLETED" | "FAILED" | "REPLICA" | undefined {
    const about = this.done.filter((outcome) => outcome.key === key);
    const replicated = about.filter((outcome) => outcome.bucket === bucket).at(-1);
    if (replicated !== undefined) return replicated.status;
    const isCopy = about.some(({ destination, status }) => destination === bucket && status === "COMPLETED");
    return isCopy ? "REPLICA" : undefined;
  }

  /** Replicates an object that has just been written. A failure is an outcome and not an error, because only S3 sees it. */
  async replicate(bucket: string, key: string, region: string): Promise<void> {
    const replication = this.replications.of(bucket);
    for (const rule of replication?.rules ?? []) {
      if (!rule.isEnabled || !key.startsWith(rule.prefix)) continue;
      const outcome = { bucket, key, destination: rule.destination };
      try {
        await this.copy(replication!.role, rule, { bucket, key, region });
        this.done.push({ ...outcome, status: "COMPLETED" });
      } catch (error) {
        if (!(error instanceof ReplicationFailure)) throw error;
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

  /** A function that judges calls of the role, and throws S3's reason when a call is denied. */
  private judgeOf(principal: string) {
    return async (request: Judged, reason: string): Promise<void> => {
      const { allowed, reason: detail } = await this.authorizer.authorize({ principal, ...request });
      if (!allowed) throw new ReplicationFailure(reason, detail);
    };
  }

  private async end(bucket: string, region: string, reason: string): Promise<ReplicationBucket> {
    const owner = await this.owners.of(bucket);
    if (owner === undefined) throw new ReplicationFailure(reason, `There is no bucket ${bucket}`);
    const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
    return { owner, bucket, arn, clients: await this.accounts.in(owner, region) };
  }

  /** Requires that the role's trust policy lets S3 assume it for this bucket. */
  private async requireTrust(role: string, source: ReplicationBucket): Promise<void> {
    const { partition, accountId } = arnParts(role);
    const { iam } = await this.accounts.in(accountId, iamRegion(partition));
    const RoleName = arnParts(role).resource.split("/").at(-1);
    const found = await absentIf("NoSuchEntity", () => iam.send(new GetRoleCommand({ RoleName })));
    if (found?.Role === undefined)
      throw new ReplicationFailure("AssumeRoleNotPermitted", `There is no role ${role}`);
    const trust = parsePolicy(found.Role.AssumeRolePolicyDocument);
    const { result, reason } = await simulate({
      principal: serviceFor("s3", role).service,
      action: "sts:AssumeRole",
      resource: role,
      resourceAccountId: accountId,
      context: { "aws:SourceAccount": source.owner, "aws:SourceArn": source.arn },
      // A trust policy names no resource. Its resource is the role itself.
      resourcePolicy: mapStatements(trust, (statement) => ({ ...statement, Resource: role })),
    });
    if (result !== "Allowed") throw new ReplicationFailure("AssumeRoleNotPermitted", reason);
  }

  /** Reads the original with its Object Lock; undefined when the rule does not select it. */
  private async read(
    judge: ReturnType<Replicator["judgeOf"]>,
    source: ReplicationBucket,
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
    if (!rule.includesKmsEncrypted) return undefined;
    await this.requireKey(judge, source, keyId, ["kms:Decrypt"], {
      absent: "SrcKmsKeyInvalidState",
      unusable: "SrcKmsKeyInvalidState",
      refused: "SrcGetObjectNotPermitted",
    });
    return original;
  }

  private async requireReplicaKey(
    judge: ReturnType<Replicator["judgeOf"]>,
    replica: ReplicationBucket,
    keyId: string | undefined,
  ): Promise<void> {
    if (keyId === undefined) return;
    // AWS Support has confirmed to users that S3 does not replicate with an alias in place of the key's ARN.
    // @see https://github.com/ministryofjustice/aws-root-account/pull/1015
    const { service, accountId, resource } = arnParts(keyId);
    if (service !== "kms" || accountId === "" || !resource.startsWith("key/")) {
      throw new ReplicationFailure("DstKmsKeyNotFound", `${keyId} is not the ARN of a key`);
    }
    await this.requireKey(judge, replica, keyId, ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], {
      absent: "DstKmsKeyNotFound",
      unusable: "DstKmsKeyInvalidState",
      refused: "DstPutObjectNotPermitted",
    });
  }

  private async requireKey(
    judge: ReturnType<Replicator["judgeOf"]>,
    { bucket, arn, clients }: ReplicationBucket,
    keyId: string,
    actions: readonly string[],
    reasons: { readonly absent: string; readonly unusable: string; readonly refused: string },
  ): Promise<void> {
    const { region, accountId: owner } = arnParts(keyId);
    // S3 uses the KMS of the bucket's region, which does not know keys of other regions.
    if (region !== (await bucketRegion(clients, bucket)))
      throw new ReplicationFailure(reasons.absent, `${keyId} is in another region than ${bucket}`);
    const key = await keyOf(await this.accounts.in(owner, region), keyId);
    if (key === undefined) throw new ReplicationFailure(reasons.absent, `There is no key ${keyId}`);
    if (!key.usable) throw new ReplicationFailure(reasons.unusable, `${key.arn} is disabled`);
    const isBucketKey = await hasBucketKey(clients, bucket);
    for (const action of actions) {
      await judge(
        {
          accountId: key.accountId,
          action,
          resource: key.arn,
          // The object's key is not known here, so `/*` stands for it.
          encryptionContext: { "aws:s3:arn": isBucketKey ? arn : `${arn}/*` },
          context: { "kms:ViaService": regionalService("s3", region), "kms:ResourceAliases": key.aliases },
        },
        reasons.refused,
      );
    }
  }
}

async function requireDestination(source: ReplicationBucket, replica: ReplicationBucket): Promise<void> {
  const { Status } = await replica.clients.s3.send(
    new GetBucketVersioningCommand({ Bucket: replica.bucket }),
  );
  if (Status !== "Enabled")
    throw new ReplicationFailure("DstBucketUnversioned", `${replica.bucket} is not versioned`);
  if ((await canLock(source)) && !(await canLock(replica))) {
    throw new ReplicationFailure(
      "DstBucketObjectLockConfigMissing",
      `Object Lock is off in ${replica.bucket}`,
    );
  }
}

/** Whether Object Lock is on in a bucket. */
const canLock = async ({ bucket, clients }: ReplicationBucket): Promise<boolean> =>
  (
    await absentIf("ObjectLockConfigurationNotFoundError", () =>
      clients.s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket })),
    )
  )?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
