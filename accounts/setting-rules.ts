import { arnParts } from "./arn";
import { chatInPartition, chatOnce } from "./chat-rules";
import { actionRules, actionsOf, actionsOnce, findingsOnce } from "./action-rules";
import { GUARD_RULES } from "./guard-rules";
import {
  eventsOnce,
  ignoredRolesOnce,
  readersOnce,
  repeated,
  subscribersInAccount,
  subscribersOnce,
  topicInPlace,
} from "./list-rules";
import { LOG_RULES, unmaskRolesOnce } from "./log-rules";
import { NETWORK_RULES } from "./network-rules";
import { PREREQUISITE_RULES } from "./prerequisite-rules";
import type { AccountSettings } from "./settings";
import { boundaryFault, fault, type AccountRule, type SettingRule } from "./setting-fault";
import { MOST_TAGS } from "./values";

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
  arnParts(encryption.keyArn).region !== region &&
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
    arnParts(reader).partition === account.partition
      ? []
      : fault(
          `transcripts.readers.${index}`,
          `a role in partition ${account.partition}`,
          "no role of another partition can reach this one",
        ),
  );

/** Expiry of a versioned bucket's current versions makes them noncurrent, and noncurrent ones are kept. */
const expiryFrees: SettingRule = ({ settings: { transcripts } }) =>
  transcripts.lifecycle.expireAfterDays !== null &&
  transcripts.lifecycle.noncurrentExpireAfterDays === null &&
  fault(
    "transcripts.lifecycle.noncurrentExpireAfterDays",
    "a number of days while expireAfterDays is set: the bucket is versioned, so expiry alone only hides transcripts and frees nothing",
    "set both expireAfterDays and noncurrentExpireAfterDays, or neither",
    "transcripts.lifecycle.expireAfterDays",
  );

/** A fault at each element of a list that stands there already. */
const fewTags: SettingRule = ({ settings }) =>
  Object.keys(settings.tags).length > MOST_TAGS &&
  fault("tags", `at most ${MOST_TAGS} tags, those from further out included`, "take some tags out");

const attachedOnce: AccountRule = ({ settings: { access } }) =>
  repeated(access.attachToRoles, "access.attachToRoles", "role");

/** A role takes a policy once: two attachments would take turns at removing it. */
const hostManagementApart: AccountRule = ({ settings: { access } }) =>
  access.defaultHostManagementRole !== null && access.attachToRoles.includes(access.defaultHostManagementRole)
    ? [
        fault(
          "access.defaultHostManagementRole",
          "a role that access.attachToRoles does not name already",
          "take the role out of attachToRoles, or leave defaultHostManagementRole out",
          "access.attachToRoles",
        ),
      ]
    : [];

/** An account without regions has no role that a boundary would bind, unless for chat, replication or an archive's actions. */
const boundaryInAccount: AccountRule = (account) =>
  account.targets.length > 0 || hasActionRoles(account.settings) ? boundaryFault(account) : [];

const hasActionRoles = (settings: AccountSettings) =>
  actionsOf(settings, "tampering").some(({ action }) => action.type !== "lambda");

/** Rules over what an account has once. */
export const ACCOUNT_RULES: readonly AccountRule[] = [
  attachedOnce,
  hostManagementApart,
  boundaryInAccount,
  unmaskRolesOnce,
];

const KEY_RULES: readonly SettingRule[] = [existingNeedsKeyArn, keyArnNeedsExisting, keyInRegion];

/** Rules over a bucket that records and its key, that of a trail included. */
export const RECORD_RULES: readonly SettingRule[] = [
  ...KEY_RULES,
  archivingInOrder,
  expiryAfterLock,
  expiryFrees,
  fewTags,
];

const SECURITY_RULES: readonly SettingRule[] = [
  ignoredRolesOnce,
  subscribersOnce("security"),
  subscribersInAccount("security"),
  topicInPlace("security"),
  chatOnce("security"),
  chatInPartition("security"),
];

/** Rules over what the owner of a replica says of it: its key, its security channel and its tags. */
export const REPLICA_RULES: readonly SettingRule[] = [...KEY_RULES, ...SECURITY_RULES, fewTags];

/** Rules over an archive in a region: its bucket, its key and its security channel. */
export const ARCHIVE_RULES: readonly SettingRule[] = [
  ...RECORD_RULES,
  readersInPartition,
  readersOnce,
  ...SECURITY_RULES,
  actionsOnce("security"),
  findingsOnce,
  ...actionRules("tampering"),
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
  ...LOG_RULES,
  eventsOnce,
  subscribersOnce("activity"),
  subscribersInAccount("activity"),
  topicInPlace("activity"),
  chatOnce("activity"),
  chatInPartition("activity"),
  actionsOnce("activity"),
  ...actionRules("activity"),
  ...actionRules("sessions"),
  ...PREREQUISITE_RULES,
  ...GUARD_RULES,
  ...NETWORK_RULES,
  ...ARCHIVE_RULES,
];
