import type { TopicChoice } from "../../accounts/model/choices";
import type { ArchiveSite, Organization, Target } from "../../accounts/model/organization";
import { arns, channelNames, chatTopic, principalOf, names, type Place, s3Service } from "../names";
import { guardKeyStatements, type GuardKeyUses } from "./guard-policy";
import { admit, membersOf, type Members } from "./principals";
import { policy, type Policy, type Statement } from "./policy";
import { recordingKeyStatements, type Recordings } from "./recording-policy";
import { reportersEncrypt } from "./summary-policy";
import { readersDecryptTranscripts, throughBucket } from "./transcript-key";

/**
 * Every action that administers a key, and none that uses it: an administrator of the account has no need to decrypt
 * transcripts. `kms:CreateGrant` is left out, because a grant allows the use of a key without a policy for review.
 */
const ADMINISTRATION = [
  ...["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"],
  ...["kms:ListKeyPolicies", "kms:ListResourceTags", "kms:ListGrants", "kms:ListKeyRotations"],
  "kms:GetKeyLastUsage",
  ...["kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:RotateKeyOnDemand"],
  ...["kms:EnableKey", "kms:DisableKey", "kms:UpdateKeyDescription", "kms:RevokeGrant"],
  ...["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:TagResource", "kms:UntagResource"],
  ...["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
];

/** Lets IAM policies of the key's account allow the administration of the key, but not its use. */
export const accountAdministersKey = ({ account }: Place): Statement => ({
  Sid: "AccountAdministersKey",
  Effect: "Allow",
  Principal: { AWS: arns.root(account) },
  Action: ADMINISTRATION,
  Resource: "*",
});

/**
 * Lets CloudWatch Logs encrypt and decrypt one log group. CloudWatch Logs puts the ARN of the group into the
 * encryption context.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
const logsEncryptThisGroup = (place: Place, logGroup: string): Statement => ({
  Sid: "CloudWatchLogsEncryptsThisLogGroup",
  Effect: "Allow",
  Principal: { Service: principalOf("logs", place) },
  Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
  Resource: "*",
  Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": arns.logGroup(place, logGroup) } },
});

/**
 * Lets principals of the account encrypt transcripts through S3. Writers need `kms:Decrypt` as well, because S3
 * decrypts the parts of a multipart upload before it completes the upload. No writer can read transcripts: the bucket
 * policy denies that to everybody but named readers. The statement is also used by the replication role of this
 * account: S3 decrypts with it when it copies an object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
const accountWritesTranscripts = (place: Place, bucket: string): Statement => ({
  Sid: "AccountWritesTranscriptsThroughS3",
  Effect: "Allow",
  Principal: { AWS: arns.root(place.account) },
  Action: ["kms:GenerateDataKey", "kms:Decrypt"],
  Resource: "*",
  Condition: throughBucket(place, bucket),
});

/**
 * Lets other member accounts encrypt transcripts through the archive's bucket, for the reasons of
 * `AccountWritesTranscriptsThroughS3`.
 */
const membersWriteTranscripts = (place: Place, bucket: string, members: Members): Statement => {
  const { Principal, Condition } = admit(members, place.account);
  const through = throughBucket(place, bucket);
  return {
    Sid: "MembersWriteTranscriptsThroughS3",
    Effect: "Allow",
    Principal,
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: "*",
    Condition: { ...Condition, StringEquals: { ...through.StringEquals, ...Condition["StringEquals"] } },
  };
};

/**
 * Limits a statement to data channels of sessions on managed nodes. The client and SSM Agent put the ids of the
 * session and of the node into the encryption context.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/crypto/blockcipher.go
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-enable-encryption.html
 */
const forASession = {
  Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" },
  StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": ["i-*", "mi-*"] },
};

/** Lets people of the account create the data key of a session, which their client does when the session starts. */
const usersOpenDataChannels = ({ account }: Place): Statement => ({
  Sid: "UsersOpenDataChannels",
  Effect: "Allow",
  Principal: { AWS: arns.root(account) },
  Action: ["kms:GenerateDataKey"],
  Resource: "*",
  Condition: forASession,
});

/** Lets instances of the account decrypt the data key of a session, which SSM Agent does when the session starts. */
const instancesOpenDataChannels = ({ account }: Place): Statement => ({
  Sid: "InstancesOpenDataChannels",
  Effect: "Allow",
  Principal: { AWS: arns.root(account) },
  Action: ["kms:Decrypt"],
  Resource: "*",
  Condition: forASession,
});

/**
 * Lets EventBridge publish to encrypted topics, which it does as the service principal. AWS does not support
 * `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID` in a key policy for events that EventBridge sends to an
 * encrypted topic. So the topic's ARN in the encryption context is what limits the statement.
 * @param topicArns ARNs of the topics that the key encrypts
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const eventBridgePublishes = (place: Place, topicArns: readonly string[]): Statement => ({
  Sid: "EventBridgePublishesToTopics",
  Effect: "Allow",
  Principal: { Service: principalOf("events", place) },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
  Condition: { ArnEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns } },
});

/**
 * Lets CloudWatch alarms of this account publish to encrypted topics.
 * @param topicArns ARNs of the topics that the key encrypts
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const alarmsPublish = (place: Place, topicArns: readonly string[]): Statement => ({
  Sid: "CloudWatchAlarmsPublishToTopics",
  Effect: "Allow",
  Principal: { Service: principalOf("cloudwatch", place) },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
  Condition: {
    ArnEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns },
    StringEquals: { "aws:SourceAccount": place.account.id },
  },
});

/** What the key of a target encrypts. `null`, `false` and an empty list leave out the statements of a use. */
export interface SessionKeyUses {
  /** Name of the log group. */
  readonly logGroup: string | null;
  /** Name of the target's own bucket. An archive's bucket has the archive's key. */
  readonly bucket: string | null;
  /** ARNs of roles that read the bucket, where `*` may stand. */
  readonly readers: readonly string[];
  /** Whether the key encrypts the data channel of sessions. */
  readonly sessionData: boolean;
  /** Names of the topics that are created for the target. */
  readonly topics: readonly string[];
  /** The roles that publish summaries of reports, and ARNs of the topics that get them. @default nobody does */
  readonly summaries?: { readonly reporters: readonly string[]; readonly topicArns: readonly string[] };
  /** @default the target has no guard */
  readonly guard?: GuardKeyUses;
  /** The bucket of recordings, and ARNs of roles that read it. @default connections are not recorded */
  readonly recordings?: Pick<Recordings, "bucket" | "readers">;
}

interface ChannelTopics {
  readonly enabled: boolean;
  readonly topic: TopicChoice;
  readonly chat: readonly unknown[];
}

/**
 * Names of the topics that are created for a channel: its own and the one for chat. An existing topic is left out,
 * because its owner decides about its key.
 * @param name name of the channel's own topic
 */
export const createdTopics = (name: string, { enabled, topic, chat }: ChannelTopics): string[] => [
  ...(enabled && topic.kind === "created" ? [name] : []),
  ...(enabled && chat.length > 0 ? [chatTopic(name)] : []),
];

/**
 * What the map has the key of a target encrypt.
 * @param reporters ARNs of the roles that publish summaries of reports
 * @param recordings the recordings of the target, as `recordingsOf` has them
 */
export function keyUsesOf(
  { settings, usesArchive }: Target,
  place: Place,
  reporters: readonly string[] = [],
  recordings: Pick<Recordings, "bucket" | "readers"> | null = null,
): SessionKeyUses {
  const { transcripts, logs, preferences, notifications, guard } = settings;
  const { topic } = channelNames({ kind: "target", place });
  const security = createdTopics(topic, notifications.security);
  return {
    logGroup: logs.group.kind === "created" ? names.logGroup(place) : null,
    bucket: transcripts.bucket.kind === "created" && !usesArchive ? names.transcriptBucket(place) : null,
    readers: [...transcripts.readers, ...transcripts.organizationReaders],
    sessionData: preferences.encryptSessionData,
    topics: [
      ...createdTopics(channelNames({ kind: "activity", place }).topic, notifications.activity),
      ...security,
    ],
    ...(reporters.length > 0 && {
      summaries: {
        reporters,
        topicArns: security.filter((name) => name === topic).map((name) => arns.topic(place, name)),
      },
    }),
    ...(guard.enabled && { guard: { topicArns: security.map((topic) => arns.topic(place, topic)) } }),
    ...(recordings && { recordings: { bucket: recordings.bucket, readers: recordings.readers } }),
  };
}

/**
 * The policy of a target's key. The account administers the key, and each statement about its use is limited to one
 * purpose by the encryption context.
 * @example
 * sessionKeyPolicy(place, {
 *   logGroup: names.logGroup(place),
 *   bucket: names.transcriptBucket(place),
 *   readers: ["arn:aws:iam::222222222222:role/session-reviewer"],
 *   sessionData: true,
 *   topics: [names.activity(place)],
 * })
 */
export const sessionKeyPolicy = (place: Place, uses: SessionKeyUses): Policy => {
  const topicArns = uses.topics.map((topic) => arns.topic(place, topic));
  return policy(
    accountAdministersKey(place),
    uses.logGroup !== null && logsEncryptThisGroup(place, uses.logGroup),
    uses.bucket !== null && accountWritesTranscripts(place, uses.bucket),
    uses.bucket !== null &&
      uses.readers.length > 0 &&
      readersDecryptTranscripts(place, uses.bucket, uses.readers),
    uses.sessionData && usersOpenDataChannels(place),
    uses.sessionData && instancesOpenDataChannels(place),
    topicArns.length > 0 && eventBridgePublishes(place, topicArns),
    topicArns.length > 0 && alarmsPublish(place, topicArns),
    ...(uses.summaries ? reportersEncrypt(place, uses.summaries.topicArns, uses.summaries.reporters) : []),
    ...(uses.guard ? guardKeyStatements(place, uses.guard) : []),
    ...(uses.recordings ? recordingKeyStatements(place, uses.recordings) : []),
  );
};

/**
 * The statements that the owner of an existing key must add to its policy: those about use. Who administers an
 * existing key is up to its owner.
 */
export const usesOf = ({ Statement }: Policy): readonly Statement[] =>
  Statement.filter(({ Sid }) => Sid !== "AccountAdministersKey");

/** What the key of an archive encrypts. */
export interface ArchiveKeyUses {
  /** Name of the archive's bucket. */
  readonly bucket: string;
  /** Accounts that write to the bucket. */
  readonly members: Members;
  /** ARNs of roles that read the bucket, where `*` may stand. */
  readonly readers: readonly string[];
  /** Names of the topics that are created for the archive. */
  readonly topics: readonly string[];
}

/** What the map has the key of an archive encrypt. */
export const archiveKeyUsesOf = (
  organization: Organization,
  { settings }: ArchiveSite,
  place: Place,
): ArchiveKeyUses => ({
  bucket: names.transcriptBucket(place),
  members: membersOf(organization),
  readers: [...settings.transcripts.readers, ...settings.transcripts.organizationReaders],
  topics: createdTopics(channelNames({ kind: "archive", place }).topic, settings.notifications.security),
});

/**
 * The policy of an archive's key. Members encrypt and named readers decrypt, both through the archive's bucket
 * alone.
 */
export const archiveKeyPolicy = (
  place: Place,
  { bucket, members, readers, topics }: ArchiveKeyUses,
): Policy => {
  const topicArns = topics.map((topic) => arns.topic(place, topic));
  return policy(
    accountAdministersKey(place),
    membersWriteTranscripts(place, bucket, members),
    accountWritesTranscripts(place, bucket),
    readers.length > 0 && readersDecryptTranscripts(place, bucket, readers),
    topicArns.length > 0 && eventBridgePublishes(place, topicArns),
    topicArns.length > 0 && alarmsPublish(place, topicArns),
  );
};

/**
 * The policy of a trail's key. CloudTrail encrypts the files of this trail alone, and principals of the account
 * decrypt through S3 what is in the bucket of this trail.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export const trailKeyPolicy = (place: Place): Policy =>
  policy(
    accountAdministersKey(place),
    {
      Sid: "CloudTrailEncryptsThisTrail",
      Effect: "Allow",
      Principal: { Service: principalOf("cloudtrail", place) },
      // CloudTrail needs kms:Decrypt only if the bucket has an S3 Bucket Key. The bucket of a trail has none.
      Action: ["kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceArn": arns.trail(place) },
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": `arn:${place.account.partition}:cloudtrail:*:${place.account.id}:trail/*`,
        },
      },
    },
    {
      Sid: "CloudTrailDescribesKey",
      Effect: "Allow",
      Principal: { Service: principalOf("cloudtrail", place) },
      Action: ["kms:DescribeKey"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceArn": arns.trail(place) } },
    },
    {
      Sid: "AccountReadsTrailThroughS3",
      Effect: "Allow",
      Principal: { AWS: arns.root(place.account) },
      Action: ["kms:Decrypt"],
      Resource: "*",
      Condition: {
        StringEquals: { "kms:ViaService": s3Service(place), "kms:CallerAccount": place.account.id },
        // The bucket of a trail has no S3 Bucket Key, so that the context has the ARN of the object.
        // @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-kms-works-with-cloudtrail.html
        StringLike: {
          "kms:EncryptionContext:aws:s3:arn": `${arns.bucket(place, names.trailBucket(place))}/*`,
        },
      },
    },
  );
