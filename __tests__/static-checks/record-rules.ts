import { type Rule } from "./rule";

const LOGS = ["aws_cloudwatch_log_group"];
const ALARM = ["aws_cloudwatch_metric_alarm"];
const TRAIL = ["aws_cloudtrail"];
const DOCUMENT = ["aws_ssm_document"];

/** A rule that an attribute has a certain value, `true` unless another is given. */
const says = (
  rule: Pick<Rule, "id" | "also" | "says" | "types">,
  attribute: string,
  value: unknown = true,
): Rule => ({
  ...rule,
  holds: ({ attributes }) => attributes[attribute] === value,
  bad: [{ subject: {} }, { subject: { [attribute]: false } }],
  good: { subject: { [attribute]: value } },
});

/** A rule that an attribute is set, to any value but an empty list. */
const names = (rule: Pick<Rule, "id" | "also" | "says" | "types">, attribute: string): Rule => ({
  ...rule,
  holds: ({ attributes }) => list(attributes[attribute]).length > 0,
  bad: [{ subject: {} }, { subject: { [attribute]: [] } }],
  good: { subject: { [attribute]: "arn" } },
});

const list = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

const inputsOf = (content: unknown) =>
  (JSON.parse(String(content)) as { inputs: Record<string, unknown> }).inputs;
const document = (inputs: object) => ({ document_type: "Session", content: JSON.stringify({ inputs }) });

/** The least retention of logs, in days. */
const DAYS = 365;

/** Rules about log groups, alarms, trails and Session Manager's preferences. */
export const RECORD_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_124",
    says: "sends its events to a topic",
    types: ["aws_cloudformation_stack"],
    holds: ({ attributes }) => attributes["notification_arns"] !== undefined,
    bad: [{ subject: { name: "stack" } }],
    good: { subject: { notification_arns: ["arn:aws:sns:eu-central-1:1:topic"] } },
  },
  names({ id: "CKV_AWS_66", says: "has a retention", types: LOGS }, "retention_in_days"),
  {
    id: "CKV_AWS_338",
    also: ["CloudWatch.16"],
    says: "keeps logs for at least a year",
    types: LOGS,
    // A retention of 0 days means that the logs never expire.
    holds: ({ attributes }) =>
      attributes["retention_in_days"] === 0 || Number(attributes["retention_in_days"]) >= DAYS,
    bad: [{ subject: {} }, { subject: { retention_in_days: 180 } }],
    good: { subject: { retention_in_days: DAYS } },
  },
  names(
    {
      id: "CKV_AWS_158",
      also: ["AVD-AWS-0017"],
      says: "is encrypted with a customer managed key",
      types: LOGS,
    },
    "kms_key_id",
  ),
  {
    id: "CKV_AWS_319",
    also: ["CloudWatch.17"],
    says: "has its actions enabled",
    types: ALARM,
    holds: ({ attributes }) => attributes["actions_enabled"] !== false,
    bad: [{ subject: { actions_enabled: false } }],
    good: { subject: {} },
  },
  names({ id: "CloudWatch.15", says: "has an action for the state ALARM", types: ALARM }, "alarm_actions"),
  names(
    {
      id: "CKV_AWS_35",
      also: ["AVD-AWS-0015", "CloudTrail.2"],
      says: "encrypts its log files with a customer managed key",
      types: TRAIL,
    },
    "kms_key_id",
  ),
  says(
    {
      id: "CKV_AWS_36",
      also: ["AVD-AWS-0016", "CloudTrail.4"],
      says: "has log file validation",
      types: TRAIL,
    },
    "enable_log_file_validation",
  ),
  says(
    {
      id: "CKV_AWS_67",
      also: ["AVD-AWS-0014", "CloudTrail.1"],
      says: "records the events of every region",
      types: TRAIL,
    },
    "is_multi_region_trail",
  ),
  {
    id: "CKV_AWS_251",
    also: ["CloudTrail.3"],
    says: "has logging switched on",
    types: TRAIL,
    holds: ({ attributes }) => attributes["enable_logging"] !== false,
    bad: [{ subject: { enable_logging: false } }],
    good: { subject: { enable_logging: true } },
  },
  names(
    { id: "CKV_AWS_252", says: "notifies an SNS topic of each log file", types: TRAIL },
    "sns_topic_name",
  ),
  names(
    {
      id: "CKV2_AWS_10",
      also: ["AVD-AWS-0162", "CloudTrail.5"],
      says: "sends its events to CloudWatch Logs",
      types: TRAIL,
    },
    "cloud_watch_logs_group_arn",
  ),
  {
    id: "CKV_AWS_112",
    says: "encrypts the data of sessions in transit with a KMS key",
    types: DOCUMENT,
    holds: ({ attributes }) =>
      attributes["document_type"] !== "Session" || Boolean(inputsOf(attributes["content"])["kmsKeyId"]),
    bad: [{ subject: document({ kmsKeyId: "" }) }],
    good: { subject: document({ kmsKeyId: "alias/a" }) },
  },
  {
    id: "CKV_AWS_113",
    says: "records sessions in an encrypted bucket or log group",
    types: DOCUMENT,
    holds: ({ attributes }) => {
      if (attributes["document_type"] !== "Session") return true;
      const inputs = inputsOf(attributes["content"]);
      return Boolean(
        (inputs["s3BucketName"] && inputs["s3EncryptionEnabled"]) ||
        (inputs["cloudWatchLogGroupName"] && inputs["cloudWatchEncryptionEnabled"]),
      );
    },
    bad: [
      { subject: document({ s3BucketName: "", s3EncryptionEnabled: true }) },
      { subject: document({ s3BucketName: "b", s3EncryptionEnabled: false, cloudWatchLogGroupName: "g" }) },
    ],
    good: { subject: document({ s3BucketName: "b", s3EncryptionEnabled: true }) },
  },
  {
    id: "CKV_AWS_303",
    also: ["SSM.4"],
    says: "is not public",
    types: DOCUMENT,
    holds: ({ attributes }) => !/"all"/i.test(JSON.stringify(attributes["permissions"] ?? "")),
    bad: [{ subject: { permissions: { type: "Share", account_ids: "All" } } }],
    good: { subject: {} },
  },
];
