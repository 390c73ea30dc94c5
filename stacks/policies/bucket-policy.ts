import type { AccountIdentity } from "../../accounts/model/organization";
import { arnParts } from "../../aws/arn";
import { arns, names, type Place } from "../names";
import { movesToArchives, readActions, type MovesToArchives } from "./cold-storage";
import { accountsOf, admit, isOneOf, type Members } from "./principals";
import { policy, unique, type Policy, type Statement } from "./policy";

/** The bucket that a statement is about. */
export type Bucket = { readonly arn: string };

/** The bucket and every object in it, as the `Resource` of a statement. */
export const everywhere = ({ arn }: Bucket) => [arn, `${arn}/*`];

/**
 * Builds a statement that denies something to every principal. A denial overrides whatever other policies allow.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const refuse = (Sid: string, rest: Omit<Statement, "Sid" | "Effect" | "Principal">): Statement => ({
  Sid,
  Effect: "Deny",
  Principal: "*",
  ...rest,
});

/** Denies every request over plain HTTP to everybody, because transcripts contain what people typed. */
export const refusePlainHttp = (bucket: Bucket) =>
  refuse("RefusePlainHttp", {
    Action: ["s3:*"],
    Resource: everywhere(bucket),
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });

/**
 * Denies every request over TLS 1.0 or 1.1 to everybody. A request over plain HTTP has no TLS version, and is denied
 * by `RefusePlainHttp`.
 */
export const refuseOldTls = (bucket: Bucket) =>
  refuse("RefuseTlsBefore12", {
    Action: ["s3:*"],
    Resource: everywhere(bucket),
    Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
  });

/**
 * Denies every request through an S3 access point to everybody. For such a request, identity policies and service control
 * policies are compared with the ARN of the access point and not with that of the bucket, so the guardrails that
 * name buckets would not bind it. Nobody needs an access point here: SSM Agent, AWS services and readers name the
 * bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const refuseAccessPoints = (bucket: Bucket) =>
  refuse("RefuseAccessPoints", {
    Action: ["s3:*"],
    Resource: everywhere(bucket),
    Condition: { Null: { "s3:DataAccessPointArn": "false" } },
  });

/**
 * Refuses uploads in which a header has another value than the right one. Uploads without the header pass, because
 * the bucket's default encryption applies to them. SSM Agent omits its encryption headers when it is not allowed to
 * read the bucket's encryption configuration, and a policy that requires a header would then lose the transcript
 * silently.
 *
 * `Null` is what lets uploads without the header pass: a negated operator such as `StringNotEquals` is true when
 * its key is absent, and its `IfExists` form is true as well.
 * @param header condition key that stands for the header
 * @param right the only value of the header that is accepted
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://github.com/aws/amazon-ssm-agent/issues/311
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

/**
 * Refuses uploads that request SSE-KMS without naming a key. S3 encrypts them with the AWS managed key `aws/s3`, with
 * which principals of other accounts cannot decrypt.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
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

/**
 * Refuses uploads with SSE-C. S3 does not store a key that the caller provides, so no reviewer could read the
 * transcript.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
const refuseCallersKeys = ({ arn }: Bucket) =>
  refuse("RefuseKeysOfTheCaller", {
    Action: ["s3:PutObject"],
    Resource: `${arn}/*`,
    Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
  });

/**
 * Refuses uploads to another storage class. A writer that chooses `GLACIER` or `DEEP_ARCHIVE` makes the transcript
 * unreadable until somebody restores it, which takes hours, and one that chooses `ONEZONE_IA` keeps it in one
 * Availability Zone only. SSM Agent sends no storage class. Lifecycle rules of the bucket can still move objects.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/s3util/s3util.go
 */
const refuseOtherStorageClasses = (bucket: Bucket) =>
  refuseHeader("RefuseOtherStorageClasses", bucket, "s3:x-amz-storage-class", "STANDARD");

/**
 * Refuses every ACL but `bucket-owner-full-control`, which SSM Agent sends with each upload. Requests without an ACL
 * pass. Grants to others, in headers `x-amz-grant-…` or in the body, have condition keys of their own and are not
 * refused here: S3 answers 400 `AccessControlListNotSupported`, because the bucket's Object Ownership is
 * `BucketOwnerEnforced`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
 */
const refuseForeignAcls = ({ arn }: Bucket) =>
  refuse("RefuseForeignAcls", {
    Action: ["s3:PutObject", "s3:PutObjectAcl"],
    Resource: `${arn}/*`,
    Condition: {
      Null: { "s3:x-amz-acl": "false" },
      StringNotEquals: { "s3:x-amz-acl": "bucket-owner-full-control" },
    },
  });

/**
 * Denies to everybody, the bucket's owner included, deleting objects and whatever amounts to it. Lifecycle rules
 * still expire objects: a bucket policy decides who may change these rules, not what they delete.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export const refuseDeletion = ({ arn }: Bucket) =>
  refuse("RefuseDeletion", {
    // s3:ReplicateDelete lets replication into this bucket create delete markers, which hide transcripts.
    Action: [
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:ReplicateDelete",
      "s3:BypassGovernanceRetention",
      // An object that is encrypted again with another key becomes unreadable when that key is deleted.
      "s3:UpdateObjectEncryption",
    ],
    Resource: `${arn}/*`,
  });

/**
 * Denies reading transcripts to every principal but the named readers. This includes administrators of the bucket's
 * account, as long as they do not change this policy or assume the role of a reader.
 * @param read the actions with which readers read (`readActions`)
 * @param replicated whether there is a replica: `RefuseOtherReplication` then limits the read for replication instead
 */
export const refuseUnnamedReaders = (
  { arn }: Bucket,
  { all, own }: TranscriptReaders,
  read: readonly string[],
  replicated: boolean,
): Statement => {
  const readers = [...all, ...own];
  return refuse("RefuseUnnamedReaders", {
    // A replication rule could copy every transcript to a bucket of somebody else's.
    Action: [...read, ...(replicated ? [] : ["s3:GetObjectVersionForReplication"])],
    Resource: `${arn}/*`,
    ...(readers.length > 0 && { Condition: { ArnNotLike: { "aws:PrincipalArn": readers } } }),
  });
};

/** Denies reading transcripts for replication to every principal but the replication role of this bucket. */
const refuseOtherReplication = (bucket: Bucket, place: Place) =>
  refuse("RefuseOtherReplication", {
    Action: ["s3:GetObjectVersionForReplication"],
    Resource: `${bucket.arn}/*`,
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": arns.role(place.account, names.replicationRole(place)) },
    },
  });

/** Actions that this policy may allow to principals of other accounts: members write, guards list, readers read. */
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

/**
 * Denies every action to principals of other accounts, except those that the policy's other statements may allow
 * them. AWS services have no account: they are left out, and are bound by the statements that name them.
 * @param granted actions that are not refused
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
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

/**
 * Denies writing to everybody but one service, administrators of the account included: a forged file would look like one
 * that the service wrote, and nobody else has anything to write there. In requests of people and roles the key is absent,
 * for which a negated operator is true. S3 replicates with a role, so replicas are refused too.
 * @param principal of the service, or null: any service. The statements that allow services name them, so that each
 *   service that they do not name is refused all the same. AWS documents the value of `aws:PrincipalServiceName` for few
 *   services, and CloudTrail is one of them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
 */
export const refuseOtherWriters = ({ arn }: Bucket, principal: string | null): Statement =>
  refuse("RefuseOtherWriters", {
    Action: ["s3:PutObject", "s3:ReplicateObject"],
    Resource: `${arn}/*`,
    Condition:
      principal === null
        ? { Bool: { "aws:PrincipalIsAWSService": "false" } }
        : { StringNotEquals: { "aws:PrincipalServiceName": principal } },
  });

/** Objects of the caller's own account: IAM puts the account of the caller in place of `${aws:PrincipalAccount}`. */
const ofOwnAccount = ({ arn }: Bucket, prefix: string) => `${arn}/${prefix}/\${aws:PrincipalAccount}/*`;

/**
 * Lets every other member account write transcripts below its own account id, and nowhere else: IAM puts the account
 * of the caller in place of `${aws:PrincipalAccount}`. Instances of the bucket's own account write by their own policy.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
const membersWriteTranscripts = (
  bucket: Bucket,
  { account }: Place,
  prefix: string,
  members: Members,
): Statement => ({
  Sid: "MembersWriteUnderTheirOwnAccount",
  Effect: "Allow",
  // SSM Agent sends an ACL with every upload, for which a bucket of another account requires s3:PutObjectAcl.
  Action: ["s3:PutObject", "s3:PutObjectAcl"],
  Resource: ofOwnAccount(bucket, prefix),
  ...admit(members, account),
});

/**
 * Denies writing transcripts of other accounts to everybody, administrators of the bucket's account included: their own
 * policies would allow them to write anywhere in the bucket. Replication into the bucket would be another way to
 * write.
 */
const refuseTranscriptsOfOtherAccounts = (bucket: Bucket, prefix: string): Statement => ({
  Sid: "RefuseTranscriptsOfOtherAccounts",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:PutObject", "s3:ReplicateObject"],
  NotResource: [ofOwnAccount(bucket, prefix)],
});

/**
 * Lets other member accounts read the bucket's encryption configuration. If the preferences enforce S3 encryption, SSM
 * Agent refuses every session in which it cannot read that configuration.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go
 */
const membersCheckEncryption = ({ arn }: Bucket, { account }: Place, members: Members): Statement => ({
  Sid: "MembersCheckEncryption",
  Effect: "Allow",
  Action: ["s3:GetEncryptionConfiguration"],
  Resource: arn,
  ...admit(members, account),
});

/**
 * Lets the guards of other member accounts list transcripts: each those of its own account in this region, by key,
 * without reading them. The role of a guard has the same name in every account, and `${aws:PrincipalAccount}`
 * limits each to its own account's prefix.
 * @param role name of the guards' role
 */
const guardsFindTranscripts = (
  { arn }: Bucket,
  { account, region }: Place,
  prefix: string,
  members: Members,
  role: string,
): Statement => {
  const { Principal, Condition } = admit(members, account);
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

/** The roles that read transcripts. `*` may stand in their ARNs. */
export interface TranscriptReaders {
  /** ARNs of roles that read every transcript of the bucket. */
  readonly all: readonly string[];
  /** ARNs of roles that read transcripts of their own account only. */
  readonly own: readonly string[];
}

/** What the map says about readers, and the account of the bucket. */
export interface NamedReaders {
  /** Account of the bucket; for a replica, of its source. */
  readonly owner: Pick<AccountIdentity, "id">;
  /** Whether the bucket holds transcripts of several accounts. */
  readonly central: boolean;
  readonly readers: readonly string[];
  /** @default none */
  readonly organizationReaders?: readonly string[];
}

/**
 * Who reads what in a bucket. In a central bucket, a role of another account than the owner's reads the transcripts of
 * its own account only, unless the map has it among `transcripts.organizationReaders`.
 * @example readersOf({ owner: place.account, central: true, ...settings.transcripts })
 */
export function readersOf(named: NamedReaders): TranscriptReaders {
  const { owner, central, readers, organizationReaders = [] } = named;
  const readsAll = (role: string) => !central || arnParts(role).accountId === owner.id;
  return {
    all: unique([...readers.filter(readsAll), ...organizationReaders]),
    own: readers.filter((role) => !readsAll(role)),
  };
}

/**
 * Lets the named readers read and list transcripts: all of them, or those of their own account.
 * @param prefix key prefix of transcripts, without slash at its end
 * @param read the actions with which they read (`readActions`)
 */
export function readersRead(
  bucket: Bucket,
  prefix: string,
  { all, own }: TranscriptReaders,
  read: readonly string[],
): Statement[] {
  const allow = (
    Sid: string,
    readers: readonly string[],
    Action: readonly string[],
    Resource: string,
    Condition: Statement["Condition"] = {},
  ): Statement => ({
    Sid,
    Effect: "Allow",
    Principal: accountsOf(readers),
    Action,
    Resource,
    Condition: { ...isOneOf(readers), ...Condition },
  });
  const list = ["s3:ListBucket", "s3:ListBucketVersions"];
  const locate = "s3:GetBucketLocation";
  const everything = [
    allow("ReadersReadTranscripts", all, read, `${bucket.arn}/*`),
    allow("ReadersListTranscripts", all, [...list, locate], bucket.arn),
  ];
  const ofTheirAccount = [
    allow("ReadersReadTranscriptsOfTheirAccount", own, read, ofOwnAccount(bucket, prefix)),
    allow("ReadersListTranscriptsOfTheirAccount", own, list, bucket.arn, {
      StringLike: { "s3:prefix": `${prefix}/\${aws:PrincipalAccount}/*` },
    }),
    allow("ReadersLocateBucket", own, [locate], bucket.arn),
  ];
  return [...(all.length > 0 ? everything : []), ...(own.length > 0 ? ofTheirAccount : [])];
}

/**
 * Denies reading transcripts of other accounts to every principal but those that read all, whatever another statement
 * allows.
 * @param read the actions with which readers read (`readActions`)
 */
export const refuseReadersOfOtherAccounts = (
  bucket: Bucket,
  prefix: string,
  { all, own }: TranscriptReaders,
  read: readonly string[],
): Statement | false =>
  own.length > 0 && {
    Sid: "RefuseReadersOfOtherAccounts",
    Effect: "Deny",
    Principal: "*",
    Action: read,
    NotResource: [ofOwnAccount(bucket, prefix)],
    ...(all.length > 0 && { Condition: { ArnNotLike: { "aws:PrincipalArn": all } } }),
  };

/** What a bucket of transcripts is used for, and by whom. */
export interface TranscriptBucketPolicyProps {
  /** Name of the bucket. */
  readonly bucket: string;
  /**
   * Key prefix of transcripts, without slash at its end: `sessions` for
   * `sessions/<account>/<region>/<session>.log`.
   */
  readonly prefix: string;
  /** Accounts that write to a central bucket; null for a bucket that serves its own account alone. */
  readonly members: Members | null;
  /** ARNs of the roles that read, where `*` may stand. */
  readonly readers: readonly string[];
  /**
   * ARNs of the roles of other accounts that read everything in a central bucket, where `*` may stand.
   * @default [] they read what is their own account's
   */
  readonly organizationReaders?: readonly string[];
  /**
   * Name of the role in which guards of other accounts list transcripts.
   * @default null no guard lists this bucket
   */
  readonly guardRole?: string | null;
  /** ARN of the KMS key that encrypts the bucket; null for SSE-S3 (AES256). */
  readonly keyArn: string | null;
  /** The replication setting of the map; null: there is no replica, so reading for replication is refused. */
  readonly replication: object | null;
  /** Whether deletion is refused to everybody. */
  readonly protect: boolean;
  /** What the bucket's lifecycle moves to where it must be restored before it is read. @default nothing */
  readonly lifecycle?: MovesToArchives;
}

/**
 * The policy of a bucket of transcripts. Instances write, named readers read, and other accounts change nothing. In a
 * bucket that serves its own account alone no statement lets instances write: their own policies do.
 * @param place account and region of the bucket
 * @example
 * transcriptBucketPolicy(place, {
 *   bucket: names.transcriptBucket(place),
 *   prefix: "sessions",
 *   members: { organizationId: "o-a1b2c3d4e5" },
 *   readers: ["arn:aws:iam::111111111111:role/session-reviewer"],
 *   keyArn: "arn:aws:kms:eu-central-1:111111111111:key/0f0f0f0f-1111-2222-3333-444444444444",
 *   replication: null,
 *   protect: true,
 * })
 */
export function transcriptBucketPolicy(place: Place, props: TranscriptBucketPolicyProps): Policy {
  const { prefix, members, guardRole = null, keyArn, replication, protect, lifecycle } = props;
  const bucket = { arn: arns.bucket(place, props.bucket) };
  const readers = readersOf({ ...props, owner: place.account, central: members !== null });
  const read = readActions(lifecycle !== undefined && movesToArchives(lifecycle));
  return policy(
    members && membersWriteTranscripts(bucket, place, prefix, members),
    members && membersCheckEncryption(bucket, place, members),
    members && guardRole !== null && guardsFindTranscripts(bucket, place, prefix, members, guardRole),
    ...readersRead(bucket, prefix, readers, read),
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseAccessPoints(bucket),
    refuseOtherEncryption(bucket, keyArn === null ? "AES256" : "aws:kms"),
    keyArn !== null && refuseOtherKeys(bucket, keyArn),
    keyArn !== null && refuseUnnamedKeys(bucket),
    refuseCallersKeys(bucket),
    refuseOtherStorageClasses(bucket),
    refuseForeignAcls(bucket),
    members && refuseTranscriptsOfOtherAccounts(bucket, prefix),
    refuseUnnamedReaders(bucket, readers, read, replication !== null),
    refuseReadersOfOtherAccounts(bucket, prefix, readers, read),
    replication !== null && refuseOtherReplication(bucket, place),
    refuseForeignAdministration(bucket, place, unique([...OF_OTHER_ACCOUNTS, ...read])),
    protect && refuseDeletion(bucket),
  );
}
