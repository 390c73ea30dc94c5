import type { GeneratedAccount, GeneratedMap, LookedAt } from "../generated-map";
import type { TargetResult } from "./model";

/** One change of the generated map. */
export interface OverlayChange {
  /** `look`: the content alone is noted, because the map adopts the document already. */
  readonly kind: "adopt" | "look" | "forget";
  readonly account: string;
  readonly region: string;
}

/** What `--write` would do. */
export interface Overlay {
  readonly generated: GeneratedMap;
  readonly changes: readonly OverlayChange[];
}

/**
 * The generated map with `preferences.adopt: true` for each document that session-audit has not written, with the
 * checksum of what was looked at. If the document no longer exists, the setting and the checksum are removed. Targets that
 * nobody could look at stay as they are.
 */
export function overlay(generated: GeneratedMap, targets: readonly TargetResult[]): Overlay {
  const changes: OverlayChange[] = [];
  const accounts: Record<string, Partial<GeneratedAccount>> = { ...generated.accounts };
  const seen: Record<string, Readonly<Record<string, string>>> = { ...generated["x-looked-at"] };
  const put = (name: string, account: Partial<GeneratedAccount> | null) => {
    if (account === null) delete accounts[name];
    else accounts[name] = account;
  };
  for (const { account, accountId, region, exists, document, adopt, changes: fields } of targets) {
    const where = { account, region };
    const differs = fields.length > 0;
    if (exists === null) continue;
    const { [region]: sha256, ...others } = seen[accountId] ?? {};
    if (document === null) {
      const without = withoutAdopt(accounts[account], region);
      if (without === undefined && sha256 === undefined) continue;
      if (without !== undefined) put(account, without);
      note(seen, accountId, others);
      changes.push({ kind: "forget", ...where });
      continue;
    }
    // What session-audit has written is in a state. If the state is lost, the map imports the document, and somebody has to
    // look at what differs.
    if (document.isOwn && (!adopt || !differs)) continue;
    if (adopt && sha256 === document.sha256) continue;
    if (!adopt) put(account, withAdopt(accounts[account] ?? {}, region));
    note(seen, accountId, { ...others, [region]: document.sha256 });
    changes.push({ kind: adopt ? "look" : "adopt", ...where });
  }
  const { accounts: _accounts, "x-looked-at": _seen, ...rest } = generated;
  return {
    changes,
    generated: {
      ...(Object.keys(accounts).length > 0 && { accounts }),
      ...rest,
      ...(Object.keys(seen).length > 0 && { "x-looked-at": sorted(seen) }),
    },
  };
}

function note(seen: Record<string, LookedAt[string]>, accountId: string, regions: LookedAt[string]): void {
  if (Object.keys(regions).length === 0) delete seen[accountId];
  else seen[accountId] = sorted(regions);
}

const sorted = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));

type Settings = Readonly<Record<string, unknown>>;

const isSettings = (value: unknown): value is Settings =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The regions of an account with their settings, if it has any: a list has none. */
const regionsOf = (regions: unknown): Readonly<Record<string, Settings>> =>
  Array.isArray(regions)
    ? Object.fromEntries((regions as string[]).map((region) => [region, {}]))
    : isSettings(regions)
      ? (regions as Readonly<Record<string, Settings>>)
      : {};

function withAdopt(account: Partial<GeneratedAccount>, region: string): Partial<GeneratedAccount> {
  const regions = regionsOf(account.regions);
  const settings = regions[region] ?? {};
  const preferences = isSettings(settings["preferences"]) ? settings["preferences"] : {};
  return {
    ...account,
    regions: { ...regions, [region]: { ...settings, preferences: { ...preferences, adopt: true } } },
  };
}

/** The account without the setting; null: nothing is left of it; undefined: it has no such setting. */
function withoutAdopt(
  account: Partial<GeneratedAccount> | undefined,
  region: string,
): Partial<GeneratedAccount> | null | undefined {
  const regions = regionsOf(account?.regions);
  const { preferences, ...settings } = regions[region] ?? {};
  if (!isSettings(preferences) || !Object.hasOwn(preferences, "adopt")) return undefined;
  const { adopt: _, ...others } = preferences;
  const left = { ...settings, ...(Object.keys(others).length > 0 && { preferences: others }) };
  const { [region]: _region, ...remaining } = regions;
  // An account that the file describes keeps its region. For one of the map, the setting is all there was.
  const isDescribed = account?.id !== undefined;
  const kept = isDescribed || Object.keys(left).length > 0 ? { ...regions, [region]: left } : remaining;
  if (Object.keys(kept).length > 0) return { ...account, regions: kept };
  const { regions: _regions, ...rest } = account ?? {};
  return Object.keys(rest).length === 0 ? null : rest;
}
