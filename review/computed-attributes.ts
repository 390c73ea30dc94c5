/**
 * Attributes besides `id` and `arn` that no configuration sets, from the schema of AWS provider 5.100.0, for the types of resources that the
 * stacks have: `computed`, and not `optional`.
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema
 */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  aws_chatbot_slack_channel_configuration: [
    "chat_configuration_arn",
    "slack_channel_name",
    "slack_team_name",
  ],
  aws_chatbot_teams_channel_configuration: ["chat_configuration_arn"],
  aws_cloudformation_stack: ["outputs"],
  aws_cloudtrail: ["home_region", "sns_topic_arn"],
  aws_dynamodb_resource_policy: ["revision_id"],
  aws_dynamodb_table: ["stream_arn", "stream_label"],
  aws_iam_instance_profile: ["create_date", "unique_id"],
  aws_iam_policy: ["attachment_count", "policy_id"],
  aws_iam_role: ["create_date", "unique_id"],
  aws_kms_alias: ["target_key_arn"],
  aws_kms_key: ["key_id"],
  aws_lambda_function: [
    "code_sha256",
    "invoke_arn",
    "last_modified",
    "qualified_arn",
    "qualified_invoke_arn",
    "signing_job_arn",
    "signing_profile_version_arn",
    "source_code_size",
    "version",
  ],
  aws_s3_bucket: [
    "bucket_domain_name",
    "bucket_regional_domain_name",
    "hosted_zone_id",
    "region",
    "website_domain",
    "website_endpoint",
  ],
  aws_security_group: ["owner_id"],
  aws_sns_topic: ["beginning_archive_time", "owner"],
  aws_sns_topic_policy: ["owner"],
  aws_sns_topic_subscription: ["confirmation_was_authenticated", "owner_id", "pending_confirmation"],
  aws_sqs_queue: ["url"],
  aws_ssm_association: ["association_id"],
  aws_ssm_document: [
    "created_date",
    "default_version",
    "description",
    "document_version",
    "hash",
    "hash_type",
    "latest_version",
    "owner",
    "parameter",
    "platform_types",
    "schema_version",
    "status",
  ],
  aws_ssm_service_setting: ["status"],
  aws_vpc_endpoint: [
    "cidr_blocks",
    "dns_entry",
    "network_interface_ids",
    "owner_id",
    "prefix_list_id",
    "requester_managed",
    "state",
  ],
  aws_vpc_security_group_ingress_rule: ["security_group_rule_id"],
};

/** Types of resources whose `arn` is a setting: the ARN of the object that the resource belongs to. */
const WITH_ARN_OF_ANOTHER: ReadonlySet<string> = new Set([
  "aws_cloudwatch_event_target",
  "aws_sns_topic_policy",
]);

/** Whether only AWS sets an attribute. */
export const isComputed = (type: string, name: string): boolean =>
  name === "id" ||
  (name === "arn" && !WITH_ARN_OF_ANOTHER.has(type)) ||
  (COMPUTED[type]?.includes(name) ?? false);

/**
 * Attributes that a configuration may set and that the stacks leave to AWS. For a new object they are unknown, and say
 * nothing. Paths are without indexes. The policies and settings of topics, queues and buckets are resources of their own.
 */
export const LEFT_TO_AWS: Readonly<Record<string, readonly string[]>> = {
  aws_chatbot_teams_channel_configuration: ["channel_name", "team_name"],
  aws_cloudformation_stack: ["parameters", "policy_body"],
  aws_cloudwatch_event_rule: ["name_prefix"],
  aws_cloudwatch_log_group: ["log_group_class", "name_prefix"],
  aws_cloudwatch_metric_alarm: ["evaluate_low_sample_count_percentiles"],
  aws_dynamodb_table: [
    ...["read_capacity", "stream_view_type", "write_capacity"],
    "point_in_time_recovery.recovery_period_in_days",
  ],
  aws_iam_policy: ["name_prefix"],
  aws_iam_role: ["inline_policy", "managed_policy_arns", "name_prefix"],
  aws_iam_role_policy: ["name_prefix"],
  aws_kms_alias: ["name_prefix"],
  aws_kms_key: ["multi_region"],
  aws_lambda_function: ["ephemeral_storage"],
  aws_lambda_permission: ["statement_id_prefix"],
  aws_s3_bucket: [
    ...["acceleration_status", "acl", "bucket_prefix", "cors_rule", "grant", "lifecycle_rule", "logging"],
    ...["object_lock_configuration", "policy", "replication_configuration", "request_payer"],
    ...["server_side_encryption_configuration", "versioning", "website"],
  ],
  aws_s3_bucket_lifecycle_configuration: ["expected_bucket_owner"],
  aws_s3_bucket_versioning: ["versioning_configuration.mfa_delete"],
  aws_security_group: ["name_prefix"],
  aws_sns_topic: ["fifo_throughput_scope", "name_prefix", "policy", "signature_version", "tracing_config"],
  aws_sns_topic_subscription: ["filter_policy_scope"],
  aws_sqs_queue: [
    ...["deduplication_scope", "fifo_throughput_limit", "name_prefix", "policy"],
    ...["redrive_allow_policy", "redrive_policy"],
  ],
  aws_ssm_association: ["document_version", "parameters"],
};
