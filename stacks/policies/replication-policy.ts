import type { Replica } from "../../accounts/model/organization";
import { arns, names, type Place, placeOf, principalOf } from "../names";
import { keyOfBucket, type TranscriptDestination } from "./destinations";
import { policy, type Policy } from "./policy";
import { useKeysThroughS3 } from "./transcript-key";

/** Both ends of a replication, by name. */
export interface Replication {
  readonly source: ReplicationEnd;
  readonly replica: ReplicationEnd;
  /** Key prefix of what is replicated, with its slash. */
  readonly prefix: string;
}

interface ReplicationEnd {
  readonly place: Place;
  readonly bucket: string;
  readonly key: TranscriptDestination["key"];
}

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

/** ARN of the role that S3 takes to replicate a bucket. */
export const replicationRoleArn = (source: Place) => arns.role(source.account, names.replicationRole(source));

/**
 * Who takes the role: S3, for the one bucket. AWS documents no source condition for replication, and one that
 * S3 does not fill in would stop it; where it says for whom it acts, it must be this bucket.
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

/** What S3 does with the role: reads transcripts here and keeps them there, their locks included. */
export function replicationPolicy({ source, replica, prefix }: Replication): Policy {
  const from = arns.bucket(source.place, source.bucket);
  const to = arns.bucket(replica.place, replica.bucket);
  return policy(
    {
      Sid: "FindWhatToReplicate",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: from,
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
    },
    {
      Sid: "Replicate",
      Effect: "Allow",
      Action: REPLICA_ACTIONS,
      Resource: `${to}/${prefix}*`,
    },
    ...useKeysThroughS3("DecryptOriginals", ["kms:Decrypt"], [source]),
    ...useKeysThroughS3("EncryptReplicas", REPLICA_KEY_ACTIONS, [replica]),
  );
}

/**
 * What S3 writes a replica with: the object, its tags and owner, and what locks it, which can be
 * lengthened so, and not shortened. No ReplicateDelete: a delete marker hides the original, never the replica.
 */
export const REPLICA_ACTIONS = [
  ...["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
  ...["s3:PutObjectRetention", "s3:PutObjectLegalHold"],
] as const;

/** S3 encrypts with the key, and makes and checks the bucket key of the replica's bucket. */
export const REPLICA_KEY_ACTIONS = ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"] as const;
