import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Settings } from "../accounts/settings";
import { EncryptionKey, type EncryptionKeyProps } from "./constructs/encryption-key";
import { declareOrForget } from "./declare-or-forget";

/** The key that a map asks for: created, existing, or none. */
export interface DeclaredKey {
  /** null: none, S3's own key (AES256) encrypts. */
  readonly keyArn: string | null;
  /** The last part of the ARN. */
  readonly keyId: string | null;
  /** What has to be there before the key is found by its alias; a key that exists has none of ours. */
  readonly ready: readonly ITerraformDependable[];
}

/** Declares the key of a stack, with the id `Key`, as far as `encryption.mode` says that one is created. */
export function declareKey(
  scope: Construct,
  encryption: Settings["encryption"],
  props: Pick<EncryptionKeyProps, "description" | "alias" | "policy" | "protect" | "accepted">,
): DeclaredKey {
  const { mode, keyArn, deletionWindowDays, rotationPeriodDays } = encryption;
  const created = declareOrForget(
    scope,
    "Key",
    { wanted: mode === "customer-managed", protect: props.protect },
    (inner, id) => new EncryptionKey(inner, id, { ...props, deletionWindowDays, rotationPeriodDays }),
  );
  return created
    ? { keyArn: created.arn, keyId: created.keyId, ready: [created.alias] }
    : { keyArn, keyId: keyArn && keyArn.split("/").at(-1)!, ready: [] };
}
