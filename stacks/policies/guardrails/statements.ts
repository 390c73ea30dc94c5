import { type Statement, unique } from "../policy";
import type { GuardrailScope } from "./scope";

/** The actions and resources that a statement refuses. */
type Refused = Pick<Statement, "Action" | "Resource" | "NotResource" | "Condition">;

/**
 * Builds a statement that refuses something to every principal but some roles.
 * @param exempt ARNs of roles, where `*` may stand
 */
export function refuse(Sid: string, exempt: readonly string[], { Condition, ...what }: Refused): Statement {
  const conditions = { ...allBut(exempt), ...Condition };
  return {
    Sid,
    Effect: "Deny",
    ...what,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

/**
 * Matches every principal but some roles. `ArnNotLike` compares each of the six parts of an ARN separately, so that
 * a `*` does not match a colon.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const allBut = (roles: readonly string[]): Statement["Condition"] =>
  roles.length === 0 ? undefined : { ArnNotLike: { "aws:PrincipalArn": unique(roles) } };

/** The roles that may change what records: those that deploy it, and those that repair it in an emergency. */
export const exemptFrom = ({ deploymentRoles, breakGlassRoles }: GuardrailScope): string[] => [
  ...deploymentRoles,
  ...breakGlassRoles,
];

/** ARN of a resource in any account and region. @param service its service, as ARNs name it */
export const anywhere = ({ partition }: GuardrailScope, service: string, resource: string) =>
  `arn:${partition}:${service}:*:*:${resource}`;

/** ARN of an IAM resource in any account, such as `role/<name>`. */
export const anyIam = ({ partition }: GuardrailScope, resource: string) =>
  `arn:${partition}:iam::*:${resource}`;

/**
 * Actions that change a bucket or the objects in it. `s3:ReplicateDelete` hides objects by delete markers.
 * `s3:UpdateObjectEncryption` can make an object depend on a key of somebody else.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMSEncryption.html
 */
export const BUCKET_ACTIONS = [
  "s3:BypassGovernanceRetention",
  "s3:DeleteBucket*",
  "s3:DeleteObject*",
  "s3:PutBucket*",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
  "s3:ReplicateDelete",
  "s3:UpdateObjectEncryption",
];

/** Actions with which a log group would keep less, show its events in another form, or forward them elsewhere. */
export const LOG_GROUP_ACTIONS = [
  "logs:AssociateKmsKey",
  "logs:Delete*",
  "logs:DisassociateKmsKey",
  // With a bearer token, anybody who has it can write lines.
  "logs:PutBearerTokenAuthentication",
  "logs:PutDataProtectionPolicy",
  "logs:PutLogGroupDeletionProtection",
  "logs:PutRetentionPolicy",
  "logs:PutSubscriptionFilter",
  "logs:PutTransformer",
];

/** Actions that make a key unusable, also for a table that uses it through a grant, or usable by others. */
export const KEY_ACTIONS = [
  "kms:DeleteImportedKeyMaterial",
  "kms:DisableKey*",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
];

/** Actions that can keep a topic from delivering its messages to its subscribers. */
export const TOPIC_ACTIONS = [
  "sns:AddPermission",
  "sns:DeleteTopic",
  // A data protection policy of a topic can reject messages that contain certain data, such as names.
  // @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-operations.html
  "sns:PutDataProtectionPolicy",
  "sns:RemovePermission",
  "sns:SetSubscriptionAttributes",
  "sns:SetTopicAttributes",
  "sns:Unsubscribe",
];

/** Actions that can keep a rule, an event bus, a queue, an alarm, a topic or a chat channel from reporting. */
export const CHANNEL_ACTIONS = [
  "chatbot:DeleteMicrosoftTeamsChannelConfiguration",
  "chatbot:DeleteSlackChannelConfiguration",
  "chatbot:UpdateMicrosoftTeamsChannelConfiguration",
  "chatbot:UpdateSlackChannelConfiguration",
  "cloudwatch:DeleteAlarms",
  "cloudwatch:DisableAlarmActions",
  // AWS authorizes this action for the mute rule and for each alarm that the rule mutes.
  // @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarmmuterule.html
  "cloudwatch:PutAlarmMuteRule",
  "cloudwatch:PutMetricAlarm",
  "cloudwatch:SetAlarmState",
  "events:DeleteEventBus",
  "events:DeleteRule",
  "events:DisableRule",
  "events:PutRule",
  "events:PutTargets",
  "events:RemoveTargets",
  "events:UpdateEventBus",
  "sqs:AddPermission",
  "sqs:DeleteQueue",
  "sqs:PurgeQueue",
  "sqs:RemovePermission",
  "sqs:SetQueueAttributes",
  ...TOPIC_ACTIONS,
];
