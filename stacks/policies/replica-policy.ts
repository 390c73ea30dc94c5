import { arns } from "../names";
import {
  readersOf,
  readersRead,
  refuse,
  refuseDeletion,
  refuseForeignAdministration,
  refuseOldTls,
  refuseAccessPoints,
  refusePlainHttp,
  refuseReadersOfOtherAccounts,
  refuseUnnamedReaders,
  type Bucket,
} from "./bucket-policy";
import { accountAdministersKey, alarmsPublish, eventBridgePublishes } from "./key-policy";
import { movesToArchives, readActions, type MovesToArchives } from "./cold-storage";
import { policy, unique, type Policy, type Statement } from "./policy";
import { accountsOf, isOneOf } from "./principals";
import {
  REPLICA_ACTIONS,
  REPLICA_KEY_ACTIONS,
  replicationRoleArn,
  type Replication,
} from "./replication-policy";
import { readersDecryptTranscripts, throughBucket } from "./transcript-key";

/** Actions that this policy may allow to principals of other accounts: the replication role writes, readers read. */
const OF_OTHER_ACCOUNTS = [
  ...REPLICA_ACTIONS,
  ...["s3:GetObject", "s3:GetObjectVersion"],
  ...["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
];

/** Lets the replication role of the source write replicas below the prefix of transcripts. */
const replicationWrites = ({ arn }: Bucket, { source, prefix }: Replication): Statement => {
  const role = [replicationRoleArn(source.place)];
  return {
    Sid: "ReplicationWritesReplicas",
    Effect: "Allow",
    Principal: accountsOf(role),
    Action: REPLICA_ACTIONS,
    Resource: `${arn}/${prefix}*`,
    Condition: isOneOf(role),
  };
};

/** Denies uploads to everybody, so that every object of the bucket is a copy that S3 has replicated. */
const refuseWriters = ({ arn }: Bucket) =>
  refuse("RefuseWriters", {
    Action: ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectVersionTagging"],
    Resource: `${arn}/*`,
  });

/** Denies writing replicas to every principal but the replication role of the source. */
const refuseOtherReplication = ({ arn }: Bucket, { source }: Replication) =>
  refuse("RefuseOtherReplicationHere", {
    Action: REPLICA_ACTIONS,
    Resource: `${arn}/*`,
    Condition: { ArnNotLike: { "aws:PrincipalArn": replicationRoleArn(source.place) } },
  });

/** What the bucket of a replica takes over from its source. */
export interface ReplicaPolicyProps {
  /** ARNs of the roles that read, where `*` may stand. */
  readonly readers: readonly string[];
  /** @default [] */
  readonly organizationReaders?: readonly string[];
  /** Whether the source is a central bucket. Readers read in the replica what they read in the source. */
  readonly central: boolean;
  /** Whether deletion is refused to everybody. */
  readonly protect: boolean;
  /** What the lifecycle moves to where it must be restored before it is read. @default nothing */
  readonly lifecycle?: MovesToArchives;
}

/** The policy of a replica's bucket. One role writes, through replication, and the readers of the source read. */
export function replicaBucketPolicy(
  replication: Replication,
  { protect, lifecycle, ...named }: ReplicaPolicyProps,
): Policy {
  const { place, bucket: name } = replication.replica;
  const bucket = { arn: arns.bucket(place, name) };
  const readers = readersOf({ ...named, owner: replication.source.place.account });
  const prefix = replication.prefix.replace(/\/$/, "");
  const read = readActions(lifecycle !== undefined && movesToArchives(lifecycle));
  return policy(
    replicationWrites(bucket, replication),
    ...readersRead(bucket, prefix, readers, read),
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseAccessPoints(bucket),
    refuseWriters(bucket),
    refuseOtherReplication(bucket, replication),
    refuseUnnamedReaders(bucket, readers, read, false),
    refuseReadersOfOtherAccounts(bucket, prefix, readers, read),
    refuseForeignAdministration(bucket, place, unique([...OF_OTHER_ACCOUNTS, ...read])),
    protect && refuseDeletion(bucket),
  );
}

/** Lets the replication role of the source encrypt with the replica's key, through the replica's bucket alone. */
const replicationEncrypts = ({ source, replica }: Replication): Statement => {
  const role = [replicationRoleArn(source.place)];
  return {
    Sid: "ReplicationEncryptsThroughS3",
    Effect: "Allow",
    Principal: accountsOf(role),
    Action: REPLICA_KEY_ACTIONS,
    Resource: "*",
    Condition: { ...throughBucket(replica.place, replica.bucket), ...isOneOf(role) },
  };
};

/** What the key of a replica encrypts, in addition to the replica. */
export interface ReplicaKeyUses {
  /** ARNs of the roles that read the replica, where `*` may stand. */
  readonly readers: readonly string[];
  /** Names of the topics that are created for the replica. */
  readonly topics: readonly string[];
}

/**
 * The policy of a replica's key. Replication encrypts and readers decrypt, both through the replica's bucket alone.
 */
export function replicaKeyPolicy(replication: Replication, { readers, topics }: ReplicaKeyUses): Policy {
  const { place, bucket } = replication.replica;
  const topicArns = topics.map((topic) => arns.topic(place, topic));
  return policy(
    accountAdministersKey(place),
    replicationEncrypts(replication),
    readers.length > 0 && readersDecryptTranscripts(place, bucket, readers),
    topicArns.length > 0 && eventBridgePublishes(place, topicArns),
    topicArns.length > 0 && alarmsPublish(place, topicArns),
  );
}
