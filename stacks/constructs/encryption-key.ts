import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { acceptFindings, type Reasons } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";
import type { Settings } from "../../accounts/model/settings";
import { declareOrForget } from "../kit/declare-or-forget";

/** The key of a stack: one that the stack creates, an existing one, or none. */
export interface DeclaredKey {
  /** ARN of the key; null: there is none, and S3 encrypts with its own keys (SSE-S3, AES256). */
  readonly keyArn: string | null;
  /** Id of the key, which is the last part of its ARN; null: there is no key. */
  readonly keyId: string | null;
  /** Resources that must exist before the key can be found by its alias; empty for an existing key. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * Declares the key of a stack as `encryption.mode` has it. A key that the stack creates has the construct id `Key`.
 * @example
 * const { keyArn, ready } = declareKey(this, settings.encryption, {
 *   description: "Session Manager sessions of payments in eu-central-1",
 *   alias: names.keyAlias(place),
 *   policy: sessionKeyPolicy(place, keyUsesOf(target, place)),
 *   protect: settings.protect,
 * });
 */
export function declareKey(
  scope: Construct,
  encryption: Settings["encryption"],
  props: Pick<EncryptionKeyProps, "description" | "alias" | "policy" | "protect" | "accepted" | "tags">,
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

/** What a key is called, who may use it, and how long it lasts. */
export interface EncryptionKeyProps {
  /** Description that the console shows with the key. */
  readonly description: string;
  /** Alias `alias/<name>`, by which policies and the preferences identify the key. */
  readonly alias: string;
  /** Key policy. */
  readonly policy: Policy;
  /**
   * Days between the request to delete the key and its deletion, 7 to 30.
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
   */
  readonly deletionWindowDays: number;
  /**
   * Days between rotations, 90 to 2560.
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
   */
  readonly rotationPeriodDays: number;
  /** Whether Terraform refuses to destroy the key, without which nobody can read what it encrypts. */
  readonly protect: boolean;
  /**
   * Findings of static checks that are accepted because of who may use the key, with the reasons.
   * @default {} none
   */
  readonly accepted?: Reasons;
  /** Tags of the key, in addition to those of every resource of the stack. @default {} none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A symmetric KMS key that rotates, and its alias.
 * @example
 * new EncryptionKey(this, "Key", {
 *   description: "Session Manager sessions of payments in eu-central-1", alias: names.keyAlias(place),
 *   policy: sessionKeyPolicy(place, keyUsesOf(target, place)), deletionWindowDays: 30, rotationPeriodDays: 365,
 *   protect: true,
 * });
 */
export class EncryptionKey extends Construct {
  /** ARN of the key. It is a token, because AWS makes up the key's id. */
  readonly arn: string;
  /** Id of the key, which is the last part of its ARN. It is a token as well. */
  readonly keyId: string;
  /** The alias. Depend on it wherever AWS looks up the key by its alias. */
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
      ...(props.tags && { tags: { ...props.tags } }),
    });
    acceptFindings(key, props.accepted ?? {});
    this.alias = new KmsAlias(this, "Alias", { name: props.alias, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.keyId = key.keyId;
  }
}
