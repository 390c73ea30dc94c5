import {
  one,
  refusesPlainHttp,
  subjectOf,
  type Attributes,
  type Plan,
  type Resource,
  type Rule,
} from "./rule";

const BUCKET = "aws_s3_bucket";
const bucket = subjectOf(BUCKET);

/** The attributes of each resource `aws_s3_bucket_<kind>` that belongs to a bucket. */
const settings = (subject: Resource, plan: Plan, kind: string) =>
  plan.referring(`aws_s3_bucket_${kind}`, "bucket", subject).map(({ attributes }) => attributes);

/**
 * A rule that a bucket has a resource `aws_s3_bucket_<kind>` with certain attributes.
 * @param enough attributes that pass the rule
 * @param isEnough whether attributes pass the rule
 * @param short attributes that do not pass the rule, if such exist
 */
const has = (
  rule: Pick<Rule, "id" | "also" | "says">,
  kind: string,
  enough: Attributes,
  isEnough: (found: Attributes) => boolean,
  short?: Attributes,
): Rule => ({
  ...rule,
  types: [BUCKET],
  holds: (subject, plan) => settings(subject, plan, kind).some(isEnough),
  bad: [
    { subject: {} },
    { subject: {}, beside: { [`aws_s3_bucket_${kind}`]: { Its: { ...enough, bucket: "another" } } } },
    ...(short ? [{ subject: {}, beside: { [`aws_s3_bucket_${kind}`]: { Its: { ...short, bucket } } } }] : []),
  ],
  good: { subject: {}, beside: { [`aws_s3_bucket_${kind}`]: { Its: { ...enough, bucket } } } },
});

const text = (attribute: unknown) => JSON.stringify(attribute ?? "");

const BLOCKS = [
  ["CKV_AWS_53", "AVD-AWS-0086", "block_public_acls"],
  ["CKV_AWS_54", "AVD-AWS-0087", "block_public_policy"],
  ["CKV_AWS_55", "AVD-AWS-0091", "ignore_public_acls"],
  ["CKV_AWS_56", "AVD-AWS-0093", "restrict_public_buckets"],
] as const;

/** Attributes of a bucket's default encryption. */
const encrypted = (algorithm: string, key?: string): Attributes => ({
  rule: [
    {
      apply_server_side_encryption_by_default: {
        sse_algorithm: algorithm,
        ...(key && { kms_master_key_id: key }),
      },
    },
  ],
});

/** One rule of a lifecycle configuration. */
type LifecycleRule = Readonly<Record<string, unknown>> & {
  readonly filter?: readonly Readonly<Record<string, unknown>>[];
};
const ABORTING = { status: "Enabled", abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] };

/** Whether a lifecycle rule is enabled, aborts uploads, and applies to every object. */
const abortsEverywhere = ({ status, abort_incomplete_multipart_upload: abort, filter = [] }: LifecycleRule) =>
  status === "Enabled" &&
  abort !== undefined &&
  filter.every((one_) => Object.values(one_).every((value) => !value || text(value) === "[]"));

/** Rules about S3 buckets. */
export const BUCKET_RULES: readonly Rule[] = [
  has(
    {
      id: "CKV_AWS_18",
      also: ["AVD-AWS-0089", "AVD-AWS-0163", "AwsSolutions-S1", "CloudTrail.7", "S3.9"],
      says: "has access logs",
    },
    "logging",
    { target_bucket: "logs" },
    () => true,
  ),
  has(
    { id: "CKV_AWS_19", also: ["AVD-AWS-0088"], says: "has default encryption" },
    "server_side_encryption_configuration",
    encrypted("AES256"),
    (found) => /sse_algorithm/.test(text(found["rule"])),
  ),
  has(
    {
      id: "CKV_AWS_145",
      also: ["AVD-AWS-0132", "S3.17"],
      says: "is encrypted by default with a customer managed key",
    },
    "server_side_encryption_configuration",
    encrypted("aws:kms", "arn"),
    (found) => /"aws:kms/.test(text(found["rule"])) && /"kms_master_key_id"/.test(text(found["rule"])),
    encrypted("aws:kms"),
  ),
  has(
    { id: "CKV_AWS_21", also: ["AVD-AWS-0090", "S3.14"], says: "has versioning" },
    "versioning",
    { versioning_configuration: { status: "Enabled" } },
    (found) => /"Enabled"/.test(text(found["versioning_configuration"])),
    { versioning_configuration: { status: "Suspended" } },
  ),
  has(
    { id: "CKV_AWS_143", also: ["S3.15"], says: "has Object Lock with a default retention" },
    "object_lock_configuration",
    { rule: { default_retention: { mode: "GOVERNANCE", days: 1 } } },
    (found) => /default_retention/.test(text(found["rule"])),
    {},
  ),
  has(
    { id: "CKV_AWS_144", also: ["S3.7"], says: "is replicated to another region" },
    "replication_configuration",
    { rule: [{ status: "Enabled" }] },
    (found) => /"Enabled"/.test(text(found["rule"])),
    { rule: [{ status: "Disabled" }] },
  ),
  has(
    { id: "CKV2_AWS_6", also: ["AVD-AWS-0094", "S3.8"], says: "has a public access block" },
    "public_access_block",
    {},
    () => true,
  ),
  has(
    { id: "CKV2_AWS_61", also: ["S3.10", "S3.13"], says: "has a lifecycle rule that is enabled" },
    "lifecycle_configuration",
    { rule: [{ status: "Enabled" }] },
    (found) => /"Enabled"/.test(text(found["rule"])),
    { rule: [{ status: "Disabled" }] },
  ),
  has(
    { id: "CKV2_AWS_62", also: ["S3.11"], says: "sends notifications of its events" },
    "notification",
    { eventbridge: true },
    () => true,
  ),
  has(
    { id: "CKV2_AWS_65", also: ["S3.12"], says: "has its access control lists disabled" },
    "ownership_controls",
    { rule: { object_ownership: "BucketOwnerEnforced" } },
    (found) => /"BucketOwnerEnforced"/.test(text(found["rule"])),
    { rule: { object_ownership: "ObjectWriter" } },
  ),
  {
    id: "CKV_AWS_20",
    also: ["CKV_AWS_57", "AVD-AWS-0092"],
    says: "has no public access control list",
    types: [BUCKET],
    holds: (subject, plan) =>
      ![subject.attributes, ...settings(subject, plan, "acl")].some(
        ({ acl, access_control_policy: grants }) =>
          /^"(public-read(-write)?|website|authenticated-read)"$/.test(text(acl)) ||
          text(grants).includes("/groups/global/AllUsers"),
      ),
    bad: [
      { subject: { acl: "public-read" } },
      { subject: { acl: "website" } },
      {
        subject: {},
        beside: {
          aws_s3_bucket_acl: {
            Its: {
              bucket,
              access_control_policy: {
                grant: [{ grantee: { uri: "http://acs.amazonaws.com/groups/global/AllUsers" } }],
              },
            },
          },
        },
      },
      { subject: {}, beside: { aws_s3_bucket_acl: { Its: { bucket, acl: "public-read-write" } } } },
    ],
    good: { subject: {}, beside: { aws_s3_bucket_acl: { Its: { bucket, acl: "private" } } } },
  },
  {
    id: "CKV_AWS_300",
    says: "aborts incomplete multipart uploads",
    types: ["aws_s3_bucket_lifecycle_configuration"],
    holds: ({ attributes }) => (attributes["rule"] as readonly LifecycleRule[]).some(abortsEverywhere),
    bad: [
      { subject: { rule: [{ status: "Enabled", expiration: [{ days: 1 }] }] } },
      { subject: { rule: [{ ...ABORTING, status: "Disabled" }] } },
      { subject: { rule: [{ ...ABORTING, filter: [{ prefix: "sessions/" }] }] } },
    ],
    good: { subject: { rule: [{ ...ABORTING, filter: [{ prefix: "" }] }] } },
  },
  ...BLOCKS.map(([id, trivy, setting]): Rule => ({
    id,
    also: [trivy],
    says: `sets ${setting}`,
    types: ["aws_s3_bucket_public_access_block"],
    holds: ({ attributes }) => attributes[setting] === true,
    bad: [{ subject: {} }, { subject: { [setting]: false } }],
    good: { subject: { [setting]: true } },
  })),
  {
    id: "AwsSolutions-S10",
    also: ["S3.5"],
    says: "has a policy that refuses plain HTTP",
    types: [BUCKET],
    holds: (subject, plan) =>
      settings(subject, plan, "policy").some(({ policy }) => refusesPlainHttp(policy, "s3:*")),
    bad: [
      { subject: {} },
      {
        subject: {},
        beside: {
          aws_s3_bucket_policy: { Its: { bucket, policy: one({ Effect: "Deny", Principal: "*" }) } },
        },
      },
    ],
    good: {
      subject: {},
      beside: {
        aws_s3_bucket_policy: {
          Its: {
            bucket,
            policy: one({
              Effect: "Deny",
              Principal: "*",
              Action: ["s3:*"],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
          },
        },
      },
    },
  },
];
