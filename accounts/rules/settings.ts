import { chatInPartition, chatOnce } from "./chat";
import { actionRules, actionsOnce, findingsOnce } from "./actions";
import { GUARD_RULES } from "./guard";
import {
  eventsOnce,
  functionsInReach,
  ignoredRolesOnce,
  subscribersInAccount,
  subscribersOnce,
  topicInPlace,
} from "./notifications";
import { LOG_RULES, streamingNeedsGroup } from "./logs";
import { NETWORK_RULES } from "./network";
import { PREREQUISITE_RULES } from "./prerequisites";
import { REMOTE_DESKTOP_RULES } from "./remote-desktop";
import type { SettingRule } from "./setting-fault";
import { fewTags } from "./tags";
import { sessionEncryptionNeedsKey, KEY_RULES } from "./encryption";
import {
  s3EnforcementNeedsBucket,
  somethingRecords,
  archivingInOrder,
  expiryAfterLock,
  readersInPartition,
  readersOnce,
  expiryFrees,
  overwrittenStayAsLong,
} from "./transcripts";
import {
  idleBelowMaximum,
  maximumThatAwsAccepts,
  cloudWatchEnforcementNeedsGroup,
  cloudWatchEnforcementNeedsKey,
  runAsByTagHasNoUser,
  runAsNeedsUser,
  ssmUserIsCreated,
} from "./preferences";

/** Rules over a bucket of records and its key, the bucket of a trail included. */
export const RECORD_RULES: readonly SettingRule[] = [
  ...KEY_RULES,
  archivingInOrder,
  expiryAfterLock,
  expiryFrees,
  overwrittenStayAsLong,
  fewTags,
];

const SECURITY_RULES: readonly SettingRule[] = [
  ignoredRolesOnce,
  subscribersOnce("security"),
  subscribersInAccount("security"),
  functionsInReach("security"),
  topicInPlace("security"),
  chatOnce("security"),
  chatInPartition("security"),
];

/** Rules over a replica that follow the settings of its owner: its key, its security channel and its tags. */
export const REPLICA_RULES: readonly SettingRule[] = [...KEY_RULES, ...SECURITY_RULES, fewTags];

/** Rules over the archive in a region: its bucket, its key and its security channel. */
export const ARCHIVE_RULES: readonly SettingRule[] = [
  ...RECORD_RULES,
  readersInPartition,
  readersOnce,
  ...SECURITY_RULES,
  actionsOnce("security"),
  findingsOnce,
  ...actionRules("tampering"),
];

/** Rules over the settings of an account in a region. */
export const SETTING_RULES: readonly SettingRule[] = [
  idleBelowMaximum,
  maximumThatAwsAccepts,
  streamingNeedsGroup,
  cloudWatchEnforcementNeedsGroup,
  cloudWatchEnforcementNeedsKey,
  sessionEncryptionNeedsKey,
  s3EnforcementNeedsBucket,
  somethingRecords,
  runAsByTagHasNoUser,
  runAsNeedsUser,
  ssmUserIsCreated,
  ...LOG_RULES,
  eventsOnce,
  subscribersOnce("activity"),
  subscribersInAccount("activity"),
  functionsInReach("activity"),
  topicInPlace("activity"),
  chatOnce("activity"),
  chatInPartition("activity"),
  actionsOnce("activity"),
  ...actionRules("activity"),
  ...actionRules("sessions"),
  ...PREREQUISITE_RULES,
  ...GUARD_RULES,
  ...REMOTE_DESKTOP_RULES,
  ...NETWORK_RULES,
  ...ARCHIVE_RULES,
];
