import type { Statement } from "../../stacks/policies/policy";
import { allowed, isForEverybody, list, one, policyIn, type Rule } from "./rule";

/** Actions that nobody could take back, if they were denied to everybody. */
const LOCKS_OUT = ["*", "s3:*", "s3:Put*", "s3:*BucketPolicy", "s3:PutBucketPolicy"];

/** Condition keys that limit the principal "everybody" to known callers, in an operator that compares texts. */
const NARROWING = [
  ...[
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:userid",
  ],
  ...["aws:sourceVpce", "aws:SourceVpc", "aws:VpceAccount", "aws:Ec2InstanceSourceVpc"],
  ...["ec2:SourceInstanceArn", "lambda:SourceFunctionArn", "ssm:SourceInstanceArn"],
];

/**
 * Whether a condition limits a statement for everybody, as checkov sees it. An ARN of any account limits nothing.
 * @see https://github.com/bridgecrewio/checkov/blob/main/checkov/terraform/checks/resource/aws/S3AllowsAnyPrincipal.py
 */
function isNarrowed({ Condition = {} }: Statement): boolean {
  if ("ArnNotEquals" in Condition || "ArnNotLike" in Condition) return true;
  const byArn = Condition["ArnEquals"] ?? Condition["ArnLike"];
  if (byArn !== undefined) {
    const compared = ["aws:PrincipalArn", "aws:SourceArn"].flatMap((key) => list(byArn[key]));
    return !compared.some((arn) => /^arn:aws:[a-z0-9-]+::\*/.test(arn));
  }
  return ["StringEquals", "StringEqualsIgnoreCase", "StringLike"].some((operator) =>
    NARROWING.some((key) => Condition[operator]?.[key] !== undefined),
  );
}

/** Rules about the policies of S3 buckets. */
export const BUCKET_POLICY_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_70",
    also: ["S3.2", "S3.3"],
    says: "allows everybody nothing without a condition on the caller",
    types: ["aws_s3_bucket_policy"],
    // Checkov looks at the first statement for everybody, and at no other.
    holds: ({ attributes }) =>
      allowed(attributes["policy"]).filter(isForEverybody).slice(0, 1).every(isNarrowed),
    bad: [
      { subject: { policy: one({ Effect: "Allow", Principal: "*", Action: ["s3:GetObject"] }) } },
      {
        subject: {
          policy: one({
            Effect: "Allow",
            Principal: "*",
            Action: ["s3:GetObject"],
            Condition: { ArnLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/audit"] } },
          }),
        },
      },
      {
        subject: {
          policy: one({
            Effect: "Allow",
            Principal: "*",
            Action: ["s3:GetObject"],
            Condition: { StringEquals: { "aws:SourceIp": "192.0.2.1" } },
          }),
        },
      },
      { subject: { policy: one({ Effect: "Allow", Principal: { AWS: ["*"] }, Action: "s3:GetObject" }) } },
    ],
    good: {
      subject: {
        policy: one({
          Effect: "Allow",
          Principal: "*",
          Action: "s3:PutObject",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        }),
      },
    },
  },
  {
    id: "CKV_AWS_93",
    says: "does not deny everybody to change the policy",
    types: ["aws_s3_bucket_policy"],
    holds: ({ attributes }) =>
      !policyIn(attributes["policy"]).Statement.some(
        (statement) =>
          statement.Effect === "Deny" &&
          isForEverybody(statement) &&
          !statement.Condition &&
          list(statement.Action).some((action) => LOCKS_OUT.includes(action)),
      ),
    bad: ["s3:*", "s3:PutBucketPolicy"].map((Action) => ({
      subject: { policy: one({ Effect: "Deny", Principal: "*", Action }) },
    })),
    good: { subject: { policy: one({ Effect: "Deny", Principal: "*", Action: "s3:DeleteObject" }) } },
  },
];
