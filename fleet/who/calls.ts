/** The calls that change an object of a Terraform type, and the attributes by which the calls name the object. */
export interface Calls {
  /** First part of CloudTrail's `eventSource`, like `logs` in `logs.amazonaws.com`. */
  readonly source: string;
  /** CloudTrail's names of the calls. */
  readonly events: readonly string[];
  /** Attributes of the object. A call is about the object if its parameters have the values of all of them. */
  readonly by: readonly string[];
}

const calls = (source: string, by: string, events: string): Calls => ({
  source,
  by: by.split(" "),
  events: events.split(" "),
});

const [TAGS, ROLE_TAGS] = ["TagResource UntagResource", "TagRole UntagRole"];

/**
 * The calls by Terraform type. CloudTrail names some calls unlike the API: those of Lambda have the version of the API, and
 * some of S3 leave out a part.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
 */
const BY_TYPE: Readonly<Record<string, Calls>> = {
  aws_cloudtrail: calls(
    "cloudtrail",
    "name",
    "UpdateTrail StopLogging StartLogging PutEventSelectors PutInsightSelectors DeleteTrail AddTags RemoveTags",
  ),
  aws_chatbot_slack_channel_configuration: calls(
    "chatbot",
    "chat_configuration_arn",
    "UpdateSlackChannelConfiguration DeleteSlackChannelConfiguration",
  ),
  aws_chatbot_teams_channel_configuration: calls(
    "chatbot",
    "chat_configuration_arn",
    "UpdateMicrosoftTeamsChannelConfiguration DeleteMicrosoftTeamsChannelConfiguration",
  ),
  aws_cloudwatch_event_bus: calls("events", "name", `UpdateEventBus DeleteEventBus ${TAGS}`),
  aws_cloudwatch_event_bus_policy: calls("events", "event_bus_name", "PutPermission RemovePermission"),
  aws_cloudwatch_event_rule: calls("events", "name", `PutRule DisableRule EnableRule DeleteRule ${TAGS}`),
  aws_cloudwatch_event_target: calls("events", "rule", "PutTargets RemoveTargets"),
  aws_cloudwatch_log_data_protection_policy: calls(
    "logs",
    "log_group_name",
    "PutDataProtectionPolicy DeleteDataProtectionPolicy",
  ),
  aws_cloudwatch_log_group: calls(
    "logs",
    "name",
    `PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey DeleteLogGroup ${TAGS} TagLogGroup UntagLogGroup`,
  ),
  aws_cloudwatch_log_metric_filter: calls(
    "logs",
    "log_group_name name",
    "PutMetricFilter DeleteMetricFilter",
  ),
  aws_cloudwatch_log_subscription_filter: calls(
    "logs",
    "log_group_name name",
    "PutSubscriptionFilter DeleteSubscriptionFilter",
  ),
  aws_cloudwatch_metric_alarm: calls(
    "monitoring",
    "alarm_name",
    `PutMetricAlarm DeleteAlarms DisableAlarmActions EnableAlarmActions ${TAGS}`,
  ),
  aws_dynamodb_resource_policy: calls("dynamodb", "resource_arn", "PutResourcePolicy DeleteResourcePolicy"),
  aws_dynamodb_table: calls(
    "dynamodb",
    "name",
    `UpdateTable UpdateTimeToLive UpdateContinuousBackups DeleteTable ${TAGS}`,
  ),
  aws_iam_instance_profile: calls(
    "iam",
    "name",
    "AddRoleToInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile TagInstanceProfile UntagInstanceProfile",
  ),
  aws_iam_policy: calls(
    "iam",
    "arn",
    "CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion DeletePolicy TagPolicy UntagPolicy",
  ),
  aws_iam_role: calls(
    "iam",
    "name",
    `UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription PutRolePermissionsBoundary DeleteRolePermissionsBoundary PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy DeleteRole ${ROLE_TAGS}`,
  ),
  aws_iam_role_policy: calls("iam", "role name", "PutRolePolicy DeleteRolePolicy"),
  aws_iam_role_policy_attachment: calls("iam", "role policy_arn", "AttachRolePolicy DetachRolePolicy"),
  aws_kms_alias: calls("kms", "name", "UpdateAlias DeleteAlias CreateAlias"),
  aws_kms_key: calls(
    "kms",
    "key_id",
    `PutKeyPolicy DisableKey EnableKey DisableKeyRotation EnableKeyRotation ScheduleKeyDeletion CancelKeyDeletion UpdateKeyDescription ${TAGS}`,
  ),
  aws_lambda_function: calls(
    "lambda",
    "function_name",
    "UpdateFunctionConfiguration20150331v2 UpdateFunctionCode20150331v2 PutFunctionConcurrency20171031 DeleteFunctionConcurrency20171031 DeleteFunction20150331 TagResource20170331v2 UntagResource20170331v2",
  ),
  aws_lambda_permission: calls(
    "lambda",
    "function_name statement_id",
    "AddPermission20150331v2 RemovePermission20150331v2",
  ),
  aws_organizations_policy: calls("organizations", "id", `UpdatePolicy DeletePolicy ${TAGS}`),
  aws_organizations_policy_attachment: calls(
    "organizations",
    "policy_id target_id",
    "AttachPolicy DetachPolicy",
  ),
  aws_s3_bucket: calls("s3", "bucket", "DeleteBucket PutBucketTagging DeleteBucketTagging"),
  aws_s3_bucket_lifecycle_configuration: calls(
    "s3",
    "bucket",
    "PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle",
  ),
  aws_s3_bucket_logging: calls("s3", "bucket", "PutBucketLogging"),
  aws_s3_bucket_notification: calls(
    "s3",
    "bucket",
    "PutBucketNotification PutBucketNotificationConfiguration",
  ),
  aws_s3_bucket_object_lock_configuration: calls(
    "s3",
    "bucket",
    "PutBucketObjectLockConfiguration PutObjectLockConfiguration",
  ),
  aws_s3_bucket_ownership_controls: calls(
    "s3",
    "bucket",
    "PutBucketOwnershipControls DeleteBucketOwnershipControls",
  ),
  aws_s3_bucket_policy: calls("s3", "bucket", "PutBucketPolicy DeleteBucketPolicy"),
  aws_s3_bucket_public_access_block: calls(
    "s3",
    "bucket",
    "PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock",
  ),
  aws_s3_bucket_replication_configuration: calls(
    "s3",
    "bucket",
    "PutBucketReplication DeleteBucketReplication",
  ),
  aws_s3_bucket_server_side_encryption_configuration: calls(
    "s3",
    "bucket",
    "PutBucketEncryption DeleteBucketEncryption",
  ),
  aws_s3_bucket_versioning: calls("s3", "bucket", "PutBucketVersioning"),
  aws_security_group: calls(
    "ec2",
    "id",
    "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ModifySecurityGroupRules DeleteSecurityGroup CreateTags DeleteTags",
  ),
  aws_sns_topic: calls("sns", "arn", `SetTopicAttributes DeleteTopic ${TAGS}`),
  aws_sns_topic_policy: calls("sns", "arn", "SetTopicAttributes AddPermission RemovePermission"),
  aws_sns_topic_subscription: calls("sns", "arn", "SetSubscriptionAttributes Unsubscribe"),
  aws_sqs_queue: calls("sqs", "name", "SetQueueAttributes DeleteQueue TagQueue UntagQueue"),
  aws_sqs_queue_policy: calls("sqs", "queue_url", "SetQueueAttributes AddPermission RemovePermission"),
  aws_ssm_association: calls("ssm", "association_id", "UpdateAssociation DeleteAssociation"),
  aws_ssm_document: calls(
    "ssm",
    "name",
    "UpdateDocument UpdateDocumentDefaultVersion CreateDocument DeleteDocument ModifyDocumentPermission AddTagsToResource RemoveTagsFromResource",
  ),
  aws_ssm_service_setting: calls("ssm", "setting_id", "UpdateServiceSetting ResetServiceSetting"),
  aws_vpc_endpoint: calls("ec2", "id", "ModifyVpcEndpoint DeleteVpcEndpoints CreateTags DeleteTags"),
  aws_vpc_security_group_ingress_rule: calls(
    "ec2",
    "security_group_id",
    "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress ModifySecurityGroupRules",
  ),
};

/** The calls that change objects of a Terraform type; undefined for a type that the stacks do not have. */
export const callsFor = (type: string): Calls | undefined => BY_TYPE[type];
