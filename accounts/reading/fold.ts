/** The texts of a problem that tell whether it is the same as another one. */
interface Told {
  readonly path: string;
  readonly allowed: string;
  readonly remedy: string;
}

/** A problem that is the same in other places of the map, and is said once. */
export interface Folded<P> {
  /** The first, in the order of the problems. */
  readonly first: P;
  /** The same problem in other places, in their order. */
  readonly others: readonly P[];
}

/** So many equal problems are still shown one by one: each says its own value and remedy. */
const SHOWN_ALONE = 3;

/**
 * Folds problems that are the same mistake in many accounts, regions or elements of a list. The order is that of the first
 * of each. The time is linear in the number of problems.
 * @example folded(problems).map(({ first, others }) => `${first.path} and ${others.length} more`)
 */
export function folded<P extends Told>(problems: readonly P[]): Folded<P>[] {
  const byKind = new Map<string, P[]>();
  for (const problem of problems) {
    const kind = kindOf(problem);
    const same = byKind.get(kind);
    if (same === undefined) byKind.set(kind, [problem]);
    else same.push(problem);
  }
  return [...byKind.values()].flatMap((same) => {
    const [first, ...others] = same;
    if (same.length > SHOWN_ALONE) return [{ first: first!, others }];
    return same.map((alone) => ({ first: alone, others: [] }));
  });
}

/** What equal problems have in common: a path without the names of accounts and regions, and texts without values. */
const kindOf = ({ path, allowed, remedy }: Told): string =>
  [general(path), withoutValues(allowed), withoutValues(remedy)].join("\n");

const STEP = String.raw`(?:\.[\w$]+|\["(?:[^"\\]|\\.)*"\])`;
const ACCOUNT = new RegExp(`^accounts${STEP}`);
const REGION = new RegExp(`^(accounts\\.\\*\\.(?:regions|otherRegions))${STEP}`);

/** @example general('accounts.payments.regions["us-east-1"].logs') // "accounts.*.regions.*.logs" */
const general = (path: string): string =>
  path
    .replace(ACCOUNT, "accounts.*")
    .replace(REGION, "$1.*")
    .replaceAll(/\[\d+\]/g, "[*]");

/** A text without what differs from account to account: quoted words, numbers, regions, and accounts of the map. */
const withoutValues = (text: string): string =>
  text
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, "…")
    .replaceAll(new RegExp(`accounts${STEP}`, "g"), "…")
    .replaceAll(/\b[a-z]{2,4}(?:-[a-z]+)+-\d\b/g, "…")
    .replaceAll(/\d+/g, "…");
