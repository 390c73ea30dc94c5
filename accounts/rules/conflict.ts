import { valueAt } from "../model/merge";
import { didYouMean, renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { BY_REGION } from "../schema/account";
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

/** Names in an error are cut off after this many. */
const MOST_NAMES = 20;

/** Names as a text: all of them, or the first ones and the number of the others. @example listed(["a", "b"]) // "a, b" */
export const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(", ")
    : `${names.slice(0, MOST_NAMES).join(", ")} and ${(names.length - MOST_NAMES).toLocaleString("en-US")} more`;

/** The remedy for a text that is the name of no account: the account of that id, or of a similar name, if there is one. */
export function meantAccount(map: ParsedMap, text: string, names: readonly string[]): string | undefined {
  const byId = names.find((name) => map.accounts[name]?.id === text);
  if (byId !== undefined) return `write the name of the account: ${JSON.stringify(byId)}`;
  const meant = didYouMean(text, names);
  return meant && `did you mean ${JSON.stringify(meant)}?`;
}

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

/** The paths at which a map may have the settings of an account for a region. Only one of them has settings. */
const regionLevels = (account: string, region: string): Path[] =>
  BY_REGION.map((key) => ["accounts", account, key, region]);

/** The path of the innermost level that sets any of some settings: a region, an account, or the organization. */
export function levelOf(
  map: ParsedMap,
  account: string,
  region: string | null,
  settings: readonly SettingPath[],
): Path {
  const levels: Path[] = [...(region === null ? [] : regionLevels(account, region)), ["accounts", account]];
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
