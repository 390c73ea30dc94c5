import { valueAt } from "../model/merge";
import type { Organization } from "../model/merged";
import { DEFAULTS } from "../model/settings";
import type { Conflict, Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";
import { levelsOf, trailTakes, usersOf, type Level } from "./levels";
import { DEPENDENTS, type DependentSettings } from "./without-effect";

/**
 * Settings at a level of the map that have no effect on anything below it.
 *
 * A setting of the organization is reported only if the deciding setting is set there too, or if its default already
 * disables the dependent one.
 */
export function settingsWithoutEffect(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts } = organization;
  const accountLevels = accounts.flatMap((account) => levelsOf(organization, account));
  const organizationLevel: Level = {
    path: [],
    users: accounts.flatMap((account) => usersOf(organization, account)),
    usedByTrail: (setting) => accounts.some((account) => trailTakes(account, null, setting)),
  };
  return DEPENDENTS.flatMap((dependent) => {
    const dependsOn = dependent.dependsOn.split(".");
    const isDecidedHere = valueAt(map, dependsOn) !== undefined || !dependent.works(DEFAULTS);
    const levels = isDecidedHere ? [organizationLevel, ...accountLevels] : accountLevels;
    return levels
      .map((level) => ({ ...level, users: level.users.filter(dependent.concerns ?? (() => true)) }))
      .filter(({ users }) => users.length > 0 && !users.some(({ settings }) => dependent.works(settings)))
      .flatMap(({ path, usedByTrail }) =>
        dependent.settings
          .filter((setting) => !usedByTrail(setting))
          .map((setting) => [...path, ...setting.split(".")])
          .filter((at) => isSet(valueAt(map, at)))
          .map((at) => settingWithoutEffect(map, at, path, dependent)),
      );
  });
}

function settingWithoutEffect(map: ParsedMap, at: Path, level: Path, dependent: DependentSettings): Conflict {
  return problem(
    map,
    at,
    `nothing unless ${dependent.unless}: it would have no effect here`,
    `remove it, or change ${dependent.dependsOn}`,
    [
      [...level, ...dependent.dependsOn.split(".")],
      [...level, "trail"],
      // An account or a region that is left out because of a fault might use the setting.
      [...(level.length > 0 ? level : ["accounts", "*"]), "regions"],
    ],
  );
}

/** Whether a value sets anything: an empty list or section does not, nor does null. */
const isSet = (value: unknown) =>
  typeof value === "object" && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined && value !== null;
