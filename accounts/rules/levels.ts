import type { Account, Organization, Target } from "../model/merged";
import { regionLevelOf } from "../model/organization";
import type { Path } from "../reading/problems";

/** What settings apply to: a target, an archive in a region, or a trail. */
export type SettingsConsumer = Pick<Target, "settings" | "usesArchive">;

/** A level of the map, with everything that its settings apply to. */
export interface Level {
  readonly path: Path;
  readonly consumers: readonly SettingsConsumer[];
  /** Whether a created trail uses a setting of this level, even if no consumer does. */
  readonly usedByTrail: (setting: string) => boolean;
}

/** Settings that the bucket of a created trail follows. */
const TRAIL_SETTINGS = ["objectLock", "lifecycle", "accessLogsExpireAfterDays", "accessLogsLifecycle"].map(
  (setting) => `transcripts.${setting}`,
);

/** Whether the trail of an account uses a setting of the account (region null) or of one of its regions. */
export const isUsedByTrail = (account: Account, region: string | null, setting: string) =>
  account.settings.trail === "create" &&
  (region ?? account.homeRegion) === account.homeRegion &&
  TRAIL_SETTINGS.includes(setting);

/** The levels of an account: the account itself, then its regions, then its archives in other regions. */
export function levelsOf(organization: Organization, account: Account): Level[] {
  const inUse = account.targets.map(({ region }) => region);
  const regions = inUse.map((region): Level => ({
    path: regionLevelOf(account, region),
    consumers: consumersOf(organization, account, region),
    usedByTrail: (setting) => isUsedByTrail(account, region, setting),
  }));
  const otherRegions = organization.archives
    .filter(({ account: { id }, region }) => id === account.id && !inUse.includes(region))
    .map(({ region }): Level => ({
      path: regionLevelOf(account, region),
      consumers: consumersOf(organization, account, region),
      usedByTrail: () => false,
    }));
  const accountLevel: Level = {
    path: ["accounts", account.name],
    consumers: consumersOf(organization, account),
    usedByTrail: (setting) => isUsedByTrail(account, null, setting),
  };
  return [accountLevel, ...regions, ...otherRegions];
}

/**
 * Everything in an account that uses its settings: targets, archives, and the created trail if no target is in the home
 * region. With `region`, only the targets and archives of that region.
 */
export function consumersOf(
  { archives }: Organization,
  account: Account,
  region?: string,
): SettingsConsumer[] {
  const here = (other: { readonly region: string }) => region === undefined || other.region === region;
  const sites = archives.filter((site) => site.account.id === account.id);
  const atHome = account.targets.some((target) => target.region === account.homeRegion);
  const { settings } = account;
  return [
    ...account.targets.filter(here),
    ...sites.filter(here).map((site) => ({ settings: site.settings, usesArchive: false })),
    ...(settings.trail === "create" && !atHome && region === undefined
      ? [{ settings, usesArchive: false }]
      : []),
  ];
}
