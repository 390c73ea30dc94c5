import { type End, INTENDED, KEEP, type Treatment } from "./treatment";

/** Buckets, and the parts of buckets that are resources of their own. */
export const BUCKETS: Readonly<Record<string, Treatment>> = {
  aws_s3_bucket: {
    noun: "bucket",
    nouns: "buckets",
    changed: "The bucket can be deleted with its objects, or has other tags.",
    destroyed: {
      severity: "critical",
      lost: "With force_destroy, every object in it is deleted: transcripts, log files of the trail, access logs. Without it, AWS refuses to delete a bucket that is not empty, and the apply fails.",
      remedy: `Copy the objects first. ${KEEP}`,
    },
    replaced: {
      severity: "critical",
      lost: "The objects of the old bucket are not in the new one. With force_destroy they are deleted; without it, the apply fails.",
      remedy: "Take back what forces the replacement.",
    },
  },
  ...bucketPart("lifecycle_configuration", "lifecycle", "Objects are kept for a different time.", {
    severity: "low",
    lost: "Objects are never deleted and never moved to cheaper storage.",
    remedy: INTENDED,
  }),
  ...bucketPart("logging", "access log", "The access logs of the bucket go elsewhere.", {
    severity: "high",
    lost: "From now on, nobody can tell who reads the objects in the bucket.",
    remedy: INTENDED,
  }),
  ...bucketPart("notification", "notification", "Others are notified of new objects.", {
    severity: "medium",
    lost: "Nobody is notified of new objects any more.",
    remedy: INTENDED,
  }),
  ...bucketPart("object_lock_configuration", "Object Lock", "New objects are protected in another way.", {
    severity: "critical",
    lost: "New objects can be deleted and overwritten at any time. Objects that are locked stay locked.",
    remedy: "Keep Object Lock: transcripts.objectLock in the map.",
  }),
  ...bucketPart("ownership_controls", "ownership control", "The account that writes an object may own it.", {
    severity: "high",
    lost: "Access control lists apply again: the account that writes an object owns it, and can keep the bucket's owner from reading it.",
    remedy: INTENDED,
  }),
  ...bucketPart("policy", "policy", "Others may read or write the objects in the bucket.", {
    severity: "high",
    lost: "What the policy refuses is allowed: plain HTTP, other encryption, deletion, access from other accounts. Principals that only this policy allows lose access; members of an archive can no longer write.",
    remedy: INTENDED,
  }),
  ...bucketPart("public_access_block", "public access block", "The bucket can be made public.", {
    severity: "high",
    lost: "A bucket policy or an access control list can make the bucket public.",
    remedy: INTENDED,
  }),
  ...bucketPart(
    "replication_configuration",
    "replication",
    "Objects are copied to another place, or some of them are no longer copied.",
    {
      severity: "high",
      lost: "New objects have no second copy any more. Existing copies stay.",
      remedy: INTENDED,
    },
  ),
  ...bucketPart(
    "server_side_encryption_configuration",
    "default encryption",
    "New objects are encrypted with another key.",
    {
      severity: "high",
      lost: "New objects are encrypted with a key of S3, and no longer with the customer managed key.",
      remedy: INTENDED,
    },
  ),
  ...bucketPart("versioning", "versioning", "S3 begins or stops to keep overwritten and deleted objects.", {
    severity: "high",
    lost: "An overwritten or deleted object cannot be restored any more.",
    remedy: INTENDED,
  }),
};

/** A part of a bucket that is a resource of its own. A replacement only writes it again. */
function bucketPart(part: string, noun: string, changed: string, destroyed: End): Record<string, Treatment> {
  const nouns = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return {
    [`aws_s3_bucket_${part}`]: {
      noun: `${noun} of the bucket`,
      nouns: `${nouns} of buckets`,
      changed,
      destroyed,
      replaced: null,
    },
  };
}
