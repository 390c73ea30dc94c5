import type { Target } from "./organization";

/** A place below the settings: `["transcripts", "readers", 0]`. */
export type SettingPath = readonly (string | number)[];

/** A setting of a target that does not go with another. */
export interface SettingFault {
  readonly at: SettingPath;
  /** The settings that it does not go with: the fault lies where the innermost of them all was said. */
  readonly because: readonly SettingPath[];
  readonly allowed: string;
  readonly remedy: string;
}

/** Holds for a target, or names what is at fault. */
export type SettingRule = (target: Target) => SettingFault | readonly SettingFault[] | false;

const pathOf = (setting: string): SettingPath =>
  setting.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));

const fault = (at: string, allowed: string, remedy: string, ...because: string[]): SettingFault => ({
  at: pathOf(at),
  because: because.map(pathOf),
  allowed,
  remedy,
});

const idleBelowMaximum: SettingRule = ({ settings: { preferences } }) =>
  preferences.maximumDurationMinutes !== null &&
  preferences.idleTimeoutMinutes >= preferences.maximumDurationMinutes &&
  fault(
    "preferences.idleTimeoutMinutes",
    `less than maximumDurationMinutes, which is ${preferences.maximumDurationMinutes}`,
    "shorten the idle timeout, or raise the maximum",
    "preferences.maximumDurationMinutes",
  );

/** The service's own pattern for this field leaves these out: 1[0-4][0-3][0-9] cannot say 1080 (18 hours). */
const maximumThatAwsCanSay: SettingRule = ({ settings: { preferences } }) => {
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

const streamingNeedsGroup: SettingRule = ({ settings: { logs } }) =>
  logs.group === "none" &&
  logs.streaming &&
  fault(
    "logs.streaming",
    'false while logs.group is "none"',
    "set logs.streaming: false, or create a log group",
    "logs.group",
  );

const cloudWatchEnforcementNeedsGroup: SettingRule = ({ settings: { logs, preferences } }) =>
  logs.group === "none" &&
  preferences.enforce.cloudWatch &&
  fault(
    "preferences.enforce.cloudWatch",
    'false while logs.group is "none"',
    "set preferences.enforce.cloudWatch: false, or create a log group",
    "logs.group",
  );

const cloudWatchEnforcementNeedsKey: SettingRule = ({ settings: { encryption, logs, preferences } }) =>
  encryption.mode === "s3-managed" &&
  logs.group === "create" &&
  preferences.enforce.cloudWatch &&
  fault(
    "preferences.enforce.cloudWatch",
    'false while encryption.mode is "s3-managed": the agent takes a log group without a customer key for unencrypted and would refuse every session',
    'use encryption.mode "customer-managed", or set preferences.enforce.cloudWatch: false',
    "encryption.mode",
    "logs.group",
  );

const sessionEncryptionNeedsKey: SettingRule = ({ settings: { encryption, preferences } }) =>
  encryption.mode === "s3-managed" &&
  preferences.encryptSessionData &&
  fault(
    "preferences.encryptSessionData",
    'false while encryption.mode is "s3-managed": there is no key to encrypt with',
    'use encryption.mode "customer-managed", or set preferences.encryptSessionData: false',
    "encryption.mode",
  );

const s3EnforcementNeedsBucket: SettingRule = ({ settings: { transcripts, preferences } }) =>
  transcripts.bucket === "none" &&
  preferences.enforce.s3 &&
  fault(
    "preferences.enforce.s3",
    'false while transcripts.bucket is "none"',
    "set preferences.enforce.s3: false, or create a bucket",
    "transcripts.bucket",
  );

const somethingRecords: SettingRule = ({ settings: { transcripts, logs } }) =>
  transcripts.bucket === "none" &&
  logs.group === "none" &&
  fault(
    "transcripts.bucket",
    '"create" or an existing bucket while logs.group is "none": sessions would leave no record',
    "create a bucket or a log group",
    "logs.group",
  );

const existingNeedsKeyArn: SettingRule = ({ settings: { encryption } }) =>
  encryption.mode === "existing" &&
  encryption.keyArn === null &&
  fault(
    "encryption.keyArn",
    'the ARN of a KMS key while encryption.mode is "existing"',
    "name the key's ARN",
    "encryption.mode",
  );

const keyArnNeedsExisting: SettingRule = ({ settings: { encryption } }) =>
  encryption.mode !== "existing" &&
  encryption.keyArn !== null &&
  fault(
    "encryption.keyArn",
    `null while encryption.mode is "${encryption.mode}"`,
    'set encryption.mode: "existing" to use this key, or remove it',
    "encryption.mode",
  );

const keyInRegion: SettingRule = ({ region, settings: { encryption } }) =>
  encryption.keyArn !== null &&
  encryption.keyArn.split(":")[3] !== region &&
  fault(
    "encryption.keyArn",
    `a key in ${region}: CloudWatch Logs and SNS take keys of their own region only`,
    `name a key in ${region}, in the settings of that region`,
  );

const runAsNeedsUser: SettingRule = ({ settings: { preferences } }) =>
  preferences.runAs.enabled &&
  preferences.runAs.defaultUser === null &&
  fault(
    "preferences.runAs.defaultUser",
    "a user name while runAs.enabled is true: without one, every session of a caller without the SSMSessionRunAs tag fails",
    "name a user that exists on every instance",
    "preferences.runAs.enabled",
  );

const archivingInOrder: SettingRule = ({ settings: { transcripts } }) => {
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

const expiryAfterLock: SettingRule = ({ settings: { transcripts } }) =>
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

const readersInPartition: SettingRule = ({ account, settings: { transcripts } }) =>
  transcripts.readers.flatMap((reader, index) =>
    reader.split(":")[1] === account.partition
      ? []
      : fault(
          `transcripts.readers.${index}`,
          `a role in partition ${account.partition}`,
          "no role of another partition can reach this one",
        ),
  );

const subscribersOnce: SettingRule = ({ settings: { notifications } }) =>
  (["activity", "security"] as const).flatMap((channel) => {
    const { subscribers } = notifications[channel];
    return subscribers.flatMap(({ protocol, endpoint }, index) =>
      subscribers.slice(0, index).some((other) => other.protocol === protocol && other.endpoint === endpoint)
        ? fault(
            `notifications.${channel}.subscribers.${index}`,
            "each protocol and endpoint once",
            "remove the repetition; a topic has one subscription for an endpoint, with one filter policy",
          )
        : [],
    );
  });

/** Rules over what a bucket of transcripts needs, the archive's too. */
export const BUCKET_RULES: readonly SettingRule[] = [
  existingNeedsKeyArn,
  keyArnNeedsExisting,
  keyInRegion,
  archivingInOrder,
  expiryAfterLock,
  readersInPartition,
];

/** Rules over the settings of one target. */
export const SETTING_RULES: readonly SettingRule[] = [
  idleBelowMaximum,
  maximumThatAwsCanSay,
  streamingNeedsGroup,
  cloudWatchEnforcementNeedsGroup,
  cloudWatchEnforcementNeedsKey,
  sessionEncryptionNeedsKey,
  s3EnforcementNeedsBucket,
  somethingRecords,
  runAsNeedsUser,
  subscribersOnce,
  ...BUCKET_RULES,
];
