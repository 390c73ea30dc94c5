import type { Target } from "./organization";

/** A setting of a target that does not go with another. */
export interface SettingFault {
  /** Path below the settings: `["preferences", "idleTimeoutMinutes"]`. */
  readonly at: readonly string[];
  readonly allowed: string;
  readonly remedy: string;
}

type Rule = (target: Target) => SettingFault | false;

const fault = (at: string, allowed: string, remedy: string): SettingFault => ({
  at: at.split("."),
  allowed,
  remedy,
});

const idleBelowMaximum: Rule = ({ settings: { preferences } }) =>
  preferences.maximumDurationMinutes !== null &&
  preferences.idleTimeoutMinutes >= preferences.maximumDurationMinutes &&
  fault(
    "preferences.idleTimeoutMinutes",
    `less than maximumDurationMinutes, which is ${preferences.maximumDurationMinutes}`,
    "shorten the idle timeout, or raise the maximum",
  );

/** The service's own pattern for this field leaves these out: 1[0-4][0-3][0-9] cannot say 1080 (18 hours). */
const maximumThatAwsCanSay: Rule = ({ settings: { preferences } }) => {
  const minutes = preferences.maximumDurationMinutes ?? 0;
  return (
    minutes >= 1040 &&
    minutes < 1400 &&
    minutes % 100 >= 40 &&
    fault(
      "preferences.maximumDurationMinutes",
      "1 to 1039, 1100 to 1139, 1200 to 1239, 1300 to 1339, or 1400 to 1440: the service's pattern leaves the rest out",
      `use ${Math.floor(minutes / 100) * 100 + 39} or ${Math.floor(minutes / 100 + 1) * 100}`,
    )
  );
};

const streamingNeedsGroup: Rule = ({ settings: { logs } }) =>
  logs.group === "none" &&
  logs.streaming &&
  fault(
    "logs.streaming",
    'false while logs.group is "none"',
    "set logs.streaming: false, or create a log group",
  );

const cloudWatchEnforcementNeedsGroup: Rule = ({ settings: { logs, preferences } }) =>
  logs.group === "none" &&
  preferences.enforce.cloudWatch &&
  fault(
    "preferences.enforce.cloudWatch",
    'false while logs.group is "none"',
    "set preferences.enforce.cloudWatch: false, or create a log group",
  );

const cloudWatchEnforcementNeedsKey: Rule = ({ settings: { encryption, logs, preferences } }) =>
  encryption.mode === "s3-managed" &&
  logs.group === "create" &&
  preferences.enforce.cloudWatch &&
  fault(
    "preferences.enforce.cloudWatch",
    'false while encryption.mode is "s3-managed": the agent takes a log group without a customer key for unencrypted and would refuse every session',
    'use encryption.mode "customer-managed", or set preferences.enforce.cloudWatch: false',
  );

const sessionEncryptionNeedsKey: Rule = ({ settings: { encryption, preferences } }) =>
  encryption.mode === "s3-managed" &&
  preferences.encryptSessionData &&
  fault(
    "preferences.encryptSessionData",
    'false while encryption.mode is "s3-managed": there is no key to encrypt with',
    'use encryption.mode "customer-managed", or set preferences.encryptSessionData: false',
  );

const s3EnforcementNeedsBucket: Rule = ({ settings: { transcripts, preferences } }) =>
  transcripts.bucket === "none" &&
  preferences.enforce.s3 &&
  fault(
    "preferences.enforce.s3",
    'false while transcripts.bucket is "none"',
    "set preferences.enforce.s3: false, or create a bucket",
  );

const somethingRecords: Rule = ({ settings: { transcripts, logs } }) =>
  transcripts.bucket === "none" &&
  logs.group === "none" &&
  fault(
    "transcripts.bucket",
    '"create" or an existing bucket while logs.group is "none": sessions would leave no record',
    "create a bucket or a log group",
  );

const existingNeedsKeyArn: Rule = ({ settings: { encryption } }) =>
  encryption.mode === "existing" &&
  encryption.keyArn === null &&
  fault(
    "encryption.keyArn",
    'the ARN of a KMS key while encryption.mode is "existing"',
    "name the key's ARN",
  );

const keyArnNeedsExisting: Rule = ({ settings: { encryption } }) =>
  encryption.mode !== "existing" &&
  encryption.keyArn !== null &&
  fault(
    "encryption.keyArn",
    `null while encryption.mode is "${encryption.mode}"`,
    'set encryption.mode: "existing" to use this key, or remove it',
  );

const keyInRegion: Rule = ({ region, settings: { encryption } }) =>
  encryption.keyArn !== null &&
  encryption.keyArn.split(":")[3] !== region &&
  fault(
    "encryption.keyArn",
    `a key in ${region}: CloudWatch Logs and SNS take keys of their own region only`,
    `name a key in ${region}, in the settings of that region`,
  );

const runAsNeedsUser: Rule = ({ settings: { preferences } }) =>
  preferences.runAs.enabled &&
  preferences.runAs.defaultUser === null &&
  fault(
    "preferences.runAs.defaultUser",
    "a user name while runAs.enabled is true: without one, every session of a caller without the SSMSessionRunAs tag fails",
    "name a user that exists on every instance",
  );

const archivingInOrder: Rule = ({ settings: { transcripts } }) => {
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
    )
  );
};

const expiryAfterLock: Rule = ({ settings: { transcripts } }) =>
  transcripts.objectLock.mode !== "off" &&
  transcripts.lifecycle.expireAfterDays !== null &&
  transcripts.lifecycle.expireAfterDays < transcripts.objectLock.days &&
  fault(
    "transcripts.lifecycle.expireAfterDays",
    `at least objectLock.days, which is ${transcripts.objectLock.days}`,
    "expire transcripts after their lock has ended, or shorten the lock",
  );

const readersInPartition: Rule = ({ account, settings: { transcripts } }) => {
  const index = transcripts.readers.findIndex((reader) => reader.split(":")[1] !== account.partition);
  return (
    index >= 0 &&
    fault(
      `transcripts.readers.${index}`,
      `a role in partition ${account.partition}`,
      "no role of another partition can reach this one",
    )
  );
};

const subscribersOnce: Rule = ({ settings: { notifications } }) => {
  const { subscribers } = notifications.activity;
  const index = subscribers.findIndex(({ protocol, endpoint }, at) =>
    subscribers.slice(0, at).some((other) => other.protocol === protocol && other.endpoint === endpoint),
  );
  return (
    index >= 0 &&
    fault(
      `notifications.activity.subscribers.${index}`,
      "each protocol and endpoint once",
      "remove the repetition; a topic has one subscription for an endpoint, with one filter policy",
    )
  );
};

/** Rules over the settings of one target, each of which holds or names its fault. */
export const SETTING_RULES: readonly Rule[] = [
  idleBelowMaximum,
  maximumThatAwsCanSay,
  streamingNeedsGroup,
  cloudWatchEnforcementNeedsGroup,
  cloudWatchEnforcementNeedsKey,
  sessionEncryptionNeedsKey,
  s3EnforcementNeedsBucket,
  somethingRecords,
  existingNeedsKeyArn,
  keyArnNeedsExisting,
  keyInRegion,
  runAsNeedsUser,
  archivingInOrder,
  expiryAfterLock,
  readersInPartition,
  subscribersOnce,
];
