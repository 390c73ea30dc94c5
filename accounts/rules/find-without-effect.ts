import { valueAt } from "../model/merge";
import type { Organization } from "../model/merged";
import { DEFAULTS } from "../model/settings";
import type { Conflict, Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { accountSettings } from "../schema/settings";
import { problem } from "./conflict";
import { levelsOf, isUsedByTrail, consumersOf, type Level } from "./levels";
import { DEPENDENTS, type DependentSettings } from "./without-effect";

/**
 * Settings at a level of the map that have no effect on anything below it.
 *
 * A setting of the organization is reported only if the deciding setting is set there too, or if its default already
 * disables the dependent one.
 */
export function settingsWithoutEffect(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts } = organization;
  // Most of thousands of accounts set nothing, and have nothing to look at.
  const accountLevels = accounts
    .filter(({ name }) => setsAnything(map.accounts[name]!))
    .flatMap((account) => levelsOf(organization, account));
  const organizationLevel: Level = {
    path: [],
    consumers: [
      ...accounts.flatMap((account) => consumersOf(organization, account)),
      ...(organization.central === null
        ? []
        : [{ settings: organization.central.settings, usesArchive: false }]),
    ],
    usedByTrail: (setting) => accounts.some((account) => isUsedByTrail(account, null, setting)),
  };
  return DEPENDENTS.flatMap((dependent) => {
    const dependsOn = dependent.dependsOn.split(".");
    const isDecidedHere = valueAt(map, dependsOn) !== undefined || !dependent.works(DEFAULTS);
    const levels = isDecidedHere ? [organizationLevel, ...accountLevels] : accountLevels;
    const { works, concerns = () => true } = dependent;
    return levels
      .filter(
        ({ consumers }) =>
          !consumers.some((one) => works(one.settings) && concerns(one)) && consumers.some(concerns),
      )
      .flatMap(({ path, usedByTrail }) =>
        dependent.settings
          .filter((setting) => !usedByTrail(setting))
          .map((setting) => ({ setting, at: [...path, ...setting.split(".")] }))
          .filter(({ setting, at }) => isSet(valueAt(map, at), setting))
          .map(({ at }) => settingWithoutEffect(map, at, path, dependent)),
      );
  });
}

/** Whether an account or one of its regions has settings in the map. */
const setsAnything = ({ regions, otherRegions, ...account }: ParsedMap["accounts"][string]): boolean =>
  !Array.isArray(regions) ||
  otherRegions !== undefined ||
  Object.keys(account).some((key) => key in accountSettings);

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

/** Settings whose null is a choice: forever, in place of the days of the default. */
const FOREVER: readonly string[] = ["logs.retentionDays", "transcripts.accessLogsExpireAfterDays"];

/** Whether a value sets anything: an empty list or section does not, nor does null, unless it means forever. */
const isSet = (value: unknown, setting: string) =>
  typeof value === "object" && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined && (value !== null || FOREVER.includes(setting));
