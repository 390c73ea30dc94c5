import { arns, names, type Place } from "../names";
import { accountsOf, admit, isOneOf, type Members } from "./principals";
import { policy, type Policy, type Statement } from "./policy";

export type Bucket = { readonly arn: string };

export const everywhere = ({ arn }: Bucket) => [arn, `${arn}/*`];

/** Refused for everybody, whatever else allows it. */
export const refuse = (Sid: string, rest: Omit<Statement, "Sid" | "Effect" | "Principal">): Statement => ({
  Sid,
  Effect: "Deny",
  Principal: "*",
  ...rest,
});

export const refusePlainHttp = (bucket: Bucket) =>
  refuse("RefusePlainHttp", {
    Action: ["s3:*"],
    Resource: everywhere(bucket),
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });

export const refuseOldTls = (bucket: Bucket) =>
  refuse("RefuseTlsBefore12", {
    Action: ["s3:*"],
    Resource: everywhere(bucket),
    Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
  });

/**
 * A header that is sent must be right; none at all is fine, since the bucket's default encryption applies.
 * The agent sends none when it may not read that default, and a policy that asked for the header would
 * lose the transcript without a trace. `Null` is what makes an absent header pass: a negated operator
 * holds when its key is absent, and so, against intuition, does its IfExists form.
 */
const refuseHeader = (Sid: string, { arn }: Bucket, header: string, right: string) =>
  refuse(Sid, {
    Action: ["s3:PutObject"],
    Resource: `${arn}/*`,
    Condition: { Null: { [header]: "false" }, StringNotEquals: { [header]: right } },
  });

const refuseOtherEncryption = (bucket: Bucket, algorithm: string) =>
  refuseHeader("RefuseOtherEncryption", bucket, "s3:x-amz-server-side-encryption", algorithm);

const refuseOtherKeys = (bucket: Bucket, keyArn: string) =>
  refuseHeader("RefuseOtherKeys", bucket, "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn);

/** Asked for KMS without a key, S3 takes the key aws/s3 of the writer's account, which opens to no other. */
const refuseUnnamedKeys = ({ arn }: Bucket) =>
  refuse("RefuseKmsWithoutKey", {
    Action: ["s3:PutObject"],
    Resource: `${arn}/*`,
    Condition: {
      Null: {
        "s3:x-amz-server-side-encryption": "false",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": "true",
      },
    },
  });

/** With SSE-C the writer keeps the key: nobody who reviews could ever read the transcript. */
const refuseCallersKeys = ({ arn }: Bucket) =>
  refuse("RefuseKeysOfTheCaller", {
    Action: ["s3:PutObject"],
    Resource: `${arn}/*`,
    Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
  });

const refuseForeignAcls = ({ arn }: Bucket) =>
  refuse("RefuseForeignAcls", {
    Action: ["s3:PutObject", "s3:PutObjectAcl"],
    Resource: `${arn}/*`,
    Condition: {
      Null: { "s3:x-amz-acl": "false" },
      StringNotEquals: { "s3:x-amz-acl": "bucket-owner-full-control" },
    },
  });

/** Lifecycle rules expire objects all the same: S3 does not ask the bucket policy for them. */
export const refuseDeletion = ({ arn }: Bucket) =>
  refuse("RefuseDeletion", {
    // ReplicateDelete, because replication into the bucket brings delete markers along, which hide transcripts.
    Action: [
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:ReplicateDelete",
      "s3:BypassGovernanceRetention",
      // With the key of somebody else, who takes it away, an object is as good as deleted.
      "s3:UpdateObjectEncryption",
    ],
    Resource: `${arn}/*`,
  });

export const refuseUnnamedReaders = ({ arn }: Bucket, readers: readonly string[], replicated: boolean) =>
  refuse("RefuseUnnamedReaders", {
    // Replication is on the list, since it would carry every transcript to wherever it is told to.
    Action: [
      "s3:GetObject",
      "s3:GetObjectVersion",
      ...(replicated ? [] : ["s3:GetObjectVersionForReplication"]),
    ],
    Resource: `${arn}/*`,
    ...(readers.length > 0 && { Condition: { ArnNotLike: { "aws:PrincipalArn": readers } } }),
  });

/** S3 reads for replication with the role of this bucket, and with no other. */
const refuseOtherReplication = (bucket: Bucket, place: Place) =>
  refuse("RefuseOtherReplication", {
    Action: ["s3:GetObjectVersionForReplication"],
    Resource: `${bucket.arn}/*`,
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": arns.role(place.account, names.replicationRole(place)) },
    },
  });

/** What principals of other accounts may be allowed to do at all, by the statements that allow. */
const OF_OTHER_ACCOUNTS = [
  ...["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload", "s3:GetEncryptionConfiguration"],
  ...[
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:GetBucketLocation",
  ],
];

export const refuseForeignAdministration = (
  bucket: Bucket,
  { account }: Place,
  granted: readonly string[] = OF_OTHER_ACCOUNTS,
) =>
  refuse("RefuseForeignAdministration", {
    NotAction: granted,
    Resource: everywhere(bucket),
    Condition: {
      StringNotEquals: { "aws:PrincipalAccount": account.id },
      Bool: { "aws:PrincipalIsAWSService": "false" },
    },
  });

/** Each account writes below its own id: the variable is the caller's account, whoever that is. */
const membersWriteTranscripts = ({ arn }: Bucket, prefix: string, members: Members): Statement => {
  const { Principal, Condition } = admit(members);
  return {
    Sid: "MembersWriteUnderTheirOwnAccount",
    Effect: "Allow",
    Principal,
    // The agent sends an ACL with every upload, for which a bucket of another account asks PutObjectAcl.
    Action: ["s3:PutObject", "s3:PutObjectAcl"],
    Resource: `${arn}/${prefix}/\${aws:PrincipalAccount}/*`,
    ...(Condition && { Condition }),
  };
};

/** The agent refuses a session, when told to, unless it can see how the bucket encrypts. */
const membersCheckEncryption = ({ arn }: Bucket, members: Members): Statement => {
  const { Principal, Condition } = admit(members);
  return {
    Sid: "MembersCheckEncryption",
    Effect: "Allow",
    Principal,
    Action: ["s3:GetEncryptionConfiguration"],
    Resource: arn,
    ...(Condition && { Condition }),
  };
};

/**
 * A guard sees which transcripts its own account has in its own region: their names, nothing that is in them. Its role
 * is called the same in each account, and the variable is the account of whoever asks.
 */
const guardsFindTranscripts = (
  { arn }: Bucket,
  { account, region }: Place,
  prefix: string,
  members: Members,
  role: string,
): Statement => {
  const { Principal, Condition } = admit(members);
  return {
    Sid: "GuardsFindTheirOwnTranscripts",
    Effect: "Allow",
    Principal,
    Action: ["s3:ListBucket"],
    Resource: arn,
    Condition: {
      ...Condition,
      ...isOneOf([arns.role({ ...account, id: "*" }, role)]),
      StringLike: { "s3:prefix": `${prefix}/\${aws:PrincipalAccount}/${region}/*` },
    },
  };
};

export const readersRead = ({ arn }: Bucket, readers: readonly string[]): Statement => ({
  Sid: "ReadersReadTranscripts",
  Effect: "Allow",
  Principal: accountsOf(readers),
  Action: ["s3:GetObject", "s3:GetObjectVersion"],
  Resource: `${arn}/*`,
  Condition: isOneOf(readers),
});

export const readersList = ({ arn }: Bucket, readers: readonly string[]): Statement => ({
  Sid: "ReadersListTranscripts",
  Effect: "Allow",
  Principal: accountsOf(readers),
  Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
  Resource: arn,
  Condition: isOneOf(readers),
});

export interface TranscriptBucketPolicyProps {
  readonly bucket: string;
  readonly prefix: string;
  /** Who else may write: the members of a central bucket; null for a bucket that serves its own account. */
  readonly members: Members | null;
  readonly readers: readonly string[];
  /**
   * Name of the role with which guards of other accounts look for transcripts.
   * @default null there are none
   */
  readonly guardRole?: string | null;
  /** ARN of the key that encrypts; null where S3's own key does (AES256). */
  readonly keyArn: string | null;
  /** Where a second copy is kept; null: nowhere, so that nothing replicates. */
  readonly replication: object | null;
  /** Whether nobody at all may delete. */
  readonly protect: boolean;
}

/** The policy of a bucket of transcripts: written by instances, read by readers, changed by nobody else. */
export function transcriptBucketPolicy(place: Place, props: TranscriptBucketPolicyProps): Policy {
  const { prefix, members, readers, guardRole = null, keyArn, replication, protect } = props;
  const bucket = { arn: arns.bucket(place, props.bucket) };
  return policy(
    members && membersWriteTranscripts(bucket, prefix, members),
    members && membersCheckEncryption(bucket, members),
    members && guardRole !== null && guardsFindTranscripts(bucket, place, prefix, members, guardRole),
    readers.length > 0 && readersRead(bucket, readers),
    readers.length > 0 && readersList(bucket, readers),
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseOtherEncryption(bucket, keyArn === null ? "AES256" : "aws:kms"),
    keyArn !== null && refuseOtherKeys(bucket, keyArn),
    keyArn !== null && refuseUnnamedKeys(bucket),
    refuseCallersKeys(bucket),
    refuseForeignAcls(bucket),
    refuseUnnamedReaders(bucket, readers, replication !== null),
    replication !== null && refuseOtherReplication(bucket, place),
    refuseForeignAdministration(bucket, place),
    protect && refuseDeletion(bucket),
  );
}
