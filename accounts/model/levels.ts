import { deepFreeze, merge, oncePerObject } from "./merge";
import type {
  Account,
  ArchiveSite,
  CentralSite,
  Organization,
  Replica,
  ReplicaSource,
  Target,
} from "./merged";
import type { AccountIdentity, Guardrails, Pipeline } from "./organization";
import { partitionOf, type Partition } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import { withOwnReceivers } from "./receivers";
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

/** Name of an account of the pipeline that the map does not describe. No account of a map can have this name. */
const PIPELINE_ACCOUNT = "(pipeline)";

/** The pipeline of a map, with defaults filled in; null: the map has none. */
export function pipelineOf(map: ParsedMap): Pipeline | null {
  const { pipeline } = map;
  if (pipeline === undefined) return null;
  const { id, role } = pipeline.account;
  const described = Object.entries(map.accounts).find(([, account]) => account.id === id);
  const name = described?.[0] ?? PIPELINE_ACCOUNT;
  const account = { name, id, partition: partitionOf(pipeline.region) ?? "aws", role };
  return { ...pipeline, account, tags: map.tags ?? {} };
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
    const { name, id, partition, formerName } = owner;
    const account: AccountIdentity = { name, id, partition, ...(formerName !== undefined && { formerName }) };
    return [{ source, account, region, settings: settingsIn(name, region) }];
  });
}

type MapAccount = ParsedMap["accounts"][string];

const identityOf = (name: string, { id, homeRegion, formerName }: MapAccount): AccountIdentity => ({
  name,
  id,
  partition: partition(homeRegion),
  ...(formerName !== undefined && { formerName }),
});

/** The settings of a level of the map, without its other keys, such as `id` and `regions`. */
const settingsOf = (level: Record<string, unknown>): AccountOverrides =>
  Object.fromEntries(Object.entries(level).filter(([key]) => key in accountSettings));

const regionsOf = ({ regions }: MapAccount): string[] =>
  Array.isArray(regions) ? regions : Object.keys(regions);

/** Settings for a region: with servers, or with an archive or replicas alone. The rules keep a region from being both. */
const ofRegion = ({ regions, otherRegions = {} }: MapAccount, region: string): unknown =>
  (Array.isArray(regions) ? undefined : regions[region]) ?? otherRegions[region];

/** The settings of a target: without the settings of what an account has once. */
const targetSettings = ({
  access: _access,
  trail: _trail,
  ...settings
}: MergedAccountSettings): MergedSettings => settings;

/**
 * Merges the settings of the organization, the account and the region over the defaults, in that order. It accepts
 * every map of the right shape, and throws no errors: the rules judge the result.
 * @example ruleProblems(map, mergeLevels(map))
 */
export function mergeLevels(map: ParsedMap): Organization {
  const rollout = wavesOf(map);
  const waves = rollout.map(({ name }) => name);
  const organizationLevel = organizationSettings(map);
  const { notifications } = organizationLevel;
  const owner = centralOwner(map);
  const below = (...overrides: readonly unknown[]) => {
    const inherited = overrides.reduce<MergedAccountSettings>(merge, organizationLevel);
    if (owner === null) return inherited;
    return withOwnReceivers(inherited, overrides, { notifications, localTopics: owner.localTopics });
  };
  const accountLevel = (account: MapAccount) => below(settingsOf(account));
  const ofTargets = oncePerObject(targetSettings);
  const regionLevel = (account: MapAccount, region: string) =>
    ofTargets(below(settingsOf(account), ofRegion(account, region)));

  const accounts = Object.entries(map.accounts).map(([name, account]): Account => {
    const identity = identityOf(name, account);
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
    pipeline: pipelineOf(map),
    warnings: [],
    accept: map.accept ?? [],
    archives,
    central: owner && centralSite(owner, { ...regionLevel(owner.account, owner.region), notifications }),
    replicas: replicasOf(accounts, archives, settingsIn),
  });
}

/** The settings of the organization's level. `notifications.central` is no setting: no account can have another one. */
function organizationSettings(map: ParsedMap): MergedAccountSettings {
  const { notifications: { central: _, ...notifications } = {}, ...settings } = map;
  return merge(DEFAULTS, settingsOf({ ...settings, notifications }));
}

/** The account that `notifications.central` names. */
interface CentralOwner {
  readonly name: string;
  readonly account: MapAccount;
  readonly region: string;
  readonly localTopics: boolean;
}

/** The account that `notifications.central` names; null: the map names none, or none that it describes. */
function centralOwner({ notifications, accounts }: ParsedMap): CentralOwner | null {
  const central = notifications?.central;
  if (central === undefined || !Object.hasOwn(accounts, central.account)) return null;
  const { account: name, region, localTopics } = central;
  return { name, account: accounts[name]!, region, localTopics };
}

const centralSite = ({ name, account, region }: CentralOwner, settings: MergedSettings): CentralSite => ({
  account: identityOf(name, account),
  region,
  settings,
});

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
  const account = identityOf(name, owner);
  return regions.map((region) => ({ account, region, settings: regionLevel(owner, region) }));
}

/** The schema accepts only known regions, so the fallback is never used. */
const partition = (region: string): Partition => partitionOf(region) ?? "aws";
