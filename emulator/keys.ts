import { DescribeKeyCommand, ListAliasesCommand } from "@aws-sdk/client-kms";
import { arnParts } from "../accounts/arn";
import type { Clients } from "./clients";
import { absentIf } from "./deployed-policies";

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
