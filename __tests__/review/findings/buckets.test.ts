import { BUCKET_RULES } from "../../../review/findings/buckets";
import type { Json } from "../../../review/plan-json";
import { bothWays, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

type Settings = { readonly [name: string]: Json };
const part = (type: string, before: Settings, after: Settings): Planned => ({
  type: `aws_s3_bucket_${type}`,
  before: { bucket: "audit", ...before },
  after: { bucket: "audit", ...after },
});
const encryption = (algorithm: string, key: Json = null): Settings => ({
  rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: algorithm, kms_master_key_id: key }] }],
});
const replication = (status: string, bucket = "copy", prefix = "sessions/"): Settings => ({
  rule: [{ id: "transcripts", status, destination: [{ bucket }], filter: [{ prefix }] }],
});

testRules(BUCKET_RULES, [
  bothWays(
    "versioning-off",
    "high",
    "The versioning of the bucket audit is switched off (Suspended)",
    part(
      "versioning",
      { versioning_configuration: [{ status: "Enabled" }] },
      { versioning_configuration: [{ status: "Suspended" }] },
    ),
  ),
  ...(
    [
      ["block_public_acls", "accepts public access control lists"],
      ["block_public_policy", "accepts a policy that makes it public"],
      ["ignore_public_acls", "respects public access control lists"],
      ["restrict_public_buckets", "lets a public policy work for everybody"],
    ] as const
  ).map(([attribute, means]) =>
    bothWays(
      `public-access-${attribute.replaceAll("_", "-")}-off`,
      "high",
      `The bucket audit ${means}`,
      part("public_access_block", { [attribute]: true }, { [attribute]: false }),
    ),
  ),
  bothWays(
    "bucket-encryption-off",
    "high",
    "The default encryption of the bucket audit uses no KMS key any more (now: AES256)",
    part(
      "server_side_encryption_configuration",
      encryption("aws:kms", "arn:aws:kms:eu-central-1:444444444444:key/a"),
      encryption("AES256"),
    ),
  ),
  {
    rule: "bucket-key-changed",
    severity: "medium",
    title: "The default encryption of the bucket audit uses the key other instead of own",
    found: part(
      "server_side_encryption_configuration",
      encryption("aws:kms", "own"),
      encryption("aws:kms", "other"),
    ),
    not: part("server_side_encryption_configuration", encryption("aws:kms"), encryption("aws:kms", "own")),
  },
  bothWays(
    "ownership-off",
    "high",
    "The ownership control of the bucket audit allows access control lists (ObjectWriter)",
    part(
      "ownership_controls",
      { rule: [{ object_ownership: "BucketOwnerEnforced" }] },
      { rule: [{ object_ownership: "ObjectWriter" }] },
    ),
  ),
  {
    rule: "access-log-moved",
    severity: "medium",
    title: "The access log of the bucket audit is written to theirs instead of logs",
    found: part("logging", { target_bucket: "logs" }, { target_bucket: "theirs" }),
    not: part("logging", { target_bucket: "logs" }, { target_bucket: "logs", target_prefix: "a/" }),
  },
  bothWays(
    "force-destroy-on",
    "high",
    "Terraform may delete the bucket audit with everything in it (force_destroy)",
    {
      type: "aws_s3_bucket",
      before: { bucket: "audit", force_destroy: false },
      after: { bucket: "audit", force_destroy: true },
    },
  ),
  bothWays(
    "replication-off",
    "high",
    "The bucket audit is no longer replicated by the rule transcripts",
    part("replication_configuration", replication("Enabled"), replication("Disabled")),
  ),
  bothWays(
    "replication-off",
    "high",
    "The bucket audit is no longer replicated by the rule transcripts",
    part("replication_configuration", replication("Enabled"), { rule: [] }),
  ),
  {
    rule: "replication-changed",
    severity: "high",
    title: "The replication of the bucket audit goes to another bucket: theirs instead of copy",
    found: part("replication_configuration", replication("Enabled"), replication("Enabled", "theirs")),
    not: part("replication_configuration", replication("Enabled"), replication("Disabled")),
  },
  {
    rule: "replication-changed",
    severity: "high",
    title:
      "The replication of the bucket audit copies objects with another prefix: few/ instead of sessions/",
    found: part("replication_configuration", replication("Enabled"), replication("Enabled", "copy", "few/")),
    not: part("replication_configuration", replication("Disabled"), replication("Enabled")),
  },
]);
