import { allowed, isForEverybody, one, type Rule } from "./rule";

const KEY = ["aws_kms_key"];

/** Rules about KMS keys. */
export const KEY_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_7",
    also: ["AVD-AWS-0065", "AwsSolutions-KMS5", "KMS.4"],
    says: "has automatic rotation",
    types: KEY,
    holds: ({ attributes }) => attributes["enable_key_rotation"] === true,
    bad: [{ subject: {} }, { subject: { enable_key_rotation: false } }],
    good: { subject: { enable_key_rotation: true } },
  },
  {
    id: "CKV_AWS_33",
    also: ["KMS.5"],
    says: "allows everybody nothing without a condition",
    types: KEY,
    holds: ({ attributes }) =>
      !allowed(attributes["policy"]).some(
        (statement) => isForEverybody(statement) && statement.Condition === undefined,
      ),
    bad: [{ subject: { policy: one({ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt" }) } }],
    good: {
      subject: {
        policy: one({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" }, Action: "kms:Decrypt" }),
      },
    },
  },
  {
    id: "CKV_AWS_227",
    says: "is enabled",
    types: KEY,
    holds: ({ attributes }) => attributes["is_enabled"] !== false,
    bad: [{ subject: { is_enabled: false } }],
    good: { subject: {} },
  },
  {
    id: "CKV2_AWS_64",
    says: "has an explicit key policy",
    types: KEY,
    holds: ({ attributes }) => attributes["policy"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { policy: one({}) } },
  },
];
