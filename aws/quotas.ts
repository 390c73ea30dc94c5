/**
 * Characters that the pattern of an EventBridge rule may have in an account whose quota "Event pattern size" nobody has
 * raised.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENT_PATTERN_LIMIT = 2_048;

/**
 * Values with the operator `wildcard` that one field of a pattern may have, and asterisks in all of them. EventBridge calls
 * a pattern with more of them too complex and does not say how many it accepts: these are as many as somebody reports to
 * have been accepted, where four values with eight asterisks were refused. The matcher of EventBridge measures each field by
 * itself.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
 * @see https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/MachineComplexityEvaluator.java
 */
export const WILDCARDS_PER_FIELD = { values: 3, asterisks: 6 } as const;

/**
 * Targets that an EventBridge rule may have.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const TARGETS_PER_RULE = 5;

/**
 * Tags that a resource may have, in addition to the tags that AWS sets itself.
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

/**
 * Characters of the template of an input transformer.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
 */
export const INPUT_TEMPLATE_LIMIT = 8_192;

/**
 * Characters of the name of an account.
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
 */
export const ACCOUNT_NAME_LIMIT = 50;

/**
 * Characters of the name of an IAM role.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const ROLE_NAME_LIMIT = 64;

/**
 * Characters of the name of an EventBridge rule.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export const RULE_NAME_LIMIT = 64;

/**
 * Characters of the name of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const BUCKET_NAME_LIMIT = 63;

/**
 * Bytes of a CloudFormation template in a request. A longer one is in a bucket.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const TEMPLATE_BODY_LIMIT = 51_200;

/** Characters of a policy. IAM does not count white space, Organizations does; the policies here have none. */
export const POLICY_LIMITS = {
  /** @see https://docs.aws.amazon.com/general/latest/gr/s3.html */
  bucket: 20_480,
  /** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
  key: 32_768,
  /** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  managed: 6_144,
  /** All inline policies of a role together. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  role: 10_240,
  /** The trust policy of a role. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  trust: 2_048,
  /** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html */
  eventBus: 10_240,
  /** @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html */
  endpoint: 20_480,
  /** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
  serviceControl: 5_120,
} as const;
