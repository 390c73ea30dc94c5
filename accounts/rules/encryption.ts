import { type SettingRule, fault } from "./setting-fault";
import { arnParts } from "../../aws/arn";

/**
 * Sessions can be encrypted only with a KMS key. It is not one of {@link KEY_RULES}, which also apply to trail buckets,
 * archives and replicas, where no session runs.
 */
export const sessionEncryptionNeedsKey: SettingRule = ({ settings: { encryption, preferences } }) =>
  encryption.mode === "s3-managed" &&
  preferences.encryptSessionData &&
  fault(
    "preferences.encryptSessionData",
    'false while encryption.mode is "s3-managed": there is no key to encrypt with',
    'use encryption.mode "customer-managed", or set preferences.encryptSessionData: false',
    "encryption.mode",
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
    `a key in ${region}: CloudWatch Logs and SNS accept only keys of their own region`,
    `name a key in ${region}, in the settings of that region: under regions, or under otherRegions if the account has no servers there`,
  );

/** Rules over the key of an account in a region. */
export const KEY_RULES: readonly SettingRule[] = [existingNeedsKeyArn, keyArnNeedsExisting, keyInRegion];
