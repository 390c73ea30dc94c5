import type { Accounts } from "./accounts";
import type { AuthorizationRequest, Authorizer } from "./authorizer";
import { AwsError } from "./aws-error";
import { keyOf } from "./keys";

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
export async function requireKeyOf(accounts: Accounts, authorizer: Authorizer, use: KeyUse): Promise<void> {
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
