import { arnParts } from "../../aws/arn";
import type { Account, Target } from "../model/merged";

/** A place below the settings: `["transcripts", "readers", 0]`. */
export type SettingPath = readonly (string | number)[];

/** A setting of a target that does not go with another. */
export interface SettingFault {
  readonly at: SettingPath;
  /** The settings that it does not go with: the fault lies where the innermost of them all was said. */
  readonly because: readonly SettingPath[];
  readonly allowed: string;
  readonly remedy: string;
}

/** Holds for an account, or names what is at fault. */
export type AccountRule = (account: Account) => readonly SettingFault[];

/** Holds for a target, or names what is at fault. */
export type SettingRule = (target: Target) => SettingFault | readonly SettingFault[] | false;

const pathOf = (setting: string): SettingPath =>
  setting.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** A fault at a setting, because of others. Paths are written with dots. */
export const fault = (at: string, allowed: string, remedy: string, ...because: string[]): SettingFault => ({
  at: pathOf(at),
  because: because.map(pathOf),
  allowed,
  remedy,
});

/** A permissions boundary that the roles of an account cannot have. */
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

/** A fault at each element of a list that stands there twice. */
export const repeated = (list: readonly string[], setting: string, what: string) =>
  list.flatMap((element, index) =>
    list.indexOf(element) < index
      ? fault(`${setting}.${index}`, `each ${what} once`, "remove the repetition")
      : [],
  );
