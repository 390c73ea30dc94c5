import { chatInPartition, chatOnce } from "./chat";
import { actionRules, actionsOnce, findingsOnce } from "./actions";
import { GUARD_RULES } from "./guard";
import {
  eventsOnce,
  ignoredRolesOnce,
  readersOnce,
  subscribersInAccount,
  subscribersOnce,
  topicInPlace,
} from "./notifications";
import { LOG_RULES, streamingNeedsGroup } from "./logs";
import { NETWORK_RULES } from "./network";
import { PREREQUISITE_RULES } from "./prerequisites";
import { fault, type SettingRule } from "./setting-fault";
import { MOST_TAGS } from "../schema/tags";
import { sessionEncryptionNeedsKey, KEY_RULES } from "./encryption";
import {
  s3EnforcementNeedsBucket,
  somethingRecords,
  archivingInOrder,
  expiryAfterLock,
  readersInPartition,
  expiryFrees,
} from "./transcripts";
import {
  idleBelowMaximum,
  maximumThatAwsCanSay,
  cloudWatchEnforcementNeedsGroup,
  cloudWatchEnforcementNeedsKey,
  runAsNeedsUser,
} from "./preferences";

/** A fault at each element of a list that stands there already. */
const fewTags: SettingRule = ({ settings }) =>
  Object.keys(settings.tags).length > MOST_TAGS &&
  fault("tags", `at most ${MOST_TAGS} tags, those from further out included`, "take some tags out");

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
