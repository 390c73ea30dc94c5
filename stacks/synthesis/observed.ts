import { COMPUTED, computedNow, noteRead, withoutKeeping } from "../../accounts/model/once-per";
import { findAccountsBy, type Account, type Organization } from "../../accounts/model/organization";
import { sha256Of } from "../../files/checksum";
import { digesting } from "./digests";
import { LISTS, OF_ALL, OF_ITEM, PARTS, type List } from "./reads";

type Item = Readonly<Record<string, unknown>>;

/** An organization that notes what is read of it, and the digests of what can be read. */
export interface Observed {
  /** The same organization. Reading it calls `noteRead`. */
  readonly organization: Organization;
  /**
   * What was read, as plain values: `undefined` if this organization has nothing of that name.
   * @param read a name that was noted
   */
  valueOf(read: string): unknown;
  /**
   * A digest of what was read.
   * @param read a name that was noted; a name that this organization does not have is a value of its own
   */
  digestOf(read: string): string;
  /** The name under which an item of a list of the organization is noted; undefined: it is no such item. */
  nameOf(item: unknown): string | undefined;
  /**
   * Runs a function while an account of the organization has another name and id, wherever its items say them. Nothing
   * that is computed of the organization meanwhile is kept.
   */
  disguised<T>(disguise: Disguise, run: () => T): T;
}

/** Another identity for one account. */
export interface Disguise {
  /** Id of the account. */
  readonly account: string;
  /** The name and the id that it has instead. */
  readonly as: { readonly name: string; readonly id: string };
}

/**
 * Observes an organization, so that a stack can be kept until something changes that it was made from. What is noted:
 *
 * - a part of the organization, like `deployment`, when it is read;
 * - a list of accounts, targets, archives or replicas, when it is read: which items there are, and in which order;
 * - of an item of a list, each part like the settings of one account, when it is read, as `accounts.<id>.settings`;
 * - an item that was found without its list: which parts it has, as `accounts.<id>`.
 *
 * Nothing can be read without being noted, because a stack gets nothing but this organization and a part of it. Items are
 * named by what identifies them and not by their positions, so that a new account changes nothing but the lists.
 */
export function observed(organization: Organization): Observed {
  const items = {} as Record<List, ReadonlyMap<string, Item>>;
  const keys = new Map<Item, string>();
  for (const list of LISTS) {
    items[list] = keyed(organization[list] as unknown as readonly Item[], list);
    for (const [key, item] of items[list]) keys.set(item, `${list}.${key}`);
  }
  let disguise: Disguise | null = null;
  /** What the code of a stack sees of a part of an item: of a disguised account, another name and id. */
  const shown = (owner: string | null, part: string, value: unknown): unknown => {
    if (disguise === null || owner !== disguise.account) return value;
    if (part === "account") return { ...(value as Item), ...disguise.as };
    return part === "name" || part === "id" ? disguise.as[part] : value;
  };
  const copies = new Map<Item, Item>();
  const originals = new Map<unknown, Item>();
  const copyOf = (item: Item): Item => {
    const known = copies.get(item);
    if (known !== undefined) return known;
    const copy = {};
    copies.set(item, copy);
    originals.set(copy, item);
    const name = keys.get(item)!;
    const owner = ownerOf(name, item);
    for (const [part, raw] of Object.entries(item)) {
      const read = `${name}.${part}`;
      const value = observedIn(raw);
      Object.defineProperty(copy, part, {
        enumerable: true,
        get: () => (noteRead(read), shown(owner, part, value)),
      });
    }
    return Object.freeze(copy);
  };
  /** The targets of an account are the same objects as those of the organization. */
  const observedIn = (value: unknown): unknown =>
    isListOf(keys, value) ? Object.freeze(value.map(copyOf)) : value;

  const whole = {};
  for (const [part, value] of Object.entries(organization)) {
    let seen: unknown = null;
    const observe = () => (isList(part) ? Object.freeze([...items[part].values()].map(copyOf)) : value);
    Object.defineProperty(whole, part, {
      enumerable: true,
      get: () => (noteRead(part), (seen ??= observe())),
    });
  }
  const seen = Object.freeze(whole) as Organization;
  // To find one account by its id is not to read the list of accounts.
  findAccountsBy(seen, (id) => {
    const raw = items.accounts.get(disguise?.as.id === id ? disguise.account : id);
    if (raw === undefined) return undefined;
    noteRead(keys.get(raw)!);
    return copyOf(raw) as unknown as Account;
  });

  const namesIn = (list: Iterable<Item>) =>
    [...list].map((item) => `${keys.get(item)} ${partsOf(item)}`).join("\n");
  const valueOf = (read: string): unknown => {
    if (read === PARTS) return Object.keys(organization);
    if (read.startsWith(COMPUTED)) return computedNow(read.slice(COMPUTED.length), seen);
    const [, list = "", key = "", part] = OF_ITEM.exec(read) ?? [];
    if (list === "")
      return isList(read) ? namesIn(items[read].values()) : organization[read as keyof Organization];
    const item = items[list as List].get(key);
    if (item === undefined || part === undefined) return item && partsOf(item);
    return isListOf(keys, item[part]) ? namesIn(item[part]) : item[part];
  };
  const digests = new Map<string, string>();
  const digestOf = (read: string): string => {
    const digest = digests.get(read) ?? computed(read);
    digests.set(read, digest);
    return digest;
  };
  const digestOfPart = digesting();
  const computed = (read: string): string => {
    const [, list, part] = OF_ALL.exec(read) ?? [];
    if (list === undefined) return digestOfPart(valueOf(read));
    const all = [...items[list as List].values()];
    return sha256Of(all.map((item) => digestOf(`${keys.get(item)}${part}`)).join());
  };
  return {
    organization: seen,
    valueOf,
    digestOf,
    nameOf: (item) => keys.get(originals.get(item)!),
    disguised: (as, run) => {
      disguise = as;
      try {
        // What was computed of the organization is about the account as it is, and what is computed now is not.
        return withoutKeeping(run);
      } finally {
        disguise = null;
      }
    },
  };
}

/** The items of a list by what identifies them: their account, their region, and what a replica copies. */
function keyed(list: readonly Item[], name: List): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>();
  for (const item of list) {
    const key = name === "accounts" ? String(item["id"]) : keyOf(item);
    // Rules refuse a map that describes the same item twice, and the position tells two of them apart all the same.
    found.set(found.has(key) ? `${key}/${found.size}` : key, item);
  }
  return found;
}

function keyOf(item: Item): string {
  const { account, region, source } = item as {
    readonly account: { readonly id: string };
    readonly region: string;
    readonly source?: Item & { readonly kind: string };
  };
  return `${account.id}/${region}${source === undefined ? "" : `/${source.kind}/${keyOf(source)}`}`;
}

/** The account whose name and id an item says; null: an archive or a replica, which many accounts share. */
function ownerOf(name: string, item: Item): string | null {
  if (name.startsWith("accounts.")) return item["id"] as string;
  return name.startsWith("targets.") ? (item["account"] as { readonly id: string }).id : null;
}

/** The names of an item's parts. The items of a list mostly have the same. */
const partsOf = (item: Item): string => Object.keys(item).join();

const isListOf = (keys: ReadonlyMap<Item, string>, value: unknown): value is readonly Item[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => keys.has(item as Item));

const isList = (key: string): key is List => LISTS.some((list) => list === key);
