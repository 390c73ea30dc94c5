import { type Statement, unique } from "../policy";
import type { GuardrailScope } from "./scope";

/** What a statement refuses, and on what. */
type Refused = Pick<Statement, "Action" | "Resource" | "NotResource" | "Condition">;

/** Refuses something to all principals but some roles. */
export function refuse(Sid: string, exempt: readonly string[], { Condition, ...what }: Refused): Statement {
  const conditions = { ...allBut(exempt), ...Condition };
  return {
    Sid,
    Effect: "Deny",
    ...what,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

/** `ArnNotLike` compares field by field: a `*` does not reach over a colon. */
const allBut = (roles: readonly string[]): Statement["Condition"] =>
  roles.length === 0 ? undefined : { ArnNotLike: { "aws:PrincipalArn": unique(roles) } };

/** Whoever deploys what records, and whoever mends it in an emergency. */
export const exemptFrom = ({ deploymentRoles, breakGlassRoles }: GuardrailScope): string[] => [
  ...deploymentRoles,
  ...breakGlassRoles,
];

/** A resource in any account and region. */
export const anywhere = ({ partition }: GuardrailScope, service: string, resource: string) =>
  `arn:${partition}:${service}:*:*:${resource}`;

/** A resource of IAM in any account. */
export const anyIam = ({ partition }: GuardrailScope, resource: string) =>
  `arn:${partition}:iam::*:${resource}`;
/** What would change a bucket, or what is in it: replicated deletions hide it, and another key's owner can make it unreadable. */
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

/** What would make a log group keep less, show it otherwise, or send it elsewhere. */
export const LOG_GROUP_ACTIONS = [
  "logs:AssociateKmsKey",
  "logs:Delete*",
  "logs:DisassociateKmsKey",
  "logs:PutDataProtectionPolicy",
  "logs:PutLogGroupDeletionProtection",
  "logs:PutRetentionPolicy",
  "logs:PutSubscriptionFilter",
  "logs:PutTransformer",
];

/** What would make a key useless, to a table that is open by a grant as well, or others' to use. */
export const KEY_ACTIONS = [
  "kms:DeleteImportedKeyMaterial",
  "kms:DisableKey*",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
];

/** What would keep a topic from telling. */
export const TOPIC_ACTIONS = [
  "sns:AddPermission",
  "sns:DeleteTopic",
  // It can refuse messages that have some kind of data in them, such as a name.
  "sns:PutDataProtectionPolicy",
  "sns:RemovePermission",
  "sns:SetSubscriptionAttributes",
  "sns:SetTopicAttributes",
  "sns:Unsubscribe",
];

/** What would keep a rule, a queue, an alarm or a chat channel from telling. */
export const CHANNEL_ACTIONS = [
  "chatbot:DeleteMicrosoftTeamsChannelConfiguration",
  "chatbot:DeleteSlackChannelConfiguration",
  "chatbot:UpdateMicrosoftTeamsChannelConfiguration",
  "chatbot:UpdateSlackChannelConfiguration",
  "cloudwatch:DeleteAlarms",
  "cloudwatch:DisableAlarmActions",
  // AWS asks for it on each alarm that is muted.
  "cloudwatch:PutAlarmMuteRule",
  "cloudwatch:PutMetricAlarm",
  "cloudwatch:SetAlarmState",
  "events:DeleteRule",
  "events:DisableRule",
  "events:PutRule",
  "events:PutTargets",
  "events:RemoveTargets",
  "sqs:AddPermission",
  "sqs:DeleteQueue",
  "sqs:PurgeQueue",
  "sqs:RemovePermission",
  "sqs:SetQueueAttributes",
  ...TOPIC_ACTIONS,
];
