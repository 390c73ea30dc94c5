import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import { COMPUTED, computedNow, noteRead } from "../../accounts/model/once-per";
import type { Organization } from "../../accounts/model/organization";

/** Lists of an organization whose items are observed one by one. Targets come first: accounts contain them as well. */
const LISTS = ["targets", "accounts", "archives", "replicas"] as const;
type List = (typeof LISTS)[number];
type Item = Readonly<Record<string, unknown>>;

/** An organization that notes what is read of it, and the digests of what can be read. */
export interface Observed {
  /** The same organization. Reading it calls `noteRead`. */
  readonly organization: Organization;
  /**
   * A digest of what was read.
   * @param read a name that was noted; a name that this organization does not have is a value of its own
   */
  digestOf(read: string): string;
}

/**
 * Observes an organization, so that a stack can be kept until something changes that it was made from. What is noted:
 *
 * - a part of the organization, like `deployment`, when it is read;
 * - of an item of a list, like the settings of one account, each part that is an object, when it is read;
 * - everything else of all items (how many there are, ids, names, regions) for every stack, as {@link SKELETON}.
 *
 * Nothing can be read without being noted, because a stack gets nothing but this organization and a part of it.
 */
export function observed(organization: Organization): Observed {
  const values = new Map<string, unknown>();
  const copies = new Map<Item, Item>();
  const skeleton: unknown[] = [];
  const getter = (name: string, raw: unknown, value: unknown): PropertyDescriptor => {
    values.set(name, raw);
    return { enumerable: true, get: () => (noteRead(name), value) };
  };
  const copyOf = (item: Item, name: string): Item => {
    const known = copies.get(item);
    if (known !== undefined) return known;
    const copy = {};
    copies.set(item, copy);
    for (const [key, value] of Object.entries(item)) {
      const descriptor = isObject(value)
        ? getter(`${name}.${key}`, value, observedIn(value))
        : { enumerable: true, value };
      Object.defineProperty(copy, key, descriptor);
      skeleton.push(key, isObject(value) ? {} : value);
    }
    return Object.freeze(copy);
  };
  /** The targets of an account are the same objects as those of the organization. */
  const observedIn = (value: object): unknown =>
    Array.isArray(value) && value.length > 0 && value.every((item) => copies.has(item as Item))
      ? Object.freeze(value.map((item) => copies.get(item as Item)))
      : value;

  const whole = {};
  const lists = new Map<string, readonly Item[]>();
  for (const list of LISTS) {
    const items = organization[list] as unknown as readonly Item[];
    skeleton.push(list, items.length);
    lists.set(list, Object.freeze(items.map((item, index) => copyOf(item, `${list}.${index}`))));
  }
  for (const [key, value] of Object.entries(organization)) {
    const descriptor = isList(key)
      ? { enumerable: true, value: lists.get(key) }
      : getter(key, value, value as unknown);
    Object.defineProperty(whole, key, descriptor);
  }
  values.set(SKELETON, skeleton);
  const seen = Object.freeze(whole) as Organization;

  const digests = new Map<string, string>();
  const digestOf = (read: string): string => {
    const digest = digests.get(read) ?? computed(read);
    digests.set(read, digest);
    return digest;
  };
  const computed = (read: string): string => {
    if (values.has(read)) return digestOfValue(values.get(read));
    if (read.startsWith(COMPUTED)) return digestOfValue(computedNow(read.slice(COMPUTED.length), seen));
    const [, list, part] = OF_ALL.exec(read) ?? [];
    const items = lists.get(list ?? "");
    if (items === undefined) return "absent";
    return sha256(items.map((_, index) => digestOf(`${list}.${index}.${part}`)).join());
  };
  return { organization: seen, digestOf };
}

/** The same part of all items of a list, like `targets.*.settings`. */
const OF_ALL = /^(\w+)\.\*\.(\w+)$/;

/** From this many reads of the same part of a list on, the part counts as read of all its items. */
const MANY = 50;

/**
 * The names of what was read, with one name in place of many of the same part of a list. Otherwise the reads of stacks
 * that look at every target would grow with the square of their number.
 */
export function summarized(reads: ReadonlySet<string>): string[] {
  const byPart = new Map<string, string[]>();
  for (const read of reads) {
    const part = read.replace(/\.\d+\./, ".*.");
    const others = byPart.get(part);
    if (others === undefined) byPart.set(part, [read]);
    else others.push(read);
  }
  return [...byPart].flatMap(([part, names]) => (names.length < MANY ? names : [part])).sort();
}

/** The name of what every stack counts as having read. */
export const SKELETON = "skeleton";

const isList = (key: string): key is List => LISTS.some((list) => list === key);
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Unlike JSON, this tells a missing value from `undefined`, and refuses functions. */
const digestOfValue = (value: unknown): string => sha256(serialize(value)).slice(0, 32);

/** A checksum in hexadecimal digits. */
export const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
