import { isInternetAccessible } from "./cloudsplaining";
import { allowed, list, one, refusesPlainHttp, subjectOf, type Rule } from "./rule";

const FOR_ALL = one({ Effect: "Allow", Principal: "*", Action: "sns:Publish" });
const FOR_ANY_RULE = one({
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["sns:Publish"],
  Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:eu-central-1:*:rule/*" } },
});
const FOR_A_SERVICE = one({
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["sns:Publish"],
});
const refusing = (action: string) =>
  one({
    Effect: "Deny",
    Principal: "*",
    Action: [action],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });

const isPublic = (policy: unknown) => allowed(policy).some(isInternetAccessible);

/** Rules about SNS topics and their policies. */
const TOPIC_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_26",
    also: ["AVD-AWS-0095", "SNS.1"],
    says: "is encrypted",
    types: ["aws_sns_topic"],
    holds: ({ attributes }) => attributes["kms_master_key_id"] !== undefined,
    bad: [{ subject: {} }],
    good: { subject: { kms_master_key_id: "alias/aws/sns" } },
  },
  {
    id: "AVD-AWS-0136",
    says: "is not encrypted with the AWS managed key, which does not let AWS services publish",
    types: ["aws_sns_topic"],
    holds: ({ attributes }) => attributes["kms_master_key_id"] !== "alias/aws/sns",
    bad: [{ subject: { kms_master_key_id: "alias/aws/sns" } }],
    good: { subject: { kms_master_key_id: "arn:aws:kms:eu-central-1:1:key/1" } },
  },
  {
    id: "CKV_AWS_169",
    also: ["SNS.4"],
    says: "allows everybody nothing without a condition on the caller",
    types: ["aws_sns_topic_policy"],
    holds: ({ attributes }) => !isPublic(attributes["policy"]),
    bad: [{ subject: { policy: FOR_ALL } }, { subject: { policy: FOR_ANY_RULE } }],
    good: { subject: { policy: FOR_A_SERVICE } },
  },
  {
    id: "CKV_AWS_385",
    says: "allows an AWS principal nothing without a condition",
    types: ["aws_sns_topic_policy"],
    holds: ({ attributes }) =>
      !allowed(attributes["policy"]).some(
        ({ Principal, Condition }) => !Condition && typeof Principal === "object" && "AWS" in Principal,
      ),
    bad: [{ subject: { policy: one({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::2:root" } }) } }],
    good: { subject: { policy: FOR_A_SERVICE } },
  },
  {
    id: "AwsSolutions-SNS3",
    says: "has a policy that denies publishing over plain HTTP",
    types: ["aws_sns_topic"],
    holds: (subject, plan) =>
      plan
        .referring("aws_sns_topic_policy", "arn", subject)
        .some(({ attributes }) => refusesPlainHttp(attributes["policy"], "sns:Publish")),
    bad: [
      { subject: {} },
      {
        subject: {},
        beside: {
          aws_sns_topic_policy: { Its: { arn: subjectOf("aws_sns_topic", "arn"), policy: FOR_A_SERVICE } },
        },
      },
    ],
    good: {
      subject: {},
      beside: {
        aws_sns_topic_policy: {
          Its: { arn: subjectOf("aws_sns_topic", "arn"), policy: refusing("sns:Publish") },
        },
      },
    },
  },
];

/** Rules about SQS queues and their policies. */
const QUEUE_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_27",
    also: ["AVD-AWS-0096", "AwsSolutions-SQS2", "SQS.1"],
    says: "is encrypted",
    types: ["aws_sqs_queue"],
    holds: ({ attributes }) =>
      attributes["sqs_managed_sse_enabled"] === true || attributes["kms_master_key_id"] !== undefined,
    bad: [{ subject: {} }, { subject: { sqs_managed_sse_enabled: false } }],
    good: { subject: { sqs_managed_sse_enabled: true } },
  },
  {
    id: "CKV2_AWS_73",
    also: ["AVD-AWS-0135"],
    says: "is not encrypted with the AWS managed key, which does not let AWS services send",
    types: ["aws_sqs_queue"],
    holds: ({ attributes }) => attributes["kms_master_key_id"] !== "alias/aws/sqs",
    bad: [{ subject: { kms_master_key_id: "alias/aws/sqs" } }],
    good: { subject: { kms_master_key_id: "arn:aws:kms:eu-central-1:1:key/1" } },
  },
  {
    id: "AwsSolutions-SQS3",
    says: "has a dead-letter queue or is one",
    types: ["aws_sqs_queue"],
    holds: ({ attributes }, plan) =>
      attributes["redrive_policy"] !== undefined ||
      plan.mentions(`:${String(attributes["name"])}`, ["dead_letter_config", "redrive_policy"]),
    bad: [{ subject: { name: "work" } }],
    good: {
      subject: { name: "failed" },
      beside: {
        aws_cloudwatch_event_target: { Its: { dead_letter_config: { arn: "arn:aws:sqs:r:1:failed" } } },
      },
    },
  },
  {
    id: "AwsSolutions-SQS4",
    says: "has a policy that denies plain HTTP",
    types: ["aws_sqs_queue"],
    holds: (subject, plan) =>
      plan
        .referring("aws_sqs_queue_policy", "queue_url", subject)
        .some(({ attributes }) => refusesPlainHttp(attributes["policy"], "sqs:*")),
    bad: [{ subject: {} }],
    good: {
      subject: {},
      beside: {
        aws_sqs_queue_policy: {
          Its: { queue_url: subjectOf("aws_sqs_queue", "url"), policy: refusing("sqs:*") },
        },
      },
    },
  },
  {
    id: "CKV_AWS_168",
    also: ["CKV_AWS_387", "SQS.3"],
    says: "allows everybody nothing without a condition on the caller",
    types: ["aws_sqs_queue_policy"],
    holds: ({ attributes }) => !isPublic(attributes["policy"]),
    bad: [{ subject: { policy: FOR_ALL } }, { subject: { policy: FOR_ANY_RULE } }],
    good: { subject: { policy: FOR_A_SERVICE } },
  },
  {
    id: "CKV_AWS_72",
    also: ["AVD-AWS-0097"],
    says: "allows no action with a wildcard",
    types: ["aws_sqs_queue_policy"],
    holds: ({ attributes }) =>
      !allowed(attributes["policy"]).some(({ Action }) =>
        list(Action).some((action) => action.includes("*")),
      ),
    bad: [{ subject: { policy: one({ Effect: "Allow", Principal: { Service: "s" }, Action: "sqs:*" }) } }],
    good: { subject: { policy: FOR_A_SERVICE } },
  },
];

/** Rules about SNS topics and SQS queues. */
export const MESSAGE_RULES: readonly Rule[] = [...TOPIC_RULES, ...QUEUE_RULES];
