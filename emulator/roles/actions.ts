import type { AwsRequest } from "../gateway/protocol";
import { parametersOf } from "./parameters";
import { chatbotAction, lambdaAction, s3Action } from "./rest-actions";

/** The prefixes of IAM actions of services whose requests are signed under another name. */
const PREFIXES: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  cloudcontrolapi: "cloudformation",
};

/**
 * What Cloud Control calls with the credentials of its caller when it reads a resource of a type: `handlers.read` of the
 * type's schema.
 * @see https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/security.html
 */
const READ_BY_CLOUD_CONTROL: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::Bucket": [
    "s3:ListBucket",
    "s3:GetAccelerateConfiguration",
    "s3:GetAnalyticsConfiguration",
    "s3:GetBucketCORS",
    "s3:GetBucketLogging",
    "s3:GetBucketNotification",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetIntelligentTieringConfiguration",
    "s3:GetInventoryConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetMetricsConfiguration",
    "s3:GetReplicationConfiguration",
  ],
  "AWS::KMS::Key": [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
  ],
  "AWS::SNS::Topic": [
    "sns:GetTopicAttributes",
    "sns:ListTagsForResource",
    "sns:ListSubscriptionsByTopic",
    "sns:GetDataProtectionPolicy",
  ],
  "AWS::SNS::TopicInlinePolicy": ["sns:GetTopicAttributes"],
};

/**
 * The IAM actions that a request needs. In the services with JSON or query protocols, an action has the name of the
 * operation. undefined if the actions are not known.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function actionsOf(request: AwsRequest): readonly string[] | undefined {
  const { service, protocol, operation } = request;
  const known = (action: string | undefined) => (action === undefined ? undefined : [action]);
  if (service === "s3") return known(s3Action(request));
  if (service === "lambda") return known(lambdaAction(request));
  if (service === "chatbot") return known(chatbotAction(request));
  if (protocol === "rest-json" || operation === "") return undefined;
  const action = `${PREFIXES[service] ?? service}:${operation}`;
  if (action !== "cloudformation:GetResource") return [action];
  const read = READ_BY_CLOUD_CONTROL[String(parametersOf(request)["TypeName"])];
  return read && [action, ...read];
}
