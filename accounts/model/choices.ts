/** The stacks create it. */
export interface Created {
  readonly kind: "created";
}

/** The map does without it. */
export interface None {
  readonly kind: "none";
}

/** Somebody else owns it: the stacks use it, and examine it in each plan, but do not manage it. */
export interface Existing {
  readonly kind: "existing";
  readonly name: string;
}

/** The bucket of transcripts. */
export type BucketChoice =
  | Created
  | None
  | (Existing & {
      /** ARN of the key that the bucket encrypts with; null: S3's own key (AES256). */
      readonly keyArn: string | null;
      /** Id of the account that owns the bucket; null: the map does not say. */
      readonly accountId: string | null;
    });

/** A log group, or a bucket of access logs. */
export type Choice = Created | Existing | None;

/** The topic of a notification channel. An existing topic has a name, or an ARN in its place. */
export type TopicChoice = Created | Existing;

/** The key that encrypts records. The days are those of a key that is created. */
export type EncryptionChoice = {
  /** Days until a key whose deletion is scheduled is gone, 7 to 30. */
  readonly deletionWindowDays: number;
  /** Days between rotations, 90 to 2560. */
  readonly rotationPeriodDays: number;
} & (
  | { readonly mode: "customer-managed" }
  | { readonly mode: "existing"; readonly keyArn: string }
  | { readonly mode: "s3-managed" }
);
