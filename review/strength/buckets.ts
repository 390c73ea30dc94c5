import type { ResourceValues } from "../plan-json";
import { isSet, numberOf } from "../numbers";
import { UNKNOWN } from "../values";
import { hasCustomerKey, type Seen, type View } from "./view";

/** Days of what is never deleted. */
export const FOREVER = Number.POSITIVE_INFINITY;

/** The default retention of Object Lock. */
export interface Lock {
  readonly days: number;
  readonly isCompliance: boolean;
}

/** What a bucket does for the records in it. undefined: nobody can tell. */
export interface Bucket {
  readonly isEncrypted: boolean | undefined;
  /** Days until S3 deletes objects. */
  readonly days: number | undefined;
  /** null: new objects are not locked. */
  readonly lock: Lock | null | undefined;
  readonly isReplicated: boolean | undefined;
}

/** The buckets of a stack, by name. */
export function bucketsOf(view: View): Map<string, Bucket> {
  const buckets = new Map<string, Bucket>();
  for (const bucket of view.all("aws_s3_bucket")) {
    const name = view.at(bucket, "bucket");
    if (typeof name !== "string") continue;
    const part = (type: string) =>
      view.all(`aws_s3_bucket_${type}`).find((one) => belongsTo(view, one, name));
    buckets.set(name, {
      isEncrypted: encryptionOf(view, part("server_side_encryption_configuration")),
      days: daysOf(view, part("lifecycle_configuration")),
      lock: lockOf(view, part("object_lock_configuration")),
      isReplicated: replicationOf(view, bucket, "replication_configuration", "rules"),
    });
  }
  return buckets;
}

/** Names of buckets that are replicated by a resource of this stack, and whether the replication works. */
export function replicatedBy(view: View): Map<string, boolean> {
  const sources = new Map<string, boolean>();
  for (const replication of view.all("aws_s3_bucket_replication_configuration")) {
    const name = view.at(replication, "bucket");
    const source = typeof name === "string" ? name : bucketBehind(view, replication);
    if (source === undefined) continue;
    const rules = view.at(replication, "rule");
    const count = Array.isArray(rules) ? rules.length : 0;
    const works = [...Array(count).keys()].some(
      (index) => view.at(replication, "rule", index, "status") === "Enabled",
    );
    sources.set(source, works);
  }
  return sources;
}

const belongsTo = (view: View, part: ResourceValues, name: string): boolean => {
  const bucket = view.at(part, "bucket");
  return bucket === UNKNOWN ? bucketBehind(view, part) === name : bucket === name;
};

const idOf = ({ address, type }: ResourceValues) => address.slice(type.length + 1);
/** Construct ids end in 8 hexadecimal digits, unless they have one part only. */
const withoutHash = (id: string) => id.replace(/_[0-9A-F]{8}$/, "");

/**
 * The bucket that a resource belongs to, by its construct: that of the versioning of `Transcripts_AccessLogs_…` is
 * `Transcripts_AccessLogs_Versioning_…`. Its name is needed where `bucket` is a reference to a bucket that does not exist yet.
 */
function bucketBehind(view: View, part: ResourceValues): string | undefined {
  const owners = view
    .all("aws_s3_bucket")
    .filter((bucket) => idOf(part).startsWith(`${withoutHash(idOf(bucket))}_`))
    .sort((a, b) => withoutHash(idOf(b)).length - withoutHash(idOf(a)).length);
  const name = owners[0] && view.at(owners[0], "bucket");
  return typeof name === "string" ? name : undefined;
}

function encryptionOf(view: View, part: ResourceValues | undefined): boolean | undefined {
  if (part === undefined) return false;
  const path = ["rule", 0, "apply_server_side_encryption_by_default", 0] as const;
  const algorithm = view.at(part, ...path, "sse_algorithm");
  if (algorithm === UNKNOWN) return undefined;
  return algorithm === "aws:kms" && hasCustomerKey(view, view.at(part, ...path, "kms_master_key_id"));
}

const countOf = (value: Seen) => (Array.isArray(value) ? value.length : 0);

function daysOf(view: View, part: ResourceValues | undefined): number | undefined {
  if (part === undefined) return FOREVER;
  const rules = [...Array(countOf(view.at(part, "rule"))).keys()].filter(
    (index) => view.at(part, "rule", index, "status") !== "Disabled",
  );
  const ends = rules.map((index) => view.at(part, "rule", index, "expiration", 0, "days"));
  if (ends.includes(UNKNOWN)) return undefined;
  return Math.min(FOREVER, ...ends.map((end) => numberOf(end) || FOREVER));
}

const DAYS_PER_YEAR = 365;

function lockOf(view: View, part: ResourceValues | undefined): Lock | null | undefined {
  if (part === undefined) return null;
  const [days, years, mode] = (["days", "years", "mode"] as const).map((name) =>
    view.at(part, "rule", 0, "default_retention", 0, name),
  );
  if ([days, years, mode].includes(UNKNOWN)) return undefined;
  const locked = numberOf(days) || (numberOf(years) ?? 0) * DAYS_PER_YEAR;
  return locked > 0 && isSet(mode) ? { days: locked, isCompliance: mode === "COMPLIANCE" } : null;
}

/** Whether AWS replicates a bucket, by what it returns with the bucket itself. */
function replicationOf(
  view: View,
  bucket: ResourceValues,
  attribute: string,
  rules: string,
): boolean | undefined {
  const count = countOf(view.at(bucket, attribute, 0, rules));
  return [...Array(count).keys()].some(
    (index) => view.at(bucket, attribute, 0, rules, index, "status") === "Enabled",
  );
}
