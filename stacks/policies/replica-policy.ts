import { arns } from "../names";
import {
  readersList,
  readersRead,
  refuse,
  refuseDeletion,
  refuseForeignAdministration,
  refuseOldTls,
  refusePlainHttp,
  refuseUnnamedReaders,
  type Bucket,
} from "./bucket-policy";
import {
  accountAdministersKey,
  alarmsPublish,
  eventBridgePublishes,
  readersDecryptTranscripts,
  throughBucket,
} from "./key-policy";
import { policy, type Policy, type Statement } from "./policy";
import { accountsOf, isOneOf } from "./principals";
import {
  REPLICA_ACTIONS,
  REPLICA_KEY_ACTIONS,
  replicationRoleArn,
  type Replication,
} from "./replication-policy";

/** What principals of other accounts may be allowed to do at all: the role writes, named readers read. */
const OF_OTHER_ACCOUNTS = [
  ...REPLICA_ACTIONS,
  ...["s3:GetObject", "s3:GetObjectVersion"],
  ...["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
];

/** The role is named in a condition: AWS refuses a policy whose principal is not there yet. */
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

/** What is written in any other way is no copy of a transcript. */
const refuseWriters = ({ arn }: Bucket) =>
  refuse("RefuseWriters", {
    Action: ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectVersionTagging"],
    Resource: `${arn}/*`,
  });

const refuseOtherReplication = ({ arn }: Bucket, { source }: Replication) =>
  refuse("RefuseOtherReplicationHere", {
    Action: REPLICA_ACTIONS,
    Resource: `${arn}/*`,
    Condition: { ArnNotLike: { "aws:PrincipalArn": replicationRoleArn(source.place) } },
  });

export interface ReplicaPolicyProps {
  readonly readers: readonly string[];
  readonly protect: boolean;
}

/** The policy of a replica's bucket: written by one role through replication, read by the source's readers. */
export function replicaBucketPolicy(
  replication: Replication,
  { readers, protect }: ReplicaPolicyProps,
): Policy {
  const { place, bucket: name } = replication.replica;
  const bucket = { arn: arns.bucket(place, name) };
  return policy(
    replicationWrites(bucket, replication),
    readers.length > 0 && readersRead(bucket, readers),
    readers.length > 0 && readersList(bucket, readers),
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseWriters(bucket),
    refuseOtherReplication(bucket, replication),
    refuseUnnamedReaders(bucket, readers, false),
    refuseForeignAdministration(bucket, place, OF_OTHER_ACCOUNTS),
    protect && refuseDeletion(bucket),
  );
}

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

export interface ReplicaKeyUses {
  readonly readers: readonly string[];
  /** Names of topics of the replica's account. */
  readonly topics: readonly string[];
}

/** The policy of a replica's key: replication encrypts through its bucket, readers decrypt through it. */
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
