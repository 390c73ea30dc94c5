import { DEPLOY_AGAIN, fault, judged, ok, type Finding, type Seen } from "../model";
import type { KeyState } from "./keys";

/** A bucket. */
export interface BucketState {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`; null: none. */
  readonly algorithm: string | null;
  /** The key of the default encryption, as it was set; null: none. */
  readonly key: string | null;
  readonly versioned: boolean;
  /** Default retention of Object Lock; null: none. */
  readonly lock: ObjectLock | null;
  readonly blocksPublicAccess: boolean;
}

interface ObjectLock {
  /** `GOVERNANCE` or `COMPLIANCE`. */
  readonly mode: string;
  readonly days: number;
}

/** How a bucket should be. */
export interface WantedBucket {
  readonly name: string;
  readonly algorithm: string;
  /** The key: its alias or ARN with what was read of it; null: none. */
  readonly key: { readonly name: string; readonly seen: Seen<KeyState | null> } | null;
  readonly lock: ObjectLock | null;
}

/** Judges a bucket: it exists, is encrypted with the key, keeps versions, locks objects, and is not public. */
export function judgeBucket(wanted: WantedBucket, seen: Seen<BucketState | null>): Finding[] {
  const about = { check: "bucket", subject: wanted.name } as const;
  return judged(about, seen, (bucket) => {
    if (bucket === null)
      return [fault(about, "there is no such bucket", "What should be written there is lost.", DEPLOY_AGAIN)];
    const findings = [
      ...encryptionFindings(wanted, bucket),
      ...(bucket.versioned
        ? []
        : [fault(about, "keeps no versions", "A record can be overwritten.", DEPLOY_AGAIN)]),
      ...lockFindings(wanted, bucket),
      ...(bucket.blocksPublicAccess
        ? []
        : [fault(about, "does not block public access", "Records may become public.", DEPLOY_AGAIN)]),
    ];
    const lock =
      bucket.lock === null ? "no default lock" : `${bucket.lock.mode} lock of ${bucket.lock.days} days`;
    const sealed = bucket.key === null ? bucket.algorithm : `${bucket.algorithm} with ${bucket.key}`;
    return findings.length > 0 ? findings : [ok(about, `${sealed}, versions, ${lock}`)];
  });
}

function encryptionFindings(wanted: WantedBucket, { algorithm, key }: BucketState): Finding[] {
  const about = { check: "bucket", subject: wanted.name } as const;
  if (algorithm !== wanted.algorithm) {
    const why =
      "Transcripts are not encrypted as declared, and the SSM Agent refuses sessions with any other algorithm than aws:kms and AES256.";
    return [
      fault(about, `has ${algorithm ?? "no"} encryption instead of ${wanted.algorithm}`, why, DEPLOY_AGAIN),
    ];
  }
  const expected = wanted.key;
  // What is not known of the key is a finding about the key.
  if (expected === null || !("seen" in expected.seen) || expected.seen.seen === null) return [];
  if (key === expected.seen.seen.arn) return [];
  const why = "The SSM Agent encrypts with the key that the bucket names, by its ARN.";
  return [
    fault(about, `is encrypted with ${key ?? "no key"} instead of ${expected.name}`, why, DEPLOY_AGAIN),
  ];
}

function lockFindings(wanted: WantedBucket, { lock }: BucketState): Finding[] {
  const about = { check: "bucket", subject: wanted.name } as const;
  if (wanted.lock === null) return [];
  const why = "New objects can be deleted earlier.";
  const said = `${wanted.lock.mode} ${wanted.lock.days} days`;
  if (lock === null) return [fault(about, `locks no objects instead of ${said}`, why, DEPLOY_AGAIN)];
  if (lock.mode === wanted.lock.mode && lock.days === wanted.lock.days) return [];
  return [fault(about, `locks objects ${lock.mode} ${lock.days} days instead of ${said}`, why, DEPLOY_AGAIN)];
}

/** The algorithms that the SSM Agent accepts. @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/s3util/s3util.go */
const ACCEPTED = ["aws:kms", "AES256"];

/** Judges the encryption of a bucket that no stack declares, as the SSM Agent does. */
export function judgeExistingBucket(
  name: string,
  seen: Seen<Pick<BucketState, "algorithm" | "key"> | null>,
): Finding[] {
  const about = { check: "bucket", subject: name } as const;
  return judged(about, seen, (bucket) => {
    if (bucket === null)
      return [
        fault(about, "there is no such bucket", "Transcripts are lost.", "Create it, or name another one."),
      ];
    const { algorithm, key } = bucket;
    if (algorithm !== null && ACCEPTED.includes(algorithm))
      return [ok(about, key === null ? algorithm : `${algorithm} with ${key}`)];
    return [
      fault(
        about,
        `has ${algorithm ?? "no"} encryption`,
        "The SSM Agent accepts aws:kms and AES256 alone, and refuses sessions if the preferences require encryption.",
        "Set the default encryption of the bucket to aws:kms.",
      ),
    ];
  });
}
