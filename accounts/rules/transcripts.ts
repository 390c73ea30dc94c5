import { type SettingRule, fault } from "./setting-fault";
import { arnParts } from "../../aws/arn";

export const s3EnforcementNeedsBucket: SettingRule = ({ settings: { transcripts, preferences } }) =>
  transcripts.bucket === "none" &&
  preferences.enforce.s3 &&
  fault(
    "preferences.enforce.s3",
    'false while transcripts.bucket is "none"',
    "set preferences.enforce.s3: false, or create a bucket",
    "transcripts.bucket",
  );

export const somethingRecords: SettingRule = ({ settings: { transcripts, logs } }) =>
  transcripts.bucket === "none" &&
  logs.group === "none" &&
  fault(
    "transcripts.bucket",
    '"create" or an existing bucket while logs.group is "none": sessions would leave no record',
    "create a bucket or a log group",
    "logs.group",
  );

export const archivingInOrder: SettingRule = ({ settings: { transcripts } }) => {
  const { lifecycle } = transcripts;
  const steps = (
    [
      "glacierInstantRetrievalAfterDays",
      "glacierAfterDays",
      "deepArchiveAfterDays",
      "expireAfterDays",
    ] as const
  ).filter((step) => lifecycle[step] !== null);
  const late = steps.find((step, index) => index > 0 && lifecycle[step]! <= lifecycle[steps[index - 1]!]!);
  const before = late && steps[steps.indexOf(late) - 1]!;
  return (
    late !== undefined &&
    fault(
      `transcripts.lifecycle.${late}`,
      `more than ${before}, which is ${lifecycle[before!]}`,
      "transcripts move to colder storage first and expire last; put the days in that order",
      `transcripts.lifecycle.${before}`,
    )
  );
};

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

export const readersInPartition: SettingRule = ({ account, settings: { transcripts } }) =>
  transcripts.readers.flatMap((reader, index) =>
    arnParts(reader).partition === account.partition
      ? []
      : fault(
          `transcripts.readers.${index}`,
          `a role in partition ${account.partition}`,
          "no role of another partition can reach this one",
        ),
  );

/** Expiry of a versioned bucket's current versions makes them noncurrent, and noncurrent ones are kept. */
export const expiryFrees: SettingRule = ({ settings: { transcripts } }) =>
  transcripts.lifecycle.expireAfterDays !== null &&
  transcripts.lifecycle.noncurrentExpireAfterDays === null &&
  fault(
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "a number of days while expireAfterDays is set: the bucket is versioned, so expiry alone only hides transcripts and frees nothing",
    "set both expireAfterDays and noncurrentExpireAfterDays, or neither",
    "transcripts.lifecycle.expireAfterDays",
  );
