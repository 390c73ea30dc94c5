/**
 * Characters that an EventBridge rule's pattern may have: what the API accepts.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export const EVENT_PATTERN_LIMIT = 4_096;

/**
 * Targets that an EventBridge rule may have.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const TARGETS_PER_RULE = 5;

/**
 * Tags that a resource may have, besides those that AWS sets itself.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 */
export const TAGS_PER_RESOURCE = 50;

/**
 * Custom data identifiers that a data protection policy of CloudWatch Logs may have.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
 */
export const CUSTOM_IDENTIFIERS_PER_POLICY = 10;
