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

/** Rules over the guard in one account and region. */
export const GUARD_RULES: readonly SettingRule[] = [guardNeedsSecurityChannel, guardHasWork, allowedOnce];
