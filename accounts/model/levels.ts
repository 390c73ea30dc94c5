import { deepFreeze, merge } from "./merge";
import type { Account, ArchiveSite, Organization, Replica, ReplicaSource, Target } from "./merged";
import type { AccountIdentity, Guardrails } from "./organization";
import { partitionOf, type Partition } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import { DEFAULTS, type AccountOverrides, type MergedAccountSettings, type MergedSettings } from "./settings";
import { accountSettings } from "../schema/settings";
import { wavesOf } from "./waves";

/** Name of a management account that the map does not describe. No account of a map can have this name. */
const MANAGEMENT_ACCOUNT = "(management)";

/** The guardrails of a map, with defaults filled in; null: the map has none. */
export function guardrailsOf(map: ParsedMap): Guardrails | null {
  const { guardrails, deployment } = map;
  if (guardrails === undefined) return null;
  const { id, homeRegion, role } = guardrails.managementAccount;
  const partition = partitionOf(homeRegion) ?? "aws";
  const described = Object.entries(map.accounts).find(([, account]) => account.id === id);
  return {
    ...guardrails,
    managementAccount: { name: described?.[0] ?? MANAGEMENT_ACCOUNT, id, partition, homeRegion, role },
    deploymentRoles: guardrails.deploymentRoles ?? rolesOf(deployment, partition),
    tags: map.tags ?? {},
  };
}

/** ARNs of the deployment's role in all accounts. With `ambient` credentials the map names no role. */
function rolesOf(deployment: ParsedMap["deployment"], partition: string): string[] {
  if (deployment.mode === "ambient") return [];
  const { role } = deployment;
  return [role.startsWith("arn:") ? role : `arn:${partition}:iam::*:role/${role}`];
}

/** The settings of an account in a region, whether or not the account has a target there. */
type SettingsIn = (account: string, region: string) => MergedSettings;

/**
 * Every replica that the settings of a bucket ask for, beginning with the replicas of archives. A replica whose account
 * is not in the map is left out.
 */
export function replicasOf(
  accounts: readonly Account[],
  archives: readonly ArchiveSite[],
  settingsIn: SettingsIn,
): Replica[] {
  const ofArchive = ({ account, region, settings }: ArchiveSite): ReplicaSource => {
    return { kind: "archive", account, region, wave: null, settings };
  };
  const ofTarget = ({ account, region, wave, settings }: Target): ReplicaSource => {
    return { kind: "target", account, region, wave, settings };
  };
  const own = accounts
    .flatMap(({ targets }) => targets)
    .filter(({ usesArchive, settings }) => !usesArchive && settings.transcripts.bucket === "create");
  return [...archives.map(ofArchive), ...own.map(ofTarget)].flatMap((source): Replica[] => {
    const { replication } = source.settings.transcripts;
    if (replication === null) return [];
    const { region } = replication;
    const owner =
      replication.account === null
        ? source.account
        : accounts.find(({ name }) => name === replication.account);
    if (!owner) return [];
    const account: AccountIdentity = { name: owner.name, id: owner.id, partition: owner.partition };
    return [{ source, account, region, settings: settingsIn(owner.name, region) }];
  });
}

type MapAccount = ParsedMap["accounts"][string];

/** The settings of a level of the map, without its other keys, such as `id` and `regions`. */
const settingsOf = (level: Record<string, unknown>): AccountOverrides =>
  Object.fromEntries(Object.entries(level).filter(([key]) => key in accountSettings));

const regionsOf = ({ regions }: MapAccount): string[] =>
  Array.isArray(regions) ? regions : Object.keys(regions);

const ofRegion = ({ regions }: MapAccount, region: string): unknown =>
  Array.isArray(regions) ? undefined : regions[region];

/** The settings of a target: without the settings of what an account has once. */
function targetSettings({
  access: _access,
  trail: _trail,
  ...settings
}: MergedAccountSettings): MergedSettings {
  return settings;
}

/**
 * Merges the settings of the organization, the account and the region over the defaults, in that order. It accepts
 * every map of the right shape, and throws no errors: the rules judge the result.
 * @example ruleProblems(map, mergeLevels(map))
 */
export function mergeLevels(map: ParsedMap): Organization {
  const rollout = wavesOf(map);
  const waves = rollout.map(({ name }) => name);
  const organizationLevel = merge(DEFAULTS, settingsOf(map));
  const accountLevel = (account: MapAccount) => merge(organizationLevel, settingsOf(account));
  const regionLevel = (account: MapAccount, region: string) =>
    targetSettings(merge(accountLevel(account), ofRegion(account, region)));

  const accounts = Object.entries(map.accounts).map(([name, account]): Account => {
    const identity: AccountIdentity = { name, id: account.id, partition: partition(account.homeRegion) };
    // An account that names no wave is deployed last, which is the most careful choice.
    const wave = account.wave ?? waves.at(-1)!;
    const targets = regionsOf(account).map((region): Target => {
      const settings = regionLevel(account, region);
      const usesArchive = map.archive !== undefined && settings.transcripts.bucket === "create";
      return { account: identity, region, wave, settings, usesArchive };
    });
    return { ...identity, homeRegion: account.homeRegion, wave, settings: accountLevel(account), targets };
  });

  const targets = accounts.flatMap((account) => account.targets);
  const archives = archiveSites(map, targets, regionLevel);
  const settingsIn = (name: string, region: string) => regionLevel(map.accounts[name]!, region);
  return deepFreeze({
    name: map.organization.name,
    id: map.organization.id ?? null,
    state: map.state,
    deployment: map.deployment,
    waves,
    rollout,
    accounts,
    targets,
    guardrails: guardrailsOf(map),
    archives,
    replicas: replicasOf(accounts, archives, settingsIn),
  });
}

function archiveSites(
  map: ParsedMap,
  targets: readonly Target[],
  regionLevel: (account: MapAccount, region: string) => MergedSettings,
): ArchiveSite[] {
  const name = map.archive?.account;
  // Every object inherits a property "constructor", which is no account of the map.
  const owner = name !== undefined && Object.hasOwn(map.accounts, name) ? map.accounts[name] : undefined;
  if (name === undefined || owner === undefined) return [];
  const regions = [
    ...new Set(targets.filter((target) => target.usesArchive).map((target) => target.region)),
  ].sort();
  const account: AccountIdentity = { name, id: owner.id, partition: partition(owner.homeRegion) };
  return regions.map((region) => ({ account, region, settings: regionLevel(owner, region) }));
}

/** The schema accepts only known regions, so the fallback is never used. */
const partition = (region: string): Partition => partitionOf(region) ?? "aws";
