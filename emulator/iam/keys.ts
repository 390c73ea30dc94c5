import { DescribeKeyCommand, ListAliasesCommand } from "@aws-sdk/client-kms";
import { arnParts } from "../../aws/arn";
import type { Clients } from "../clients/clients";
import { absentIf } from "./deployed-policies";
import type { AuthorizationRequest, Authorizer } from "./authorizer";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";

/** The error code of SNS and SQS for a key that is not enabled. */
export const KEY_DISABLED = "KMSDisabled";

/** The use of the KMS key of a topic, queue or table on behalf of a principal. */
export interface KeyUse {
  readonly principal: AuthorizationRequest["principal"];
  /** ARN of the topic, queue or table. */
  readonly resourceArn: string;
  /** The `KmsMasterKeyId` of the resource: id, ARN or alias. Empty or undefined when the resource has no key. */
  readonly keyId: string | undefined;
  readonly encryptionContext: Readonly<Record<string, string>>;
  /**
   * Condition keys that the service passes to KMS. CloudWatch passes the alarm (`aws:SourceArn`); EventBridge and SNS
   * pass nothing; a service that acts on behalf of a principal passes `kms:ViaService`.
   */
  readonly source?: Readonly<Record<string, string>>;
  /** @default ["kms:GenerateDataKey", "kms:Decrypt"], with which a message is encrypted */
  readonly actions?: readonly string[];
}

/**
 * Requires that a principal may use the key of a resource. A resource without a key requires nothing.
 *
 * EventBridge passes neither `aws:SourceArn` nor `aws:SourceAccount` to KMS for an encrypted topic, so a key policy that
 * requires them denies EventBridge. The policy of an AWS managed key (`alias/aws/…`) admits no other service.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * @see https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @throws {@link AwsError} `NO_PERMISSIONS` when there is no such key or its policy refuses, `KMSDisabled` when the key is
 * not enabled
 */
export async function requireKeyOf(
  accounts: AccountClients,
  authorizer: Authorizer,
  use: KeyUse,
): Promise<void> {
  const { principal, resourceArn, keyId, encryptionContext, source } = use;
  const { actions = ["kms:GenerateDataKey", "kms:Decrypt"] } = use;
  if (keyId === undefined || keyId === "") return;
  if (/(^|:)alias\/aws\//.test(keyId)) {
    const who = typeof principal === "string" ? principal : principal.service;
    throw new AwsError(
      "NO_PERMISSIONS",
      `${keyId} is an AWS managed key, whose policy does not admit ${who}`,
    );
  }
  const key = await keyOf(await accounts.of(resourceArn), keyId);
  if (key === undefined) throw new AwsError("NO_PERMISSIONS", `There is no key ${keyId}`);
  for (const action of actions) {
    const { allowed, reason } = await authorizer.authorize({
      principal,
      accountId: key.accountId,
      action,
      resource: key.arn,
      encryptionContext,
      context: { "kms:ResourceAliases": key.aliases, ...source },
    });
    if (!allowed) throw new AwsError("NO_PERMISSIONS", reason);
  }
  if (!key.usable) throw new AwsError(KEY_DISABLED, `${key.arn} is disabled`);
}

/** A KMS key. */
export interface FoundKey {
  readonly arn: string;
  readonly accountId: string;
  /** The names of its aliases (`alias/…`), as in `kms:ResourceAliases`. */
  readonly aliases: readonly string[];
  /** Whether the key is enabled. Any other key neither encrypts nor decrypts. */
  readonly usable: boolean;
}

/**
 * Finds a key by id, ARN, `alias/…` or alias ARN; undefined when there is none.
 * @param clients of the account and region in which an id or an alias is looked up; for an ARN, of the key's owner
 */
export async function keyOf(clients: Clients, keyId: string): Promise<FoundKey | undefined> {
  const found = await absentIf("NotFound", () => clients.kms.send(new DescribeKeyCommand({ KeyId: keyId })));
  const key = found?.KeyMetadata;
  if (key?.Arn === undefined) return undefined;
  const { Aliases = [] } = await clients.kms.send(new ListAliasesCommand({ KeyId: key.KeyId }));
  return {
    arn: key.Arn,
    accountId: arnParts(key.Arn).accountId,
    aliases: Aliases.map(({ AliasName }) => AliasName ?? ""),
    usable: key.KeyState === "Enabled",
  };
}
