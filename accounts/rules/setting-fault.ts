import { arnParts } from "../../aws/arn";
import type { Account, Target } from "../model/merged";

/** The path of a setting, below the level that sets it: `["transcripts", "readers", 0]`. */
export type SettingPath = readonly (string | number)[];

/** A setting that contradicts other settings. */
export interface SettingFault {
  readonly setting: SettingPath;
  /** The settings that it contradicts. The fault is reported at the innermost level that sets any of them. */
  readonly because: readonly SettingPath[];
  readonly allowed: string;
  readonly remedy: string;
}

/** A rule over the settings of an account: the faults that it finds. */
export type AccountRule = (account: Account) => readonly SettingFault[];

/** A rule over the settings of an account in a region: the faults that it finds, or false. */
export type SettingRule = (target: Target) => SettingFault | readonly SettingFault[] | false;

const pathOf = (setting: string): SettingPath =>
  setting.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/**
 * A fault at a setting, because of other settings. The paths of settings are written with dots.
 *
 * @example fault("encryption.keyArn", "the ARN of a KMS key", "name the key's ARN", "encryption.mode")
 */
export const fault = (
  setting: string,
  allowed: string,
  remedy: string,
  ...because: string[]
): SettingFault => ({
  setting: pathOf(setting),
  because: because.map(pathOf),
  allowed,
  remedy,
});

/** A permissions boundary must be a policy of the account or of AWS, in the account's partition. */
export function boundaryFault({ id, name, partition, settings: { access } }: Account): SettingFault[] {
  if (access.permissionsBoundaryArn === null) return [];
  const boundary = arnParts(access.permissionsBoundaryArn);
  if (boundary.partition === partition && ["aws", id].includes(boundary.accountId)) return [];
  return [
    fault(
      "access.permissionsBoundaryArn",
      `a policy of account ${id} (${name}) in partition ${partition}, or one of AWS's own there`,
      "name a policy of this account, in the account's settings",
    ),
  ];
}

/** A fault at each element of a list that the list already has. */
export const repeated = (list: readonly string[], setting: string, what: string) =>
  list.flatMap((element, index) =>
    list.indexOf(element) < index
      ? fault(`${setting}.${index}`, `each ${what} once`, "remove the repetition")
      : [],
  );
