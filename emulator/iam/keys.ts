import { DescribeKeyCommand, ListAliasesCommand } from "@aws-sdk/client-kms";
import { arnParts } from "../../aws/arn";
import type { Clients } from "../clients/clients";
import { absentIf } from "./deployed-policies";
import type { AuthorizationRequest, Authorizer } from "./authorizer";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";

/** Use of the key of a topic or queue by who sends to it. */
export interface KeyUse {
  readonly principal: AuthorizationRequest["principal"];
  /** The topic or queue. */
  readonly resourceArn: string;
  /** Its `KmsMasterKeyId`: id, ARN or alias; empty or absent: it has none. */
  readonly keyId: string | undefined;
  readonly encryptionContext: Readonly<Record<string, string>>;
  /**
   * What the service tells KMS besides: alarms say whose they are, EventBridge and SNS say nothing; one that acts for a
   * principal says which it is.
   */
  readonly source?: Readonly<Record<string, string>>;
  /** @default to encrypt what is sent: `kms:GenerateDataKey` and `kms:Decrypt` */
  readonly actions?: readonly string[];
}

/**
 * EventBridge and SNS give KMS no `aws:SourceArn` and no `aws:SourceAccount` here: a key policy that asks for them
 * shuts them out.
 * @throws {@link AwsError} `NO_PERMISSIONS` when the key's policy refuses
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
    throw new AwsError("NO_PERMISSIONS", `${keyId} is AWS's own key: its policy lets no ${who} in`);
  }
  const key = await keyOf(await accounts.of(resourceArn), keyId);
  if (key === undefined) throw new AwsError("NO_PERMISSIONS", `there is no key ${keyId}`);
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
}

/** A KMS key as a request finds it. */
export interface FoundKey {
  readonly arn: string;
  readonly accountId: string;
  /** `alias/…` names, as `kms:ResourceAliases` lists them. */
  readonly aliases: readonly string[];
  /** Only a key that is enabled encrypts and decrypts. */
  readonly usable: boolean;
}

/**
 * Finds a key by id, ARN, `alias/…` or alias ARN. An id or alias is looked up in the account and region of `clients`,
 * an ARN through clients of the owner's account.
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
