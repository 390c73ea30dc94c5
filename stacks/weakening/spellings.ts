/** How IAM and CloudTrail spell an operation, where they do not use the name that the API has. */
interface Spelling {
  /** Actions of IAM without the service. @default the operation */
  readonly actions?: readonly string[];
  /** Values of `eventName` in CloudTrail records. @default the operation */
  readonly events?: readonly string[];
}

/** Both forms of a call that IAM knows as one action: it permits to put a setting of a bucket and to delete it. */
const setting = (noun: string, action: string, events: Spelling = {}): Record<string, Spelling> => ({
  [`s3:PutBucket${noun}`]: { actions: [action], ...events },
  [`s3:DeleteBucket${noun}`]: { actions: [action] },
});

/**
 * To delete a version takes another action, and one more to pass by a lock in governance mode. A replication role with
 * `s3:ReplicateDelete` hides objects by delete markers.
 */
const DELETION: Spelling = {
  actions: ["BypassGovernanceRetention", "DeleteObject", "DeleteObjectVersion", "ReplicateDelete"],
};

/** CloudTrail records the block of public access of a bucket under another name than that of an account. */
const publicAccess = (verb: string): Spelling => ({
  actions: ["PutBucketPublicAccessBlock"],
  events: [`${verb}BucketPublicAccessBlock`],
});

/**
 * Operations by service and name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
const SPELLINGS: Readonly<Record<string, Spelling>> = {
  ...setting("AnalyticsConfiguration", "PutAnalyticsConfiguration"),
  ...setting("Cors", "PutBucketCORS"),
  ...setting("Encryption", "PutEncryptionConfiguration"),
  ...setting("IntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"),
  ...setting("InventoryConfiguration", "PutInventoryConfiguration"),
  ...setting("MetricsConfiguration", "PutMetricsConfiguration"),
  ...setting("OwnershipControls", "PutBucketOwnershipControls"),
  ...setting("Replication", "PutReplicationConfiguration"),
  // AWS Fault Injection Service stops the replication of a bucket with the second action.
  // @see https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
  "s3:PutBucketReplication": { actions: ["PutReplicationConfiguration", "PauseReplication"] },
  ...setting("Tagging", "PutBucketTagging"),
  "s3:PutBucketLifecycleConfiguration": {
    actions: ["PutLifecycleConfiguration"],
    events: ["PutBucketLifecycle"],
  },
  "s3:DeleteBucketLifecycle": { actions: ["PutLifecycleConfiguration"] },
  "s3:PutBucketNotificationConfiguration": {
    actions: ["PutBucketNotification"],
    events: ["PutBucketNotification"],
  },
  "s3:PutObjectLockConfiguration": {
    actions: ["PutBucketObjectLockConfiguration"],
    // AWS's pages have both spellings.
    events: ["PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  },
  "s3:PutBucketAccelerateConfiguration": { actions: ["PutAccelerateConfiguration"] },
  "s3:DeleteBucketMetadataConfiguration": { actions: ["DeleteBucketMetadataTableConfiguration"] },
  "s3:CopyObject": { actions: ["PutObject"] },
  "s3:CompleteMultipartUpload": { actions: ["PutObject"] },
  "sqs:DeleteMessageBatch": { actions: ["DeleteMessage"] },
  "s3:PutPublicAccessBlock": publicAccess("Put"),
  "s3:DeletePublicAccessBlock": publicAccess("Delete"),
  "s3:DeleteObject": DELETION,
  "s3:DeleteObjects": DELETION,
  "lambda:Invoke": { actions: ["InvokeFunction"] },
  "lambda:InvokeWithResponseStream": { actions: ["InvokeFunction"] },
  "dynamodb:ExecuteStatement": { actions: ["PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"] },
  "dynamodb:BatchExecuteStatement": { actions: ["PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"] },
  "dynamodb:ExecuteTransaction": { actions: ["PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"] },
  "dynamodb:TransactWriteItems": { actions: ["DeleteItem", "PutItem", "UpdateItem"] },
};

/** Services that IAM knows by another name than CloudTrail. */
const IN_IAM: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/**
 * The actions of IAM that a call needs.
 * @example actionsOf("s3", "DeleteBucketEncryption") // ["s3:PutEncryptionConfiguration"]
 */
export const actionsOf = (service: string, operation: string): readonly string[] =>
  (SPELLINGS[`${service}:${operation}`]?.actions ?? [operation]).map(
    (action) => `${IN_IAM[service] ?? service}:${action}`,
  );

/**
 * The names of a call in CloudTrail records.
 * @example eventsOf("s3", "PutPublicAccessBlock") // ["PutBucketPublicAccessBlock"]
 */
export const eventsOf = (service: string, operation: string): readonly string[] =>
  SPELLINGS[`${service}:${operation}`]?.events ?? [operation];
