import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { acceptFindings, type Reasons } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";
import type { Settings } from "../../accounts/model/settings";
import { declareOrForget } from "../kit/declare-or-forget";

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
  const { mode, deletionWindowDays, rotationPeriodDays } = encryption;
  const created = declareOrForget(
    scope,
    "Key",
    { wanted: mode === "customer-managed", protect: props.protect },
    (inner, id) => new EncryptionKey(inner, id, { ...props, deletionWindowDays, rotationPeriodDays }),
  );
  if (created) return { keyArn: created.arn, keyId: created.keyId, ready: [created.alias] };
  const keyArn = encryption.mode === "existing" ? encryption.keyArn : null;
  return { keyArn, keyId: keyArn && keyArn.split("/").at(-1)!, ready: [] };
}

export interface EncryptionKeyProps {
  readonly description: string;
  /** `alias/<name>`, by which policies and the preferences know the key. */
  readonly alias: string;
  readonly policy: Policy;
  /** Days until a key whose deletion is scheduled is gone, 7 to 30. */
  readonly deletionWindowDays: number;
  /** Days between rotations, 90 to 2560. */
  readonly rotationPeriodDays: number;
  /** Whether Terraform refuses to destroy the key, and with it all that it encrypts. */
  readonly protect: boolean;
  /** Findings of static checks that stand because of who may use the key. @default none */
  readonly accepted?: Reasons;
}

/** A symmetric KMS key that rotates, and its alias. */
export class EncryptionKey extends Construct {
  /** AWS makes it up: known after the first apply. */
  readonly arn: string;
  /** The last part of the ARN. */
  readonly keyId: string;
  /** What has to be there before the key can be found by its alias. */
  readonly alias: ITerraformDependable;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "Default", {
      description: props.description,
      policy: toJson(props.policy),
      enableKeyRotation: true,
      rotationPeriodInDays: props.rotationPeriodDays,
      deletionWindowInDays: props.deletionWindowDays,
      lifecycle: { preventDestroy: props.protect },
    });
    acceptFindings(key, props.accepted ?? {});
    this.alias = new KmsAlias(this, "Alias", { name: props.alias, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.keyId = key.keyId;
  }
}
