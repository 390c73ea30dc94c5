import { SSM_USER } from "../../aws/session-manager";
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
  !preferences.runAs.byTagOnly &&
  fault(
    "preferences.runAs.defaultUser",
    "a user name while runAs.enabled is true: without one, every session of a caller without the SSMSessionRunAs tag fails",
    "name a user that exists on every instance, or set preferences.runAs.byTagOnly: true to refuse such callers",
    "preferences.runAs.enabled",
    "preferences.runAs.byTagOnly",
  );

/** Callers without the tag are refused only if there is no default user for them. */
export const runAsByTagHasNoUser: SettingRule = ({ settings: { preferences } }) =>
  preferences.runAs.enabled &&
  preferences.runAs.byTagOnly &&
  preferences.runAs.defaultUser !== null &&
  fault(
    "preferences.runAs.defaultUser",
    "null while runAs.byTagOnly is true: callers without the SSMSessionRunAs tag would get the default user",
    "set preferences.runAs.defaultUser: null, or remove byTagOnly",
    "preferences.runAs.byTagOnly",
  );

/**
 * While Run As is enabled, SSM Agent does not create ssm-user. On an instance that never had a session without Run As,
 * every session would fail: "RunAs user ssm-user does not exist".
 *
 * @see https://github.com/aws/amazon-ssm-agent/issues/431
 */
export const ssmUserIsCreated: SettingRule = ({ settings: { preferences } }) =>
  preferences.runAs.enabled &&
  preferences.runAs.defaultUser === SSM_USER &&
  !preferences.runAs.ssmUserExists &&
  fault(
    "preferences.runAs.defaultUser",
    "another user than ssm-user while runAs.enabled is true: SSM Agent creates ssm-user only without Run As, so each new instance would refuse every session",
    "name another user that exists on every instance, or set preferences.runAs.enabled: false to run sessions as ssm-user, or, if something else creates ssm-user on every instance, preferences.runAs.ssmUserExists: true",
    "preferences.runAs.enabled",
    "preferences.runAs.ssmUserExists",
  );
