/** The stacks create the resource. */
export interface Created {
  readonly kind: "created";
}

/** There is no such resource. */
export interface None {
  readonly kind: "none";
}

/** Somebody else manages the resource. The stacks use it and examine it in each plan. */
export interface Existing {
  readonly kind: "existing";
  /** Name of the resource. For a topic, it may be an ARN. */
  readonly name: string;
}

/** The bucket of transcripts. */
export type BucketChoice =
  | Created
  | None
  | (Existing & {
      /** ARN of the KMS key that encrypts the bucket; null: SSE-S3 (AES256). */
      readonly keyArn: string | null;
      /** Id of the account that owns the bucket; null: the map does not name it. */
      readonly accountId: string | null;
    });

/** A log group, or a bucket of access logs. */
export type Choice = Created | Existing | None;

/** The topic of a notification channel. There is none if only the central topics have what the channel reports. */
export type TopicChoice = Choice;

/** The encryption of records. `s3-managed` is SSE-S3 without a KMS key. The days apply to a created key. */
export type EncryptionChoice = {
  /** Days between the scheduling of the key's deletion and the deletion, 7 to 30. */
  readonly deletionWindowDays: number;
  /** Days between two rotations of the key material, 90 to 2560. */
  readonly rotationPeriodDays: number;
} & (
  | { readonly mode: "customer-managed" }
  | { readonly mode: "existing"; readonly keyArn: string }
  | { readonly mode: "s3-managed" }
);
