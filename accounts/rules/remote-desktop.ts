import { fault, type SettingRule } from "./setting-fault";
import { REMOTE_DESKTOP_DOCUMENT } from "../../aws/session-manager";

/**
 * Systems Manager refuses preferences without a customer managed key, with which it encrypts a recording until it is in
 * the bucket.
 * @see https://docs.aws.amazon.com/ssm-guiconnect/latest/APIReference/API_ConnectionRecordingPreferences.html
 */
const recordingsNeedKey: SettingRule = ({ settings: { remoteDesktop, encryption } }) =>
  remoteDesktop.recordings === "create" &&
  encryption.mode === "s3-managed" &&
  fault(
    "remoteDesktop.recordings",
    '"none" or "keep" while encryption.mode is "s3-managed": Systems Manager records with a KMS key only',
    'use encryption.mode "customer-managed", or set remoteDesktop.recordings: "none"',
    "encryption.mode",
  );

/** A guard that terminates ends the port-forwarding session of each connection. */
const guardAllowsConnections: SettingRule = ({ settings: { remoteDesktop, guard } }) =>
  remoteDesktop.recordings === "create" &&
  guard.enabled &&
  guard.terminate &&
  !guard.allowedDocuments.includes(REMOTE_DESKTOP_DOCUMENT) &&
  fault(
    "remoteDesktop.recordings",
    `"none" or "keep" while the guard ends sessions of ${REMOTE_DESKTOP_DOCUMENT}: Fleet Manager opens one for each connection`,
    `add ${REMOTE_DESKTOP_DOCUMENT} to guard.allowedDocuments, or set remoteDesktop.recordings: "none"`,
    "guard.enabled",
    "guard.terminate",
    "guard.allowedDocuments",
  );

/** Rules over the recording of connections by Remote Desktop in one account and region. */
export const REMOTE_DESKTOP_RULES: readonly SettingRule[] = [recordingsNeedKey, guardAllowsConnections];
