import type { Replica } from "../../accounts/model/organization";
import { arns, names, type Place, placeOf, principalOf } from "../names";
import { keyOfBucket, type TranscriptDestination } from "./destinations";
import { inAccounts } from "./owned-buckets";
import { policy, type Policy } from "./policy";
import { useKeysThroughS3 } from "./transcript-key";

/** The source and the destination of a replication. */
export interface Replication {
  readonly source: ReplicationEnd;
  readonly replica: ReplicationEnd;
  /** Key prefix of the objects that are replicated, with a slash at its end. */
  readonly prefix: string;
}

interface ReplicationEnd {
  readonly place: Place;
  readonly bucket: string;
  readonly key: TranscriptDestination["key"];
}

/** The replication that the map has for a replica. */
export function replicationOf(organization: { readonly name: string }, replica: Replica): Replication {
  const source = placeOf(organization, replica.source);
  const owner = placeOf(organization, replica);
  const { encryption, transcripts } = replica.source.settings;
  return {
    source: { place: source, bucket: names.transcriptBucket(source), key: keyOfBucket(encryption, source) },
    replica: {
      place: owner,
      bucket: names.replicaBucket(source),
      key: keyOfBucket(replica.settings.encryption, owner),
    },
    prefix: `${transcripts.prefix}/`,
  };
}

/** ARN of the role that S3 assumes to replicate a bucket. */
export const replicationRoleArn = (source: Place) => arns.role(source.account, names.replicationRole(source));

/**
 * Trust policy of the replication role: only S3 can assume it. AWS documents this trust without a condition, and a
 * condition on a key that S3 does not send would stop replication. So `aws:SourceAccount` and `aws:SourceArn` may be
 * absent, and must name this account and this bucket if S3 sends them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export const replicationTrust = ({ source: { place, bucket } }: Replication): Policy =>
  policy({
    Sid: "S3ReplicatesThisBucket",
    Effect: "Allow",
    Principal: { Service: principalOf("s3", place) },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringEqualsIfExists: { "aws:SourceAccount": place.account.id },
      ArnEqualsIfExists: { "aws:SourceArn": arns.bucket(place, bucket) },
    },
  });

/**
 * Limits a statement to buckets of one account. AWS does not say which condition keys S3 has in the requests that it
 * makes for replication, and a condition on an absent key would stop replication. So the key may be absent.
 */
const ownedBy = ({ account }: Place) => ({ StringEqualsIfExists: inAccounts([account.id]) });

/**
 * What S3 may do in the replication role: read transcripts and their locks from the source, and write both to the
 * replica.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export function replicationPolicy({ source, replica, prefix }: Replication): Policy {
  const from = arns.bucket(source.place, source.bucket);
  const to = arns.bucket(replica.place, replica.bucket);
  return policy(
    {
      Sid: "FindWhatToReplicate",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: from,
      Condition: ownedBy(source.place),
    },
    {
      Sid: "ReadForReplication",
      Effect: "Allow",
      Action: [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold",
      ],
      Resource: `${from}/${prefix}*`,
      Condition: ownedBy(source.place),
    },
    {
      Sid: "Replicate",
      Effect: "Allow",
      Action: REPLICA_ACTIONS,
      Resource: `${to}/${prefix}*`,
      Condition: ownedBy(replica.place),
    },
    ...useKeysThroughS3("DecryptOriginals", ["kms:Decrypt"], [source]),
    ...useKeysThroughS3("EncryptReplicas", REPLICA_KEY_ACTIONS, [replica]),
  );
}

/**
 * Actions with which S3 writes a replica: the object, its tags, its owner and its locks. `s3:PutObjectRetention`
 * can lengthen a lock; to shorten one takes `s3:BypassGovernanceRetention` as well. `s3:ReplicateDelete` is left
 * out, so that a delete marker in the source does not hide the replica.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
export const REPLICA_ACTIONS = [
  ...["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
  ...["s3:PutObjectRetention", "s3:PutObjectLegalHold"],
] as const;

/**
 * Actions with which S3 encrypts a replica. S3 generates and decrypts the S3 Bucket Key of the replica's bucket,
 * for which it needs `kms:GenerateDataKey` and `kms:Decrypt`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export const REPLICA_KEY_ACTIONS = ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"] as const;
