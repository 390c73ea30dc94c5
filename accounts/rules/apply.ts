import type { ArchiveSite, Organization, Target } from "../model/merged";
import { once, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { conflictOf } from "./conflict";
import type { SettingRule } from "./setting-fault";
import { ARCHIVE_RULES, RECORD_RULES, REPLICA_RULES, SETTING_RULES } from "./settings";

/** The rules over settings, applied to everything that has settings: targets, archives, trails and replicas. */
export function settingProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts, targets, archives, replicas } = organization;
  // Of an account in another partition than the first account, only the partition is reported. The account's other
  // problems would only confuse.
  const here = ({ account }: Target | ArchiveSite) => account.partition === accounts[0]?.partition;
  const sites = archives.map((site): Target => ({ ...site, wave: "", usesArchive: true }));
  const copies = replicas.map(({ account, region, settings }): Target => ({
    account,
    region,
    settings,
    wave: "",
    usesArchive: true,
  }));
  // A trail in an account without targets: the settings of the account apply to the bucket and the key of the trail.
  const trails = accounts
    .filter(({ settings, targets }) => settings.trail === "create" && targets.length === 0)
    .map((account): Target => {
      const { homeRegion: region, settings, wave } = account;
      return { account, region, settings, wave, usesArchive: false };
    });
  return [
    ...SETTING_RULES.flatMap((rule) => broken(map, rule, targets.filter(here))),
    ...ARCHIVE_RULES.flatMap((rule) => broken(map, rule, sites.filter(here))),
    ...RECORD_RULES.flatMap((rule) => broken(map, rule, trails.filter(here))),
    ...REPLICA_RULES.flatMap((rule) => broken(map, rule, copies.filter(here))),
  ];
}

/** One problem for each path of the map, no matter how many targets have the fault. */
function broken(map: ParsedMap, rule: SettingRule, targets: readonly Target[]): Conflict[] {
  const found = targets.flatMap((target) =>
    [rule(target) || []]
      .flat()
      .map((fault) => conflictOf(map, target.account.name, target.region, target.settings, fault)),
  );
  return once(found, ({ path }) => path);
}
