import { KEY_RULES } from "../../../review/findings/keys";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules, type Case } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";
import type { Severity } from "../../../review/model";

const key = (attribute: string, before: Json, after: Json): Planned => ({
  type: "aws_kms_key",
  before: { description: "Sessions", [attribute]: before },
  after: { description: "Sessions", [attribute]: after },
});

/** What is encrypted: its type, the attribute with the key, and what people call it. */
const USES: readonly (readonly [id: string, type: string, severity: Severity, object: string])[] = [
  ["log-group", "aws_cloudwatch_log_group", "high", "log group own"],
  ["topic", "aws_sns_topic", "medium", "topic own"],
  ["trail", "aws_cloudtrail", "medium", "trail own"],
  ["table", "aws_dynamodb_table", "medium", "table own"],
  ["function", "aws_lambda_function", "low", "function own"],
];
const ATTRIBUTES: Readonly<Record<string, (key: Json) => { readonly [name: string]: Json }>> = {
  aws_cloudwatch_log_group: (kms) => ({ kms_key_id: kms }),
  aws_sns_topic: (kms) => ({ kms_master_key_id: kms }),
  aws_cloudtrail: (kms) => ({ kms_key_id: kms }),
  aws_dynamodb_table: (kms) => ({ server_side_encryption: [{ kms_key_arn: kms }] }),
  aws_lambda_function: (kms) => ({ kms_key_arn: kms }),
};
const encrypted = (type: string, before: Json, after: Json): Planned => ({
  type,
  before: { name: "own", ...ATTRIBUTES[type]!(before) },
  after: { name: "own", ...ATTRIBUTES[type]!(after) },
});

const MOVED: Planned = {
  type: "aws_kms_alias",
  before: { name: "alias/audit", target_key_id: "a" },
  after: { name: "alias/audit", target_key_id: "b" },
};
/** The preferences of a stack, which name their key by an alias. */
const preferencesWith = (alias: string): Planned => {
  const values = { name: "SSM-SessionManagerRunShell", content: `{"inputs":{"kmsKeyId":"${alias}"}}` };
  return { type: "aws_ssm_document", before: values, after: values };
};

testRules(KEY_RULES, [
  bothWays("key-disabled", "critical", 'The KMS key "Sessions" is disabled', key("is_enabled", true, false)),
  bothWays(
    "key-rotation-off",
    "medium",
    'The KMS key "Sessions" is no longer rotated',
    key("enable_key_rotation", true, false),
  ),
  bothWays(
    "key-rotation-rarer",
    "low",
    'The KMS key "Sessions" is rotated every 2560 days instead of 365',
    key("rotation_period_in_days", 365, 2560),
  ),
  bothWays(
    "key-deletion-window-shortened",
    "medium",
    'If the KMS key "Sessions" is deleted, only 7 days are left to keep it, instead of 30',
    key("deletion_window_in_days", 30, 7),
  ),
  {
    rule: "alias-moved",
    severity: "low",
    title: "The alias of a key alias/audit leads to the key b instead of a",
    found: MOVED,
    not: {
      type: "aws_kms_alias",
      before: { name: "alias/audit", target_key_id: "a" },
      after: { name: "alias/other", target_key_id: "a" },
    },
  },
  ...USES.flatMap(([id, type, severity, object]): Case[] => [
    bothWays(
      `${id}-encryption-off`,
      severity,
      `The ${object} is no longer encrypted with the key a`,
      encrypted(type, "a", null),
    ),
    {
      rule: `${id}-key-changed`,
      severity: "low",
      title: `The ${object} is encrypted with the key b instead of a`,
      found: encrypted(type, "a", "b"),
      not: encrypted(type, "a", null),
    },
  ]),
  bothWays("queue-encryption-off", "medium", "The queue dead is no longer encrypted", {
    type: "aws_sqs_queue",
    before: { name: "dead", sqs_managed_sse_enabled: true },
    after: { name: "dead", sqs_managed_sse_enabled: false },
  }),
]);

it.each([
  ["that the preferences name", "alias/audit", "medium", /Session Manager finds its key by this alias/],
  ["of another key", "alias/sessions", "low", /Policies and people that use the alias find the new key/],
])("an alias %s that is moved has its own severity and words", (_which, alias, severity, detail) => {
  expect(findingsOf("alias-moved", [MOVED, preferencesWith(alias)])).toMatchObject([
    { severity, detail: expect.stringMatching(detail) },
  ]);
});
