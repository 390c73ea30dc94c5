import { arnParts } from "../../aws/arn";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { fault, type SettingRule, repeated } from "./setting-fault";

const guardNeedsSecurityChannel: SettingRule = ({ settings: { guard, notifications } }) =>
  guard.enabled &&
  !notifications.security.enabled &&
  fault(
    "guard.enabled",
    "false while notifications.security.enabled is false: the guard reports to the security channel",
    "set notifications.security.enabled: true, or leave the guard out",
    "notifications.security.enabled",
  );

const guardHasWork: SettingRule = ({ settings: { guard } }) =>
  guard.enabled &&
  !guard.terminate &&
  guard.checkTranscriptsEveryMinutes === null &&
  fault(
    "guard.enabled",
    "false while guard.terminate is false and guard.checkTranscriptsEveryMinutes is null: it would do nothing",
    "set guard.terminate: true, or set guard.checkTranscriptsEveryMinutes to a number",
    "guard.terminate",
    "guard.checkTranscriptsEveryMinutes",
  );

const allowedOnce: SettingRule = ({ settings: { guard } }) => [
  ...repeated(guard.allowedDocuments, "guard.allowedDocuments", "document"),
  ...guard.allowedDocuments.flatMap((document, index) =>
    document === PREFERENCES_DOCUMENT
      ? fault(
          `guard.allowedDocuments.${index}`,
          "a document other than the preferences, which are always allowed",
          "remove it",
        )
      : [],
  ),
];

/**
 * The guard's table has the key of the target. DynamoDB's documentation describes keys of the table's own account only.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const guardNeedsOwnKey: SettingRule = ({ account: { id, name }, settings: { encryption, guard } }) =>
  guard.enabled &&
  encryption.keyArn !== null &&
  arnParts(encryption.keyArn).accountId !== id &&
  fault(
    "encryption.keyArn",
    `a key of account ${id} (${name}) while guard.enabled is true: the guard's table is encrypted with it`,
    "name a key of this account, or leave the guard out",
    "guard.enabled",
  );

/** Rules over the guard in one account and region. */
export const GUARD_RULES: readonly SettingRule[] = [
  guardNeedsSecurityChannel,
  guardHasWork,
  guardNeedsOwnKey,
  allowedOnce,
];
