import { arnIn, BOOTSTRAP_ROLES } from "../../stacks/names";
import { at, EU, headers, roleIn } from "../stacks/policies/helpers";
import {
  ACCESS_LOGS,
  ARCHIVE_KEY,
  BUCKET,
  documentOf,
  guardOf,
  logGroupOf,
  OWN_BUCKET,
  PAYMENTS,
  PIPELINE,
  PIPELINE_ACCOUNT,
  REPLICA,
  ruleOf,
  streamOf,
  TARGET_KEY,
  TRAIL_BUCKET,
  THROUGH_ARCHIVE,
  transcriptOf,
  type Request,
} from "./world";

/*
 * The requests that the cells of the table are about. Each function returns requests that belong together: AWS must
 * allow all of them, or none.
 */

const requests = (resource: string, ...actions: readonly string[]): Request[] =>
  actions.map((action) => ({ action, resource }));

/** What SSM Agent sends with each upload. */
const AGENT = headers({ acl: "bucket-owner-full-control", sse: "aws:kms", key: ARCHIVE_KEY });

/** Writes a transcript of an account. */
export const writesTranscript = (account: string): Request[] => [
  { action: "s3:PutObject", resource: transcriptOf(account), context: AGENT },
];

/** Uses the archive's key for transcripts, as S3 does for a writer. */
export const encrypts = (): Request[] => [
  { action: "kms:GenerateDataKey", resource: ARCHIVE_KEY, context: THROUGH_ARCHIVE },
];

/** Writes lines of a session of an account. */
export const writesLog = (account: string) =>
  requests(streamOf(account), "logs:CreateLogStream", "logs:PutLogEvents");

/** Reads a transcript of an account, which the example moves to Deep Archive: there it is restored first. */
export const readsTranscript = (account: string) =>
  requests(transcriptOf(account), "s3:GetObject", "s3:GetObjectVersion", "s3:RestoreObject");

/** Uses the archive's key for transcripts, as S3 does for a reader. */
export const decrypts = (): Request[] => [
  { action: "kms:Decrypt", resource: ARCHIVE_KEY, context: THROUGH_ARCHIVE },
];

/** Reads the session log of an account. */
export const readsLog = (account: string) => [
  ...requests(streamOf(account), "logs:GetLogEvents"),
  ...requests(logGroupOf(account), "logs:FilterLogEvents"),
];

/** Writes a file of the trail of an account, which a report reads, and an access log of the archive. */
export const forgesTrail = () =>
  requests(
    `${TRAIL_BUCKET}/AWSLogs/${PAYMENTS}/CloudTrail/${EU}/2025/01/01/x.json.gz`,
    "s3:PutObject",
    "s3:ReplicateObject",
  );
export const forgesAccessLog = () =>
  requests(`${ACCESS_LOGS}/x/2025-01-01-00-00-00-0123`, "s3:PutObject", "s3:ReplicateObject");

/** Deletes a transcript of an account, or makes it unreadable, although it is locked in governance mode. */
export const deletesTranscript = (account: string) =>
  requests(
    transcriptOf(account),
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:BypassGovernanceRetention",
    "s3:UpdateObjectEncryption",
  );

/** Deletes session logs of an account, or lets them expire. */
export const deletesLog = (account: string) => [
  ...requests(logGroupOf(account), "logs:DeleteLogGroup", "logs:PutRetentionPolicy"),
  ...requests(streamOf(account), "logs:DeleteLogStream"),
];

/** AWS identifies a created key by its alias. */
const aliased = (alias: string) => ({ "kms:ResourceAliases": [alias] });

/** Makes every transcript unreadable, when the waiting period of the key's deletion is over. */
export const deletesKey = (): Request[] => [
  {
    action: "kms:ScheduleKeyDeletion",
    resource: ARCHIVE_KEY,
    context: aliased("alias/session-audit-acme-archive"),
  },
];

/** Changes what an account records, and who hears of it. */
export const changesRecording = (account: string): Request[] => [
  ...requests(documentOf(account), "ssm:UpdateDocument", "ssm:DeleteDocument"),
  ...requests(logGroupOf(account), "logs:PutSubscriptionFilter", "logs:DisassociateKmsKey"),
  ...requests(ruleOf(account), "events:DisableRule"),
  ...requests(guardOf(account), "lambda:UpdateFunctionCode"),
];

/** Changes who may use the key of the sandbox's sessions. */
export const changesKey = (): Request[] => [
  { action: "kms:PutKeyPolicy", resource: TARGET_KEY, context: aliased("alias/session-audit-acme") },
];

/** Changes who may write to, read and delete what is in the archive. */
export const changesArchive = (): Request[] => [
  ...requests(BUCKET, "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
  ...requests(BUCKET, "s3:PutReplicationConfiguration", "s3:PutLifecycleConfiguration"),
  {
    action: "kms:PutKeyPolicy",
    resource: ARCHIVE_KEY,
    context: aliased("alias/session-audit-acme-archive"),
  },
];

/** Changes whom a role trusts. */
export const changesTrust = (role: string) => requests(role, "iam:UpdateAssumeRolePolicy");

/** Changes what a role may do. */
export const changesPolicy = (role: string) => requests(role, "iam:PutRolePolicy");

/** Changes the permissions and the trust policy of an instance role. */
export const changesInstanceRole = (role: string) =>
  requests(
    role,
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
  );

/** Gives an instance of an account another role. */
export const givesAnotherRole = (account: string): Request[] => [
  ...requests(
    `arn:aws:ec2:${EU}:${account}:instance/i-0123456789abcdef0`,
    "ec2:ReplaceIamInstanceProfileAssociation",
  ),
  ...requests(roleIn(account, "another"), "iam:PassRole"),
];

/** Copies a transcript of an account to the archive's replica. */
export const replicates = (account: string) => [
  ...requests(transcriptOf(account), "s3:GetObjectVersionForReplication"),
  ...requests(transcriptOf(account).replace(BUCKET, REPLICA), "s3:ReplicateObject"),
];

/** Copies a transcript of an account to a bucket that the caller owns, in the archive account. */
export const replicatesElsewhere = (account: string) =>
  requests(transcriptOf(account).replace(BUCKET, OWN_BUCKET), "s3:ReplicateObject");

const WORKERS = arnIn("codebuild", at(PIPELINE_ACCOUNT), `project/${PIPELINE.workerProject}`);

/** Starts workers with commands of the caller's, and executions with items of the caller's. */
export const runsPipeline = (): Request[] => [
  ...requests(WORKERS, "codebuild:StartBuild"),
  ...requests(PIPELINE.stateMachineArn, "states:StartExecution"),
  ...["runs/1/stages/0.json", "plans/1/manifest.json"].map((key) => ({
    action: "s3:PutObject",
    resource: `arn:aws:s3:::${PIPELINE.bucket}/${key}`,
    context: { "s3:if-none-match": "*" },
  })),
];

/** Changes what the pipeline runs. */
export const changesPipeline = (): Request[] => [
  ...requests(WORKERS, "codebuild:UpdateProject"),
  ...requests(PIPELINE.stateMachineArn, "states:UpdateStateMachine"),
  ...[PIPELINE.role, PIPELINE.workerRole, BOOTSTRAP_ROLES.deploy]
    .map((role) => roleIn(PIPELINE_ACCOUNT, role))
    .flatMap((role) => [...changesTrust(role), ...changesPolicy(role)]),
];
