import { dnsSuffix, type Partition } from "../../aws/regions";
import type { Policy } from "./policies";
import type { Purpose } from "./trust";

/** Where the pipeline keeps plan folders and journals. */
export interface PlanBucket {
  /** Id of the account of the pipeline. */
  readonly accountId: string;
  readonly partition: Partition;
}

/** The name of the bucket. The account of the pipeline has one. */
export const planBucketName = (accountId: string): string => `session-audit-plans-${accountId}`;

/** The alias of the key of the bucket. */
export const PLAN_KEY_ALIAS = "alias/session-audit-plans";

/**
 * A bucket for plan folders, below `plans/`, and for journals, below `journals/`. Plans hold states, so they are encrypted
 * with a key of their own, and S3 deletes them after some days. Journals say who deployed what: they stay. The bucket takes
 * neither without `If-None-Match`, so that nobody overwrites one, and lets nobody delete one and write another in its place.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 * @param account of the pipeline
 */
export function planBucketResources({ accountId, partition }: PlanBucket) {
  const name = planBucketName(accountId);
  const arn = `arn:${partition}:s3:::${name}`;
  const root = `arn:${partition}:iam::${accountId}:root`;
  return {
    PlansKey: {
      Type: "AWS::KMS::Key",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        Description: "Encrypts the plan folders of session-audit.",
        EnableKeyRotation: true,
        KeyPolicy: document({
          Sid: "PoliciesOfTheAccountDecide",
          Effect: "Allow",
          Principal: { AWS: root },
          Action: "kms:*",
          Resource: "*",
        }),
      },
    },
    PlansKeyAlias: {
      Type: "AWS::KMS::Alias",
      Properties: { AliasName: PLAN_KEY_ALIAS, TargetKeyId: { Ref: "PlansKey" } },
    },
    PlansBucket: {
      Type: "AWS::S3::Bucket",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BucketName: name,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                SSEAlgorithm: "aws:kms",
                KMSMasterKeyID: { "Fn::GetAtt": ["PlansKey", "Arn"] },
              },
            },
          ],
        },
        // What somebody replaces after a change of the policy can still be read.
        VersioningConfiguration: { Status: "Enabled" },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: "expire-plans",
              Status: "Enabled",
              Prefix: "plans/",
              ExpirationInDays: { Ref: "PlanDays" },
              // A version of a plan folder holds states, as the object does.
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            },
            {
              Id: "abort-uploads",
              Status: "Enabled",
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
      },
    },
    PlansBucketPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: {
        Bucket: { Ref: "PlansBucket" },
        PolicyDocument: document(
          {
            Sid: "RefusePlainHttp",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          {
            // For them, guardrails that name the bucket would not hold.
            Sid: "RefuseAccessPoints",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Null: { "s3:DataAccessPointArn": "false" } },
          },
          {
            Sid: "NobodyOverwrites",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:PutObject",
            Resource: [`${arn}/plans/*`, `${arn}/journals/*`],
            Condition: { Null: { "s3:if-none-match": "true" } },
          },
          {
            // Rules of the lifecycle delete all the same.
            Sid: "NobodyReplaces",
            Effect: "Deny",
            Principal: "*",
            Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete", "s3:ReplicateObject"],
            Resource: [`${arn}/plans/*`, `${arn}/journals/*`],
          },
        ),
      },
    },
  };
}

/** The parameter of the template that says how long plans are kept. GitHub waits up to 30 days for an approval. */
export const PLAN_PARAMETERS = {
  PlanDays: {
    Type: "Number",
    Default: 14,
    MinValue: 1,
    MaxValue: 35,
    Description:
      "After how many days S3 deletes plan folders. A wave that is approved later is planned again.",
  },
} as const;

/**
 * What a role of the pipeline may do in the bucket. Who plans writes plan folders and no journal; who deploys writes
 * journals and no plan folder. A report needs neither.
 */
export function planBucketPolicies(purpose: Purpose, { accountId, partition }: PlanBucket): object[] {
  if (purpose === "report") return [];
  const arn = `arn:${partition}:s3:::${planBucketName(accountId)}`;
  const allow = (Sid: string, Action: readonly string[], Resource: unknown, Condition?: object) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  const PolicyDocument = document(
    ...(purpose === "plan"
      ? [allow("StorePlans", ["s3:GetObject", "s3:PutObject"], `${arn}/plans/*`)]
      : [
          allow("FetchPlans", ["s3:GetObject"], `${arn}/plans/*`),
          allow("ListJournals", ["s3:ListBucket"], arn),
          allow("KeepJournals", ["s3:GetObject", "s3:PutObject"], `${arn}/journals/*`),
        ]),
    allow(
      "UseKeyOfPlans",
      ["kms:Decrypt", "kms:GenerateDataKey"],
      `arn:${partition}:kms:*:${accountId}:key/*`,
      {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": PLAN_KEY_ALIAS },
        StringLike: { "kms:ViaService": `s3.*.${dnsSuffix(partition)}` },
      },
    ),
  );
  return [{ PolicyName: "plans", PolicyDocument }];
}

const document = (...Statement: Policy["Statement"]): Policy => ({ Version: "2012-10-17", Statement });
