import { attributeOf, ofType } from "../resources";
import { isKnown, UNKNOWN } from "../values";
import type { Subject } from "./rule";

/** How a resource names the object that it belongs to. */
interface Parent {
  readonly type: string;
  /** Attribute of the resource. */
  readonly key: string;
  /** Attribute of the object with the same value. */
  readonly names: string;
}

const BUCKET: Parent = { type: "aws_s3_bucket", key: "bucket", names: "bucket" };
const LOG_GROUP: Parent = { type: "aws_cloudwatch_log_group", key: "log_group_name", names: "name" };
const ROLE: Parent = { type: "aws_iam_role", key: "role", names: "name" };

/** Resources that say nothing of their own once the object that they belong to is destroyed. */
const PARENTS: Readonly<Record<string, Parent | readonly Parent[]>> = {
  ...Object.fromEntries(
    [
      ...["lifecycle_configuration", "logging", "notification", "object_lock_configuration"],
      ...["ownership_controls", "policy", "public_access_block", "replication_configuration"],
      ...["server_side_encryption_configuration", "versioning"],
    ].map((part) => [`aws_s3_bucket_${part}`, BUCKET]),
  ),
  aws_cloudwatch_event_bus_policy: { type: "aws_cloudwatch_event_bus", key: "event_bus_name", names: "name" },
  aws_cloudwatch_event_target: [
    { type: "aws_cloudwatch_event_rule", key: "rule", names: "name" },
    { type: "aws_sns_topic", key: "arn", names: "arn" },
    { type: "aws_lambda_function", key: "arn", names: "arn" },
  ],
  aws_cloudwatch_log_data_protection_policy: LOG_GROUP,
  aws_cloudwatch_log_metric_filter: LOG_GROUP,
  aws_cloudwatch_log_subscription_filter: LOG_GROUP,
  aws_dynamodb_resource_policy: { type: "aws_dynamodb_table", key: "resource_arn", names: "arn" },
  aws_iam_role_policy: ROLE,
  aws_iam_role_policy_attachment: ROLE,
  aws_kms_alias: { type: "aws_kms_key", key: "target_key_id", names: "key_id" },
  aws_lambda_permission: { type: "aws_lambda_function", key: "function_name", names: "function_name" },
  aws_sns_topic_policy: { type: "aws_sns_topic", key: "arn", names: "arn" },
  aws_sns_topic_subscription: { type: "aws_sns_topic", key: "topic_arn", names: "arn" },
  aws_sqs_queue_policy: { type: "aws_sqs_queue", key: "queue_url", names: "url" },
};

/** Whether an object that a destroyed resource belongs to is destroyed by the same plan. */
export function endsWithParent({ change, before, resources, destroyed }: Subject): boolean {
  return [PARENTS[change.type] ?? []].flat().some(({ type, key, names }) => {
    const name = before?.[key];
    if (!isKnown(name)) return false;
    const owner = ofType(resources.before, type).find((resource) => attributeOf(resource, names) === name);
    return owner !== undefined && destroyed.has(owner.address);
  });
}

/** Attributes that name an object within its ARN or URL. */
const NAMES = ["name", "bucket", "function_name"] as const;

/** Whether an object that a new resource belongs to is created by the same plan: nobody could use it before. */
export function beginsWithParent({ change, after, resources }: Subject): boolean {
  const before = new Set([...resources.before.values()].flat().map(({ address }) => address));
  return [PARENTS[change.type] ?? []].flat().some(({ type, key }) => {
    const named = after?.[key];
    // A reference to an object that does not exist yet.
    if (named === UNKNOWN) return true;
    if (!isKnown(named)) return false;
    const created = ofType(resources.after, type).filter(({ address }) => !before.has(address));
    return created.some((resource) =>
      NAMES.some((name) => {
        const own = attributeOf(resource, name);
        return (
          typeof own === "string" &&
          (named === own || String(named).endsWith(`/${own}`) || String(named).endsWith(`:${own}`))
        );
      }),
    );
  });
}
