import { at, isKnown, isList, type Value, type Values } from "../values";
import { CHANGING, nameOf, type Rule, type Subject } from "./rule";
import { exchanged, removed, turnedOff, turnedOn, weakening, type Plain } from "./weakening";

/** Rules about what protects a bucket, besides retention and its policy. */

const PUBLIC_ACCESS_BLOCK: readonly (readonly [attribute: string, means: string])[] = [
  ["block_public_acls", "accepts public access control lists"],
  ["block_public_policy", "accepts a policy that makes it public"],
  ["ignore_public_acls", "respects public access control lists"],
  ["restrict_public_buckets", "lets a public policy work for everybody"],
];

const SETTINGS: readonly Rule[] = [
  weakening({
    id: "versioning-off",
    type: "aws_s3_bucket_versioning",
    path: ["versioning_configuration", 0, "status"],
    isWeaker: turnedOff,
    severity: "high",
    title: ({ object, after }) => `The ${object} is switched off (${after})`,
    detail: "An object that is overwritten or deleted cannot be restored.",
    remedy: "Keep versioning enabled.",
  }),
  ...PUBLIC_ACCESS_BLOCK.map(([attribute, means]) =>
    weakening({
      id: `public-access-${attribute.replaceAll("_", "-")}-off`,
      type: "aws_s3_bucket_public_access_block",
      path: [attribute],
      isWeaker: turnedOff,
      severity: "high",
      title: ({ name }) => `The bucket ${name} ${means}`,
      detail: `${attribute} is false. A transcript shows what people have typed and seen.`,
      remedy: "Keep all four settings of the public access block.",
    }),
  ),
  weakening({
    id: "bucket-encryption-off",
    type: "aws_s3_bucket_server_side_encryption_configuration",
    path: ["rule", 0, "apply_server_side_encryption_by_default", 0, "sse_algorithm"],
    isWeaker: (before, after) => before === "aws:kms" && after !== "aws:kms",
    severity: "high",
    title: ({ object, after }) => `The ${object} uses no KMS key any more (now: ${after})`,
    detail: "Whoever may read objects may read new ones without any permission to use a key.",
    remedy: "Keep encryption.mode: customer-managed in the map.",
  }),
  weakening({
    id: "bucket-key-changed",
    type: "aws_s3_bucket_server_side_encryption_configuration",
    path: ["rule", 0, "apply_server_side_encryption_by_default", 0, "kms_master_key_id"],
    isWeaker: (before, after) => removed(before, after) || exchanged(before, after),
    severity: "medium",
    title: ({ object, before, after }) => `The ${object} uses the key ${after} instead of ${before}`,
    detail: "Objects that exist stay encrypted with the old key: it has to be kept as long as they are.",
    remedy: "Make sure that writers and readers may use the new key.",
  }),
  weakening({
    id: "ownership-off",
    type: "aws_s3_bucket_ownership_controls",
    path: ["rule", 0, "object_ownership"],
    isWeaker: (before, after) => before === "BucketOwnerEnforced" && after !== before,
    severity: "high",
    title: ({ object, after }) => `The ${object} allows access control lists (${after})`,
    detail: "Whoever writes an object may keep the bucket's owner from reading it, or make it public.",
    remedy: "Keep BucketOwnerEnforced.",
  }),
  weakening({
    id: "access-log-moved",
    type: "aws_s3_bucket_logging",
    path: ["target_bucket"],
    isWeaker: exchanged,
    severity: "medium",
    title: ({ object, before, after }) => `The ${object} is written to ${after} instead of ${before}`,
    detail: "The access log says who has read transcripts.",
    remedy: "Make sure that the new bucket is yours.",
  }),
  weakening({
    id: "force-destroy-on",
    type: "aws_s3_bucket",
    path: ["force_destroy"],
    isWeaker: turnedOn,
    severity: "high",
    title: ({ object }) => `Terraform may delete the ${object} with everything in it (force_destroy)`,
    detail: "A later plan that destroys the bucket deletes its objects first, also those in governance mode.",
    remedy: "Keep protect: true in the map.",
  }),
];

/** Rules of a replication, by their ids. */
const rulesOf = (values: Values | null): ReadonlyMap<string, Value> | null => {
  const rules = values?.["rule"] ?? [];
  if (!isList(rules)) return null;
  return new Map((rules as readonly Value[]).map((rule) => [String(at(rule, ["id"]) ?? ""), rule]));
};
const isEnabled = (rule: Value | undefined) => at(rule, ["status"]) === "Enabled";

const REPLICATION_TARGETS: readonly (readonly [path: readonly (string | number)[], what: string])[] = [
  [["destination", 0, "bucket"], "goes to another bucket"],
  [["filter", 0, "prefix"], "copies objects with another prefix"],
];

const REPLICATION: readonly Rule[] = [
  {
    id: "replication-off",
    types: ["aws_s3_bucket_replication_configuration"],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [rulesOf(subject.before), rulesOf(subject.after)];
      if (before === null || after === null) return undefined;
      const lost = [...before].filter(([id, rule]) => isEnabled(rule) && !isEnabled(after.get(id)));
      return lost.map(([id]) => ({
        severity: "high" as const,
        title: `The bucket ${nameOf(subject)} is no longer replicated by the rule ${id}`,
        detail: "New objects have no second copy any more. Existing copies stay.",
        remedy: "Keep transcripts.replication in the map.",
      }));
    },
  },
  {
    id: "replication-changed",
    types: ["aws_s3_bucket_replication_configuration"],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [rulesOf(subject.before), rulesOf(subject.after)];
      return [...(before ?? [])].flatMap(([id, rule]) =>
        REPLICATION_TARGETS.flatMap(([path, what]) => changedTo(subject, rule, after?.get(id), path, what)),
      );
    },
  },
];

function changedTo(
  subject: Subject,
  before: Value,
  after: Value | undefined,
  path: readonly (string | number)[],
  what: string,
) {
  const [old, now] = [at(before, path) as Plain, at(after, path) as Plain];
  if (!isKnown(now) || !exchanged(old, now)) return [];
  return [
    {
      severity: "high" as const,
      title: `The replication of the bucket ${nameOf(subject)} ${what}: ${String(now)} instead of ${String(old)}`,
      detail: "S3 copies transcripts there with the replication role.",
      remedy: "Make sure that the destination is yours.",
    },
  ];
}

export const BUCKET_RULES: readonly Rule[] = [...SETTINGS, ...REPLICATION];
