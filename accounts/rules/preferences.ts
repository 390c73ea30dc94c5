import { type SettingRule, fault } from "./setting-fault";

/** A session that ends before it can be idle for so long has no idle timeout. */
export const idleBelowMaximum: SettingRule = ({ settings: { preferences } }) =>
  preferences.maximumDurationMinutes !== null &&
  preferences.idleTimeoutMinutes >= preferences.maximumDurationMinutes &&
  fault(
    "preferences.idleTimeoutMinutes",
    `less than maximumDurationMinutes, which is ${preferences.maximumDurationMinutes}`,
    "shorten the idle timeout, or raise the maximum",
    "preferences.maximumDurationMinutes",
  );

/**
 * The API accepts the part 1[0-4][0-3][0-9] of a pattern for four-digit numbers, which leaves out 1080 (18 hours).
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Session.html
 */
export const maximumThatAwsAccepts: SettingRule = ({ settings: { preferences } }) => {
  const minutes = preferences.maximumDurationMinutes ?? 0;
  return (
    minutes >= 1040 &&
    minutes < 1400 &&
    minutes % 100 >= 40 &&
    fault(
      "preferences.maximumDurationMinutes",
      "1 to 1039, 1100 to 1139, 1200 to 1239, 1300 to 1339, or 1400 to 1440: Session Manager does not accept other numbers",
      `use ${Math.floor(minutes / 100) * 100 + 39} or ${Math.floor(minutes / 100 + 1) * 100}`,
    )
  );
};

/** Enforcement of session logs needs a log group. */
export const cloudWatchEnforcementNeedsGroup: SettingRule = ({ settings: { logs, preferences } }) =>
  logs.group === "none" &&
  preferences.enforce.cloudWatch &&
  fault(
    "preferences.enforce.cloudWatch",
    'false while logs.group is "none"',
    "set preferences.enforce.cloudWatch: false, or create a log group",
    "logs.group",
  );

/** Enforcement of session logs needs a log group with a customer managed key: the SSM Agent checks for one. */
export const cloudWatchEnforcementNeedsKey: SettingRule = ({ settings: { encryption, logs, preferences } }) =>
  encryption.mode === "s3-managed" &&
  logs.group === "create" &&
  preferences.enforce.cloudWatch &&
  fault(
    "preferences.enforce.cloudWatch",
    'false while encryption.mode is "s3-managed": the SSM Agent treats a log group without a customer managed key as unencrypted, and would refuse every session',
    'use encryption.mode "customer-managed", or set preferences.enforce.cloudWatch: false',
    "encryption.mode",
    "logs.group",
  );

/**
 * With Run As support, a session without a user name fails.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-run-as.html
 */
export const runAsNeedsUser: SettingRule = ({ settings: { preferences } }) =>
  preferences.runAs.enabled &&
  preferences.runAs.defaultUser === null &&
  fault(
    "preferences.runAs.defaultUser",
    "a user name while runAs.enabled is true: without one, every session of a caller without the SSMSessionRunAs tag fails",
    "name a user that exists on every instance",
    "preferences.runAs.enabled",
  );
