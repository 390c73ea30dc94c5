import { valueAt } from "../model/merge";
import { type SettingRule, fault, repeated } from "./setting-fault";
import { arnParts } from "../../aws/arn";

/** Enforcement of transcripts needs a bucket. */
export const s3EnforcementNeedsBucket: SettingRule = ({ settings: { transcripts, preferences } }) =>
  transcripts.bucket === "none" &&
  preferences.enforce.s3 &&
  fault(
    "preferences.enforce.s3",
    'false while transcripts.bucket is "none"',
    "set preferences.enforce.s3: false, or create a bucket",
    "transcripts.bucket",
  );

/** At least one of bucket and log group records sessions. */
export const somethingRecords: SettingRule = ({ settings: { transcripts, logs } }) =>
  transcripts.bucket === "none" &&
  logs.group === "none" &&
  fault(
    "transcripts.bucket",
    '"create" or an existing bucket while logs.group is "none": sessions would leave no record',
    "create a bucket or a log group",
    "logs.group",
  );

/** Settings of the steps of an object's life below `transcripts`, in the order in which the steps must come. */
const STEPS = {
  transcripts: [
    ...["lifecycle.glacierInstantRetrievalAfterDays", "lifecycle.glacierAfterDays"],
    ...["lifecycle.deepArchiveAfterDays", "lifecycle.expireAfterDays"],
  ],
  "noncurrent versions": [
    ...["lifecycle.noncurrentGlacierInstantRetrievalAfterDays", "lifecycle.noncurrentGlacierAfterDays"],
    ...["lifecycle.noncurrentDeepArchiveAfterDays", "lifecycle.noncurrentExpireAfterDays"],
  ],
  "access logs": [
    ...["accessLogsLifecycle.glacierInstantRetrievalAfterDays", "accessLogsLifecycle.glacierAfterDays"],
    ...["accessLogsLifecycle.deepArchiveAfterDays", "accessLogsExpireAfterDays"],
  ],
} as const;

/**
 * Each step of the lifecycle is later than the step before. S3 refuses others.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export const archivingInOrder: SettingRule = ({ settings: { transcripts } }) =>
  Object.entries(STEPS).flatMap(([what, settings]) => {
    const steps = settings
      .map((setting) => ({ setting, days: valueAt(transcripts, setting.split(".")) as number | null }))
      .flatMap(({ setting, days }) => (days === null ? [] : [{ setting, days }]));
    const late = steps.findIndex(({ days }, index) => index > 0 && days <= steps[index - 1]!.days);
    if (late < 0) return [];
    const [before, step] = [steps[late - 1]!, steps[late]!];
    return fault(
      `transcripts.${step.setting}`,
      `more than ${before.setting.split(".").at(-1)}, which is ${before.days}`,
      `${what} move to colder storage first and expire last; put the days in that order`,
      `transcripts.${before.setting}`,
    );
  });

/** Transcripts expire only after their lock has ended. */
export const expiryAfterLock: SettingRule = ({ settings: { transcripts } }) =>
  transcripts.objectLock.mode !== "off" &&
  transcripts.lifecycle.expireAfterDays !== null &&
  transcripts.lifecycle.expireAfterDays < transcripts.objectLock.days &&
  fault(
    "transcripts.lifecycle.expireAfterDays",
    `at least objectLock.days, which is ${transcripts.objectLock.days}`,
    "expire transcripts after their lock has ended, or shorten the lock",
    "transcripts.objectLock.mode",
    "transcripts.objectLock.days",
  );

/** Each reader is listed once. */
export const readersOnce: SettingRule = ({ settings: { transcripts } }) => [
  ...repeated(transcripts.readers, "transcripts.readers", "role"),
  ...repeated(transcripts.organizationReaders, "transcripts.organizationReaders", "role"),
  ...transcripts.organizationReaders.flatMap((reader, index) =>
    transcripts.readers.includes(reader)
      ? fault(
          `transcripts.organizationReaders.${index}`,
          "a role that is not among transcripts.readers",
          "name the role in one of the two lists: organizationReaders read every transcript",
          "transcripts.readers",
        )
      : [],
  ),
];

/** Readers are roles in the partition of the bucket. */
export const readersInPartition: SettingRule = ({ account, settings: { transcripts } }) =>
  (["readers", "organizationReaders"] as const).flatMap((list) =>
    transcripts[list].flatMap((reader, index) =>
      arnParts(reader).partition === account.partition
        ? []
        : fault(
            `transcripts.${list}.${index}`,
            `a role in partition ${account.partition}`,
            "a role of another partition has no access to this partition",
          ),
    ),
  );

/**
 * In a versioned bucket, expiry turns the current version of an object into a noncurrent one, which is kept.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 */
export const expiryFrees: SettingRule = ({ settings: { transcripts } }) =>
  transcripts.lifecycle.expireAfterDays !== null &&
  transcripts.lifecycle.noncurrentExpireAfterDays === null &&
  fault(
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "a number of days while expireAfterDays is set: the bucket is versioned, so expiry alone only hides transcripts and frees nothing",
    "set both expireAfterDays and noncurrentExpireAfterDays, or neither",
    "transcripts.lifecycle.expireAfterDays",
  );

/**
 * An overwritten transcript becomes a noncurrent version at once. S3 deletes this version as soon as its lock has ended
 * and `noncurrentExpireAfterDays` have passed. The original transcript therefore stays as long as other transcripts only
 * if the lock or `noncurrentExpireAfterDays` is at least as long as `expireAfterDays`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export const overwrittenStayAsLong: SettingRule = ({ settings: { transcripts } }) => {
  const { expireAfterDays, noncurrentExpireAfterDays } = transcripts.lifecycle;
  const lockedDays = transcripts.objectLock.mode === "off" ? 0 : transcripts.objectLock.days;
  const lifetime = expireAfterDays ?? Infinity;
  if (noncurrentExpireAfterDays === null || Math.max(lockedDays, noncurrentExpireAfterDays) >= lifetime)
    return false;
  return fault(
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    expireAfterDays === null
      ? "null while expireAfterDays is null"
      : `at least expireAfterDays, which is ${expireAfterDays}`,
    "a person who overwrites a transcript would make the original expire early; " +
      (expireAfterDays === null
        ? "set both expireAfterDays and noncurrentExpireAfterDays, or neither"
        : `set noncurrentExpireAfterDays: ${expireAfterDays}, or lock transcripts for as long`),
    "transcripts.lifecycle.expireAfterDays",
    "transcripts.objectLock.mode",
    "transcripts.objectLock.days",
  );
};
