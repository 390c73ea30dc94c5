import type { TopicChoice } from "../../accounts/model/choices";
import type { ArchiveSite, Organization, Target } from "../../accounts/model/organization";
import { arns, channelNames, chatTopic, principalOf, names, type Place, s3Service } from "../names";
import { guardKeyStatements, type GuardKeyUses } from "./guard-policy";
import { accountsOf, admit, isOneOf, membersOf, type Members } from "./principals";
import { policy, type Policy, type Statement } from "./policy";

/**
 * Everything about a key but its use. No CreateGrant: a grant hands out use without a policy that anyone
 * reviews. No kms:*: being an administrator of the account is no reason to read a transcript.
 */
const ADMINISTRATION = [
  ...["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"],
  ...["kms:ListKeyPolicies", "kms:ListResourceTags", "kms:ListGrants", "kms:ListKeyRotations"],
  ...["kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:RotateKeyOnDemand"],
  ...["kms:EnableKey", "kms:DisableKey", "kms:UpdateKeyDescription", "kms:RevokeGrant"],
  ...["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:TagResource", "kms:UntagResource"],
  ...["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
];

export const accountAdministersKey = ({ account }: Place): Statement => ({
  Sid: "AccountAdministersKey",
  Effect: "Allow",
  Principal: { AWS: arns.root(account) },
  Action: ADMINISTRATION,
  Resource: "*",
});

const logsEncryptThisGroup = (place: Place, logGroup: string): Statement => ({
  Sid: "CloudWatchLogsEncryptsThisLogGroup",
  Effect: "Allow",
  Principal: { Service: principalOf("logs", place) },
  Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
  Resource: "*",
  Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": arns.logGroup(place, logGroup) } },
});

/**
 * Use through S3, for one bucket. The context is the bucket's ARN, not the object's, because the bucket has
 * a bucket key. Decrypt is needed to write: S3 decrypts the data key for each part of a multipart upload.
 * It opens nothing to the writer, whom the bucket policy refuses to read.
 */
export const throughBucket = (place: Place, bucket: string) => ({
  StringEquals: {
    "kms:ViaService": s3Service(place),
    "kms:EncryptionContext:aws:s3:arn": arns.bucket(place, bucket),
  },
});

/** And it replicates: the role that S3 takes for it decrypts by this too. */
const accountWritesTranscripts = (place: Place, bucket: string): Statement => ({
  Sid: "AccountWritesTranscriptsThroughS3",
  Effect: "Allow",
  Principal: { AWS: arns.root(place.account) },
  Action: ["kms:GenerateDataKey", "kms:Decrypt"],
  Resource: "*",
  Condition: throughBucket(place, bucket),
});

/** The owner of the archive is one of them, whose role replicates. */
const membersWriteTranscripts = (place: Place, bucket: string, members: Members): Statement => {
  const { Principal, Condition } = admit(members);
  const through = throughBucket(place, bucket);
  return {
    Sid: "MembersWriteTranscriptsThroughS3",
    Effect: "Allow",
    Principal,
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: "*",
    Condition: { StringEquals: { ...through.StringEquals, ...Condition?.StringEquals } },
  };
};

export const readersDecryptTranscripts = (
  place: Place,
  bucket: string,
  readers: readonly string[],
): Statement => ({
  Sid: "ReadersDecryptTranscriptsThroughS3",
  Effect: "Allow",
  Principal: accountsOf(readers),
  Action: ["kms:Decrypt"],
  Resource: "*",
  Condition: { ...throughBucket(place, bucket), ...isOneOf(readers) },
});

/** The context that client and agent put into every use for a session's data channel. */
const forASession = {
  Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" },
  StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": ["i-*", "mi-*"] },
};

const usersOpenDataChannels = ({ account }: Place): Statement => ({
  Sid: "UsersOpenDataChannels",
  Effect: "Allow",
  Principal: { AWS: arns.root(account) },
  Action: ["kms:GenerateDataKey"],
  Resource: "*",
  Condition: forASession,
});

const instancesOpenDataChannels = ({ account }: Place): Statement => ({
  Sid: "InstancesOpenDataChannels",
  Effect: "Allow",
  Principal: { AWS: arns.root(account) },
  Action: ["kms:Decrypt"],
  Resource: "*",
  Condition: forASession,
});

/**
 * EventBridge publishes to encrypted topics with its own principal. AWS does not support aws:SourceArn or
 * aws:SourceAccount in the key policy on this path; the topic in the encryption context narrows it.
 */
export const eventBridgePublishes = (place: Place, topicArns: readonly string[]): Statement => ({
  Sid: "EventBridgePublishesToTopics",
  Effect: "Allow",
  Principal: { Service: principalOf("events", place) },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
  Condition: { ArnEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns } },
});

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

/** What a target's key is used for. `null` and an empty list leave a use out. */
export interface SessionKeyUses {
  readonly logGroup: string | null;
  /** The bucket that the key encrypts: the target's own, never the archive's. */
  readonly bucket: string | null;
  readonly readers: readonly string[];
  readonly sessionData: boolean;
  /** Names of topics that are created. */
  readonly topics: readonly string[];
  /** @default there is none */
  readonly guard?: GuardKeyUses;
}

interface ChannelTopics {
  readonly enabled: boolean;
  readonly topic: TopicChoice;
  readonly chat: readonly unknown[];
}

/** A channel's own topic and that for chat. An existing topic has a key of its owner's, or none. */
export const createdTopics = (name: string, { enabled, topic, chat }: ChannelTopics): string[] => [
  ...(enabled && topic.kind === "created" ? [name] : []),
  ...(enabled && chat.length > 0 ? [chatTopic(name)] : []),
];

/** What the map wants of a target's key. */
export function keyUsesOf({ settings, usesArchive }: Target, place: Place): SessionKeyUses {
  const { transcripts, logs, preferences, notifications, guard } = settings;
  const security = createdTopics(channelNames({ kind: "target", place }).topic, notifications.security);
  return {
    logGroup: logs.group.kind === "created" ? names.logGroup(place) : null,
    bucket: transcripts.bucket.kind === "created" && !usesArchive ? names.transcriptBucket(place) : null,
    readers: transcripts.readers,
    sessionData: preferences.encryptSessionData,
    topics: [
      ...createdTopics(channelNames({ kind: "activity", place }).topic, notifications.activity),
      ...security,
    ],
    ...(guard.enabled && { guard: { topicArns: security.map((topic) => arns.topic(place, topic)) } }),
  };
}

/** The policy of a target's key: the account administers it, and each use is bound to its purpose. */
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
    ...(uses.guard ? guardKeyStatements(place, uses.guard) : []),
  );
};

/** What the owner of an existing key must allow: the uses of a policy. Who administers the key is theirs to say. */
export const usesOf = ({ Statement }: Policy): readonly Statement[] =>
  Statement.filter(({ Sid }) => Sid !== "AccountAdministersKey");

/** What an archive's key is used for. */
export interface ArchiveKeyUses {
  readonly bucket: string;
  readonly members: Members;
  readonly readers: readonly string[];
  /** Names of topics that are created in the archive's own account. */
  readonly topics: readonly string[];
}

/** What the map wants of an archive's key. */
export const archiveKeyUsesOf = (
  organization: Organization,
  { settings }: ArchiveSite,
  place: Place,
): ArchiveKeyUses => ({
  bucket: names.transcriptBucket(place),
  members: membersOf(organization),
  readers: settings.transcripts.readers,
  topics: createdTopics(channelNames({ kind: "archive", place }).topic, settings.notifications.security),
});

/** The policy of an archive's key: members write through its bucket, readers decrypt through it. */
export const archiveKeyPolicy = (
  place: Place,
  { bucket, members, readers, topics }: ArchiveKeyUses,
): Policy => {
  const topicArns = topics.map((topic) => arns.topic(place, topic));
  return policy(
    accountAdministersKey(place),
    membersWriteTranscripts(place, bucket, members),
    readers.length > 0 && readersDecryptTranscripts(place, bucket, readers),
    topicArns.length > 0 && eventBridgePublishes(place, topicArns),
    topicArns.length > 0 && alarmsPublish(place, topicArns),
  );
};

/** The policy of a trail's key: CloudTrail encrypts this trail; the account decrypts it through its bucket. */
export const trailKeyPolicy = (place: Place): Policy =>
  policy(
    accountAdministersKey(place),
    {
      Sid: "CloudTrailEncryptsThisTrail",
      Effect: "Allow",
      Principal: { Service: principalOf("cloudtrail", place) },
      // No Decrypt: the trail's bucket has no bucket key, with which CloudTrail would need it.
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
      },
    },
  );
