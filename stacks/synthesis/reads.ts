/**
 * The names of what is read of an organization, as `observed.ts` notes them: `deployment`, `targets`,
 * `targets.200000000001/eu-west-1.settings`, and `targets.*.settings` for the same part of all targets.
 */

/** Lists of an organization whose items are observed one by one. Targets come first: accounts contain them as well. */
export const LISTS = ["targets", "accounts", "archives", "replicas"] as const;

/** The name of one of the lists. */
export type List = (typeof LISTS)[number];

/** An item of a list or a part of it, like `targets.200000000001/eu-west-1.settings`. */
export const OF_ITEM = new RegExp(`^(${LISTS.join("|")})\\.([^.]+)(?:\\.(\\w+))?$`);

/** The same of all items of a list, like `targets.*.settings`. */
export const OF_ALL = new RegExp(`^(${LISTS.join("|")})\\.\\*(|\\.\\w+)$`);

/** Whether this is the name of the same part of all items of a list. */
export const isOfAll = (read: string): boolean => OF_ALL.test(read);

/** From this many reads of the same part of a list on, the part counts as read of all its items. */
const MANY = 50;

/**
 * The names of what was read, with one name in place of many of the same part of a list. Otherwise the reads of stacks
 * that look at every target would grow with the square of their number.
 */
export function summarized(reads: ReadonlySet<string>): string[] {
  const byPart = new Map<string, string[]>();
  for (const read of reads) {
    const [, list, , part] = OF_ITEM.exec(read) ?? [];
    const all = list === undefined ? read : `${list}.*${part === undefined ? "" : `.${part}`}`;
    const others = byPart.get(all);
    if (others === undefined) byPart.set(all, [read]);
    else others.push(read);
  }
  return [...byPart].flatMap(([all, names]) => (names.length < MANY ? names : [all])).sort();
}

/** The name of what every stack counts as having read: which parts an organization has. */
export const PARTS = "parts";
