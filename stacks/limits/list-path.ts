import { valueAt } from "../../accounts/model/merge";
import {
  accountBehind,
  regionLevelOf,
  type Organization,
  type Target,
} from "../../accounts/model/organization";
import type { Path } from "../../accounts/reading/problems";

/**
 * Path of the level of the map that sets a list, and of the list there. A list replaces the list of the level above as a
 * whole, so accounts that share one list object inherit it from the organization.
 * @param setting path of the list in the settings
 * @example listPath(organization, target, ["transcripts", "readers"])
 */
export function listPath(
  organization: Organization,
  { account, region, settings }: Pick<Target, "account" | "region" | "settings">,
  setting: Path,
): Path {
  const list = valueAt(settings, setting);
  const saying = organization.accounts.filter((other) => valueAt(other.settings, setting) === list);
  if (saying.length > 1) return setting;
  const level =
    saying.length === 0
      ? regionLevelOf(accountBehind(organization, account), region)
      : ["accounts", account.name];
  return [...level, ...setting];
}
