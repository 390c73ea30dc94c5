import { valueAt } from "../model/merge";
import { renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import type { SettingPath } from "./setting-fault";

/** A problem at a place in the map; what is found there is read from the map unless it is given. */
export const problem = (
  map: ParsedMap,
  path: Path,
  allowed: string,
  remedy: string,
  because: readonly Path[] = [],
  found = valueAt(map, path),
): Conflict => ({
  path: renderPath(path),
  found,
  allowed,
  remedy,
  at: path,
  because,
});

/**
 * Where a target's setting was said, or is at odds with others: at the innermost level that says any of
 * them, else for the organization.
 */
export function saidAt(
  map: ParsedMap,
  account: string,
  region: string | null,
  setting: SettingPath,
  because: readonly SettingPath[] = [],
): Path {
  return [...levelOf(map, account, region, [setting, ...because]), ...setting];
}

/** The innermost level that says any of some settings. */
export function levelOf(
  map: ParsedMap,
  account: string,
  region: string | null,
  settings: readonly SettingPath[],
): Path {
  const ofRegion = region === null ? [] : [["accounts", account, "regions", region]];
  const levels: Path[] = [...ofRegion, ["accounts", account]];
  const says = (level: Path) => settings.some((path) => valueAt(map, [...level, ...path]) !== undefined);
  return levels.find(says) ?? [];
}
