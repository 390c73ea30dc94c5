import type { Rule } from "./rule";

const FUNCTION = ["aws_lambda_function"];
const PERMISSION = ["aws_lambda_permission"];
const TABLE = ["aws_dynamodb_table"];

const text = (attribute: unknown) => JSON.stringify(attribute ?? "");

/**
 * Runtimes that are not deprecated. AWS blocks the creation and later the update of functions with older runtimes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const CURRENT_RUNTIMES = /^(nodejs2[2-9]\.x|python3\.1[2-9])$/;

/** Quotation marks and the sign between the name of a setting and its value. */
const IS = `["']?\\s*(?::|=>|=)\\s*["']?`;
const ANY_CASE = (word: string) =>
  `(?:${word}|${word.toUpperCase()}|${word.charAt(0).toUpperCase()}${word.slice(1)})`;
const KEY_CHARACTER = "[A-Za-z0-9/+=]";

/**
 * What checkov takes for a secret in the value of an environment variable: the patterns of git-secrets for AWS, and
 * private keys. The id of an account is one of them, if it follows the word "account".
 * @see https://github.com/bridgecrewio/checkov/blob/main/checkov/common/util/secrets.py
 */
const SECRETS: readonly RegExp[] = [
  new RegExp(`(?<!${KEY_CHARACTER})${KEY_CHARACTER}{40}(?!${KEY_CHARACTER})`),
  /(?:A3T[A-Z0-9]|A(?:KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA))[A-Z0-9]{16}/,
  new RegExp(`${ANY_CASE("key")}${IS}[A-Za-z0-9/\\\\+=]{40}`),
  new RegExp(`${ANY_CASE("account")}_?(?:ID|id|Id)?${IS}\\d{4}-?\\d{4}-?\\d{4}`),
  /^-----BEGIN (?:RSA|EC|DSA|GPP) PRIVATE KEY-----$/,
];

/** A text that checkov takes for a digest, and not for a secret. */
const DIGEST = /^(?:[a-f0-9]{32}|[a-f0-9]{40})$/i;

const variablesOf = (environment: unknown): string[] =>
  Object.values(
    (environment as { variables?: Readonly<Record<string, string>> } | undefined)?.variables ?? {},
  );

/** Rules about Lambda functions and the permissions to invoke them. */
const FUNCTION_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_45",
    says: "has no secret in its environment variables",
    types: FUNCTION,
    holds: ({ attributes }) =>
      variablesOf(attributes["environment"]).every(
        (value) => DIGEST.test(value) || !SECRETS.some((secret) => secret.test(value)),
      ),
    bad: [
      "AKIAIOSFODNN7EXAMPLE",
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      '{"account":"111122223333"}',
      "AWS_ACCOUNT_ID=1111-2222-3333",
      "-----BEGIN RSA PRIVATE KEY-----",
    ].map((value) => ({ subject: { environment: { variables: { IT: value } } } })),
    good: { subject: { environment: { variables: { TABLE: "guard" } } } },
  },
  {
    id: "CKV_AWS_50",
    also: ["AVD-AWS-0066", "Lambda.7"],
    says: "is traced with X-Ray",
    types: FUNCTION,
    holds: ({ attributes }) => /"mode":"Active"/.test(text(attributes["tracing_config"])),
    bad: [{ subject: {} }, { subject: { tracing_config: { mode: "PassThrough" } } }],
    good: { subject: { tracing_config: { mode: "Active" } } },
  },
  {
    id: "CKV_AWS_115",
    says: "has a limit of concurrent executions",
    types: FUNCTION,
    holds: ({ attributes }) => Number(attributes["reserved_concurrent_executions"] ?? -1) >= 0,
    bad: [{ subject: {} }, { subject: { reserved_concurrent_executions: -1 } }],
    good: { subject: { reserved_concurrent_executions: 1 } },
  },
  {
    id: "CKV_AWS_116",
    says: "has a dead-letter queue",
    types: FUNCTION,
    holds: ({ attributes }) => attributes["dead_letter_config"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { dead_letter_config: { target_arn: "queue" } } },
  },
  {
    id: "CKV_AWS_117",
    also: ["Lambda.3"],
    says: "runs in a VPC",
    types: FUNCTION,
    holds: ({ attributes }) => attributes["vpc_config"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { vpc_config: { subnet_ids: ["subnet"] } } },
  },
  {
    id: "CKV_AWS_173",
    says: "has its environment variables encrypted with a customer managed key",
    types: FUNCTION,
    holds: ({ attributes }) =>
      attributes["environment"] === undefined || attributes["kms_key_arn"] !== undefined,
    bad: [{ subject: { environment: { variables: { TABLE: "guard" } } } }],
    good: { subject: { environment: { variables: { TABLE: "guard" } }, kms_key_arn: "key" } },
  },
  {
    id: "CKV_AWS_272",
    says: "runs only signed code",
    types: FUNCTION,
    holds: ({ attributes }) => attributes["code_signing_config_arn"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { code_signing_config_arn: "signing" } },
  },
  {
    id: "CKV_AWS_363",
    also: ["Lambda.2", "AwsSolutions-L1"],
    says: "uses a runtime that is not deprecated",
    types: FUNCTION,
    holds: ({ attributes }) => CURRENT_RUNTIMES.test(String(attributes["runtime"])),
    bad: [{ subject: { runtime: "nodejs18.x" } }],
    good: { subject: { runtime: "nodejs22.x" } },
  },
  {
    id: "CKV_AWS_301",
    also: ["Lambda.1"],
    says: "lets only named services and principals invoke the function",
    types: PERMISSION,
    holds: ({ attributes }) => attributes["principal"] !== "*",
    bad: [{ subject: { principal: "*" } }],
    good: { subject: { principal: "events.amazonaws.com" } },
  },
  {
    id: "CKV_AWS_364",
    also: ["AVD-AWS-0067"],
    says: "lets a service invoke the function only for a named source",
    types: PERMISSION,
    holds: ({ attributes }) =>
      !/\.amazonaws\.com/.test(String(attributes["principal"])) ||
      attributes["source_arn"] !== undefined ||
      attributes["source_account"] !== undefined,
    bad: [{ subject: { principal: "events.amazonaws.com" } }],
    good: { subject: { principal: "events.amazonaws.com", source_arn: "rule" } },
  },
];

/** Rules about DynamoDB tables. */
const TABLE_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_28",
    also: ["AVD-AWS-0024", "AwsSolutions-DDB3", "DynamoDB.2"],
    says: "has point-in-time recovery",
    types: TABLE,
    holds: ({ attributes }) => /"enabled":true/.test(text(attributes["point_in_time_recovery"])),
    bad: [{ subject: {} }, { subject: { point_in_time_recovery: { enabled: false } } }],
    good: { subject: { point_in_time_recovery: { enabled: true } } },
  },
  {
    id: "CKV_AWS_119",
    also: ["AVD-AWS-0025"],
    says: "is encrypted with a customer managed key",
    types: TABLE,
    holds: ({ attributes }) => /"kms_key_arn"/.test(text(attributes["server_side_encryption"])),
    bad: [{ subject: {} }, { subject: { server_side_encryption: { enabled: true } } }],
    good: { subject: { server_side_encryption: { enabled: true, kms_key_arn: "key" } } },
  },
  {
    id: "CKV2_AWS_16",
    also: ["DynamoDB.1"],
    says: "has on-demand capacity",
    types: TABLE,
    holds: ({ attributes }) => attributes["billing_mode"] === "PAY_PER_REQUEST",
    bad: [{ subject: {} }, { subject: { billing_mode: "PROVISIONED" } }],
    good: { subject: { billing_mode: "PAY_PER_REQUEST" } },
  },
  {
    id: "DynamoDB.6",
    says: "has deletion protection",
    types: TABLE,
    holds: ({ attributes }) => attributes["deletion_protection_enabled"] === true,
    bad: [{ subject: {} }, { subject: { deletion_protection_enabled: false } }],
    good: { subject: { deletion_protection_enabled: true } },
  },
];

/** Rules about Lambda functions and DynamoDB tables. */
export const CODE_RULES: readonly Rule[] = [...FUNCTION_RULES, ...TABLE_RULES];
