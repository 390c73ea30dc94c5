import { ACCOUNT_NAME_LIMIT } from "../../aws/quotas";
import type { SyncSettings } from "../../accounts/schema/sync";
import type { GeneratedAccount, GeneratedMap, LeftOut } from "../generated-map";
import type { OrganizationAccount } from "./organization-accounts";

/** One difference between AWS Organizations and the map. */
export interface SyncChange {
  readonly kind: "add" | "move" | "rename" | "leave-out" | "return" | "attention";
  /** Name of the account in the map. */
  readonly account: string;
  /** 12 digits. */
  readonly id: string;
  /** What happens, and why, in one sentence without the name of the account. */
  readonly text: string;
}

/** What a sync would do. */
export interface SyncOutcome {
  /** The differences that the generated map takes up, and those that a person has to see to (`attention`). */
  readonly changes: readonly SyncChange[];
  /** The next generated map. Equal to the present one if there is nothing to do. */
  readonly generated: GeneratedMap;
}

/** What {@link syncChanges} compares. */
export interface SyncProps {
  readonly settings: SyncSettings;
  /** The accounts that a person has described, by name. */
  readonly described: Readonly<Record<string, { readonly id?: unknown }>>;
  /** The present generated map. */
  readonly generated: GeneratedMap;
  readonly organization: readonly OrganizationAccount[];
  /** The waves of the map, for a wave that no rule gives. */
  readonly lastWave: string;
}

/** States in which an account can be used. In the others, nobody can assume a role there. */
const USABLE = new Set(["ACTIVE"]);

/**
 * Compares a map with AWS Organizations. Accounts are the same if their ids are: a name in the map is for good, and
 * stays when the name in AWS Organizations changes. Accounts that a person has described are never changed.
 */
export function syncChanges(props: SyncProps): SyncOutcome {
  const { settings, described, generated, organization } = props;
  const byId = new Map(organization.map((account) => [account.id, account]));
  const handmade = new Map(
    Object.entries(described).flatMap(([name, { id }]): [string, string][] =>
      id === undefined ? [] : [[String(id), name]],
    ),
  );
  const present = Object.entries(generated.accounts ?? {});
  const kept: [string, Partial<GeneratedAccount>][] = [];
  const names: Record<string, string> = {};
  const leftOut: Record<string, LeftOut> = {};
  const changes: SyncChange[] = [];

  for (const [name, account] of present) {
    const { id } = account;
    // Settings that another command has generated for an account of a person.
    if (id === undefined) {
      kept.push([name, account]);
      continue;
    }
    const real = byId.get(id);
    const reason = handmade.has(id)
      ? `the map describes it itself, as ${handmade.get(id)}`
      : whyNot(real, settings);
    if (reason !== null) {
      if (!handmade.has(id)) leftOut[id] = { name, reason };
      // What other commands have generated stays for the account of a person.
      else if (handmade.get(id) === name) kept.push(...withoutOwn(name, account));
      changes.push({ kind: "leave-out", account: name, id, text: `leaves the map: ${reason}` });
      continue;
    }
    const { name: nameNow } = real!;
    const nameBefore = generated["x-names"]?.[id];
    if (nameBefore !== undefined && nameBefore !== nameNow) {
      const text = `is now called ${JSON.stringify(nameNow)} in AWS Organizations, and keeps its name in the map`;
      changes.push({ kind: "rename", account: name, id, text });
    }
    names[id] = nameNow;
    kept.push([name, moved(name, account as GeneratedAccount, real!, props, changes)]);
  }

  const taken = new Set([...Object.keys(described), ...present.map(([name]) => name)]);
  const known = new Set([...handmade.keys(), ...present.flatMap(([, { id }]) => id ?? [])]);
  // Each account once, in the place that is listed last.
  for (const real of byId.values()) {
    const { id } = real;
    if (known.has(id)) continue;
    const before = generated["x-left-out"]?.[id];
    const reason = whyNot(real, settings);
    if (reason !== null) {
      // An account that was never in the map, and cannot be, is nothing that anybody waits for.
      if (before !== undefined) leftOut[id] = { ...before, reason };
      continue;
    }
    const name = before !== undefined && !taken.has(before.name) ? before.name : nameFor(real, taken);
    taken.add(name);
    names[id] = real.name;
    const wave = waveOf(real, settings);
    kept.push([
      name,
      { id, homeRegion: settings.homeRegion, regions: settings.regions, ...(wave !== null && { wave }) },
    ]);
    const text = `${before ? "comes back" : "is new"}, in wave ${wave ?? props.lastWave}`;
    changes.push({ kind: before ? "return" : "add", account: name, id, text });
  }
  for (const [id, entry] of Object.entries(generated["x-left-out"] ?? {})) {
    // An account that AWS Organizations no longer lists stays in the record of what was left out.
    if (!byId.has(id)) leftOut[id] ??= entry;
  }
  return {
    changes: [...changes, ...attention(handmade, byId, settings)],
    generated: {
      ...(kept.length > 0 && { accounts: Object.fromEntries(kept) }),
      ...sorted("x-names", names),
      ...sorted("x-left-out", leftOut),
      // Of another command.
      ...sorted("x-looked-at", generated["x-looked-at"] ?? {}),
    },
  };
}

/** The generated settings of an account besides those that this command writes; none: an empty list. */
function withoutOwn(
  name: string,
  { id: _id, homeRegion: _home, wave: _wave, regions, ...rest }: Partial<GeneratedAccount>,
): [string, Partial<GeneratedAccount>][] {
  const others = { ...rest, ...(!Array.isArray(regions) && regions !== undefined && { regions }) };
  return Object.keys(others).length === 0 ? [] : [[name, others]];
}

const sorted = (key: string, values: Readonly<Record<string, unknown>>): object =>
  Object.keys(values).length === 0
    ? {}
    : { [key]: Object.fromEntries(Object.entries(values).sort(([a], [b]) => a.localeCompare(b))) };

/** Why an account does not belong in the generated map; null: it does. */
function whyNot(account: OrganizationAccount | undefined, settings: SyncSettings): string | null {
  if (account === undefined) return "AWS Organizations no longer lists it";
  const { id, state, units } = account;
  if (!USABLE.has(state)) return `its state in AWS Organizations is ${state}`;
  const { exclude = [], organizationalUnits } = settings;
  if (exclude.includes(id)) return "sync.exclude names it";
  const excluded = units.find((unit) => exclude.includes(unit));
  if (excluded !== undefined) return `it is in the unit ${excluded}, which sync.exclude names`;
  const isWanted =
    organizationalUnits === undefined || units.some((unit) => organizationalUnits.includes(unit));
  return isWanted ? null : "it is in none of the units of sync.organizationalUnits";
}

/** The wave of the first rule that fits; null: no rule does. */
function waveOf({ units, tags }: OrganizationAccount, { waves = [] }: SyncSettings): string | null {
  const rule = waves.find(
    ({ organizationalUnit, tag }) =>
      (organizationalUnit === undefined || units.includes(organizationalUnit)) &&
      (tag === undefined ||
        (tags !== null &&
          Object.hasOwn(tags, tag.key) &&
          (tag.value === undefined || tags[tag.key] === tag.value))),
  );
  return rule?.wave ?? null;
}

/** The account in the wave of today's rules. */
function moved(
  name: string,
  account: GeneratedAccount,
  real: OrganizationAccount,
  { settings, lastWave }: SyncProps,
  changes: SyncChange[],
): GeneratedAccount {
  const wave = waveOf(real, settings);
  if ((account.wave ?? null) === wave) return account;
  const text = `moves from wave ${account.wave ?? lastWave} to ${wave ?? lastWave}`;
  changes.push({ kind: "move", account: name, id: real.id, text });
  const { wave: _, ...rest } = account;
  return { ...rest, ...(wave !== null && { wave }) } as GeneratedAccount;
}

/** A name for the map that no other account has: the name in AWS Organizations, in lower case with hyphens. */
function nameFor({ id, name }: OrganizationAccount, taken: ReadonlySet<string>): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  // A name without ASCII letters leaves nothing.
  const stem = words === "" ? `account-${id}` : words;
  const ending = (end: string) =>
    `${stem.slice(0, ACCOUNT_NAME_LIMIT - end.length).replace(/-+$/, "")}${end}`;
  for (let count = 0; ; count += 1) {
    const name = ending(count === 0 ? "" : count === 1 ? `-${id}` : `-${id}-${count}`);
    if (!taken.has(name)) return name;
  }
}

/** Accounts of a person that AWS Organizations no longer has, or that nobody can use. */
function attention(
  handmade: ReadonlyMap<string, string>,
  byId: ReadonlyMap<string, OrganizationAccount>,
  settings: SyncSettings,
): SyncChange[] {
  return [...handmade].flatMap(([id, account]): SyncChange[] => {
    const reason = whyNot(byId.get(id), { ...settings, exclude: [], organizationalUnits: undefined });
    const text = `is described by hand, and ${reason}: take it out of the map as docs/runbook.md says`;
    return reason === null ? [] : [{ kind: "attention", account, id, text }];
  });
}
