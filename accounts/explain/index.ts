import { mergeLevels } from "../model/levels";
import { valueAt } from "../model/merge";
import type { Account, ArchiveSite, Organization, Target } from "../model/merged";
import { renderPath, type Path } from "../reading/problems";
import { BUCKET_SETTINGS } from "../rules/archive";
import { levelOf } from "../rules/conflict";
import type { SettingsConsumer } from "../rules/levels";
import { DEPENDENTS } from "../rules/without-effect";
import type { ParsedMap } from "../schema";
import { otherRegionSettings } from "../schema/settings";

/** A setting that is in force in an account or a region. */
export interface EffectiveSetting {
  /** Its path below a level of the map, as in docs/map.md: `logs.retentionDays`. */
  readonly setting: string;
  /** A value of the map: no object, unless it is empty. */
  readonly value: unknown;
  /** The path at which the map sets it: `accounts.payments.logs.retentionDays`. null: it has its default. */
  readonly saidAt: string | null;
  /** Why it has no effect: "nothing unless guard.enabled is true". undefined: it has an effect. */
  readonly unless?: string;
}

/** The settings that are in force in one account. */
export interface Explanation {
  readonly account: Account;
  /** Settings of the account in no particular region, with those that an account has once: `access` and `trail`. */
  readonly settings: readonly EffectiveSetting[];
  /**
   * Settings of each target of the account, then of each archive or replica in `otherRegions`. Settings of a bucket that
   * an archive owns are the archive's.
   */
  readonly regions: readonly { readonly region: string; readonly settings: readonly EffectiveSetting[] }[];
}

/**
 * Explains an account: every setting that is in force, and where the map sets it.
 * @param map a map that breaks no rule
 * @param name the name of an account of the map
 * @throws Error if the map has no such account
 * @example explain(map, "payments").settings.find(({ setting }) => setting === "logs.retentionDays")
 */
export function explain(map: ParsedMap, name: string): Explanation {
  const organization = mergeLevels(map);
  const { accounts, archives } = organization;
  const account = accounts.find((one) => one.name === name);
  if (account === undefined) throw new Error(`The map has no account ${JSON.stringify(name)}.`);
  const inAccount: Source = { account: name, region: null, consumer: { ...account, usesArchive: false } };
  return {
    account,
    settings: effective(map, inAccount, leavesOf(account.settings)),
    regions: [
      ...account.targets.map((target) => ({
        region: target.region,
        settings: settingsOfTarget(map, target, archives),
      })),
      ...Object.keys(map.accounts[name]!.otherRegions ?? {}).map((region) => ({
        region,
        settings: settingsOfRecords(map, organization, account, region),
      })),
    ],
  };
}

/** Where settings come from: an account, or one of its regions. */
interface Source {
  readonly account: string;
  readonly region: string | null;
  readonly consumer: SettingsConsumer;
}

const isOfBucket = ([section, setting]: Path): boolean =>
  section === "transcripts" && BUCKET_SETTINGS.includes(String(setting));

function settingsOfTarget(
  map: ParsedMap,
  target: Target,
  archives: readonly ArchiveSite[],
): EffectiveSetting[] {
  const own: Source = { account: target.account.name, region: target.region, consumer: target };
  const leaves = leavesOf(target.settings);
  const archive = archives.find(({ region }) => target.usesArchive && region === target.region);
  if (archive === undefined) return effective(map, own, leaves);
  const consumer = { settings: archive.settings, usesArchive: false };
  const ofArchive: Source = { account: archive.account.name, region: archive.region, consumer };
  const ofBucket = leavesOf(archive.settings).filter(isOfBucket);
  // The archive's settings stand where the target's own stood.
  const first = leaves.findIndex(isOfBucket);
  const before = leaves.slice(0, first).filter((path) => !isOfBucket(path));
  const after = leaves.slice(first).filter((path) => !isOfBucket(path));
  return [
    ...effective(map, own, before),
    ...effective(map, ofArchive, ofBucket),
    ...effective(map, own, after),
  ];
}

/** The settings for a region without servers that an archive follows, or a replica if there is no archive. */
function settingsOfRecords(
  map: ParsedMap,
  { archives, replicas }: Organization,
  { name, id }: Account,
  region: string,
): EffectiveSetting[] {
  const isHere = (site: Pick<ArchiveSite, "account" | "region">) =>
    site.account.id === id && site.region === region;
  const archive = archives.find(isHere);
  const { settings } = archive ?? replicas.find(isHere)!;
  const followed = leavesOf(settings).filter(
    ([section, setting]) =>
      section !== undefined &&
      Object.hasOwn(otherRegionSettings, section) &&
      (section !== "transcripts" || archive !== undefined) &&
      (section !== "notifications" || setting === "security"),
  );
  return effective(map, { account: name, region, consumer: { settings, usesArchive: false } }, followed);
}

function effective(
  map: ParsedMap,
  { account, region, consumer }: Source,
  leaves: readonly Path[],
): EffectiveSetting[] {
  return leaves.map((path) => {
    const setting = path.map(String);
    const level = levelOf(map, account, region, [setting]);
    const at = [...level, ...setting];
    const unless = whyWithoutEffect(consumer, setting.join("."));
    const value = valueAt(consumer.settings, path);
    const said = isOfCentral(map, at, value) ? ["notifications", "central"] : at;
    return {
      setting: renderPath(path),
      value,
      saidAt: valueAt(map, said) === undefined ? null : renderPath(said),
      ...(unless !== undefined && { unless }),
    };
  });
}

/** What a notification channel does not take over from the organization's level, which is that of the central topics. */
const RECEIVERS = ["topic", "subscribers", "chat", "actions"];

/** Whether a setting of a channel has its value because what the organization names belongs to the central topics. */
const isOfCentral = (map: ParsedMap, [section, , setting, ...deeper]: Path, value: unknown): boolean =>
  section === "notifications" &&
  deeper.length === 0 &&
  RECEIVERS.includes(String(setting)) &&
  map.notifications?.central !== undefined &&
  (value === "none" || (Array.isArray(value) && value.length === 0));

function whyWithoutEffect(consumer: SettingsConsumer, setting: string): string | undefined {
  const found = DEPENDENTS.find(
    ({ settings, concerns = () => true, works }) =>
      settings.some((one) => setting === one || setting.startsWith(`${one}.`)) &&
      concerns(consumer) &&
      !works(consumer.settings),
  );
  return found?.unless;
}

/** The paths of all values that are no objects. An empty object counts as a value. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  const isSection = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isSection ? Object.entries(value) : [];
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}
