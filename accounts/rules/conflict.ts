import { valueAt } from "../model/merge";
import { renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import type { SettingFault, SettingPath } from "./setting-fault";

/**
 * A problem at a path of the map. `found` is the value at that path, unless it is given.
 *
 * @example problem(map, ["waves", 2], "each wave once", "remove the repetition")
 */
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
 * The path of a setting at the innermost level that sets it or one of the settings that it contradicts; else at the
 * organization's level.
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

/** The path of the innermost level that sets any of some settings: a region, an account, or the organization. */
export function levelOf(
  map: ParsedMap,
  account: string,
  region: string | null,
  settings: readonly SettingPath[],
): Path {
  const regionLevel = region === null ? [] : [["accounts", account, "regions", region]];
  const levels: Path[] = [...regionLevel, ["accounts", account]];
  const sets = (level: Path) => settings.some((path) => valueAt(map, [...level, ...path]) !== undefined);
  return levels.find(sets) ?? [];
}

/** A fault of an account, or of an account in a region, as a problem of the map: at the level that sets it. */
export function conflictOf(
  map: ParsedMap,
  account: string,
  region: string | null,
  settings: object,
  { setting, because, allowed, remedy }: SettingFault,
): Conflict {
  const level = levelOf(map, account, region, [setting, ...because]);
  const others = because.map((other) => [...level, ...other]);
  return problem(map, [...level, ...setting], allowed, remedy, others, valueAt(settings, setting));
}
