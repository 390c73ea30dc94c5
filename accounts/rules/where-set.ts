import { valueAt } from "../model/merge";
import { renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { BY_REGION } from "../schema/account";
import { levelPaths } from "./central";

/** The last steps of settings whose values make something too long. A remedy shortens them where the map sets them. */
const SHORTENED: readonly PropertyKey[] = ["readers", "reporters", "actions", "ignoredRoles", "existing"];

/**
 * The problem at the level of the map that sets its setting: settings of all levels are merged before they are measured.
 * A problem stays where it is if no level sets the setting.
 */
export function whereSet(map: ParsedMap, problem: Conflict): Conflict {
  const { at } = problem;
  const isSet = (path: Path) => valueAt(map, path) !== undefined;
  if (!SHORTENED.includes(at.at(-1)!) || isSet(at)) return problem;
  const setting = settingOf(at);
  const outer: Path[] = at[0] === "accounts" ? [[...at.slice(0, 2), ...setting], setting] : [];
  const path = [...outer, ...levelPaths(map).map((level) => [...level, ...setting])].find(isSet);
  return path === undefined ? problem : { ...problem, at: path, path: renderPath(path) };
}

/** A path without the level: the account and the region, if it begins with them. */
function settingOf(path: Path): Path {
  if (path[0] !== "accounts") return path;
  return path.slice(BY_REGION.some((key) => key === path[2]) ? 4 : 2);
}
