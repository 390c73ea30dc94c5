import type { Account, Organization, Target } from "../../accounts/model/organization";

/** Tells which targets and which accounts have documents of the same sizes. */
export interface Alike {
  /** The same text for accounts whose documents have the same sizes. */
  readonly ofAccount: (account: Pick<Account, "id">) => string;
  /** The same text for targets whose documents have the same sizes. */
  readonly ofTarget: (target: Target) => string;
}

/**
 * Groups the accounts of an organization by everything that the sizes of their documents depend on: partition, home
 * region, the regions with their settings, and the settings of the account. All account ids have the same length, so the
 * id itself does not count, unless a setting names it. An account is alone in its group if a setting contains its id or
 * its name, or if something of other accounts is kept in it.
 *
 * Thousands of accounts have few different settings, so that few documents are measured.
 */
export function alike(organization: Organization): Alike {
  const ids = settingIds();
  const described = organization.accounts.map((account) => ({ account, group: groupOf(account, ids) }));
  const alone = aloneIn(organization, ids.texts());
  const groups = new Map(
    described.map(({ account, group }) => [account.id, alone(account) ? `${account.id} ${group}` : group]),
  );
  const ofAccount = ({ id }: Pick<Account, "id">) => groups.get(id)!;
  return { ofAccount, ofTarget: ({ account, region }) => `${region} ${ofAccount(account)}` };
}

/**
 * The problems of all items. An item is not measured if one that is alike has no problem; those with problems are measured
 * one by one, because each problem names its account.
 */
export function measuredOnce<Item, Found>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  measure: (item: Item) => readonly Found[],
): Found[] {
  const fit = new Set<string>();
  return items.flatMap((item) => {
    const group = groupOf(item);
    if (fit.has(group)) return [];
    const found = measure(item);
    if (found.length === 0) fit.add(group);
    return found;
  });
}

const groupOf = ({ partition, homeRegion, settings, targets }: Account, { idOf }: SettingIds): string =>
  [
    partition,
    homeRegion,
    idOf(settings),
    ...targets.map((target) => `${target.region}:${idOf(target.settings)}:${target.usesArchive}`),
  ].join(" ");

interface SettingIds {
  /** The same number for equal settings. */
  readonly idOf: (settings: object) => number;
  /** The JSON texts of all different settings. */
  readonly texts: () => Iterable<string>;
}

function settingIds(): SettingIds {
  const ofText = new Map<string, number>();
  const ofObject = new WeakMap<object, number>();
  const idOf = (settings: object): number => {
    // Accounts without settings of their own share one object.
    const known = ofObject.get(settings);
    if (known !== undefined) return known;
    const text = JSON.stringify(settings);
    const id = ofText.get(text) ?? ofText.size;
    ofText.set(text, id);
    ofObject.set(settings, id);
    return id;
  };
  return { idOf, texts: () => ofText.keys() };
}

/** Whether the documents of an account have parts that those of an account with the same settings have not. */
function aloneIn(
  { archives, central, guardrails, replicas }: Organization,
  texts: Iterable<string>,
): (account: Account) => boolean {
  const owners = new Set(
    [...archives, ...replicas, ...(central === null ? [] : [central])].map(({ account }) => account.id),
  );
  if (guardrails !== null) owners.add(guardrails.managementAccount.id);
  const named = new Set<string>();
  for (const text of texts) {
    for (const [id] of text.matchAll(/\d{12}/g)) named.add(id);
    for (const [, name = ""] of text.matchAll(/"([^"]*)"/g)) named.add(name);
  }
  return ({ id, name }) => owners.has(id) || named.has(id) || named.has(name);
}
