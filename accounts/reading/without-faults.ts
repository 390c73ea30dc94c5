import { parse } from "./parse";
import type { Conflict, Fault, Path } from "./problems";
import type { ParsedMap } from "../schema";
import { isByRegion } from "../schema/account";

/** A map without its faults. */
export interface MapWithoutFaults {
  readonly map: ParsedMap;
  /** The paths at which the map is no longer what the operator wrote. */
  readonly changed: readonly Path[];
}

type Plain = Record<PropertyKey, unknown>;

/** Neutral values for required sections that are invalid, so that the cross-setting rules can still run on the rest. */
const PLACEHOLDERS: Readonly<Record<string, object>> = {
  organization: { name: "x" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "ambient" },
  accounts: {},
};

/** Removing a fault may cause another one: without its id, an account is invalid and is removed in the next round. */
const ROUNDS = 6;

/**
 * Removes the faults from a copy of a map, so that the rules can run on the rest and all problems are reported at once.
 * `undefined` if nothing valid is left.
 */
export function withoutFaults(raw: unknown, faults: readonly Fault[]): MapWithoutFaults | undefined {
  const map = copy(raw);
  if (!isObject(map) || Array.isArray(map)) return undefined;
  const changed: Path[] = faults.flatMap(({ path, meant = path, perhaps = [] }) => [path, meant, ...perhaps]);
  for (let round = 0, left = faults; round < ROUNDS; round++) {
    changed.push(...left.map((fault) => removeFault(map, fault)));
    removeHoles(map);
    const parsed = parse(map);
    if (parsed.map) return { map: parsed.map, changed };
    left = parsed.faults;
  }
  return undefined;
}

/**
 * Whether a conflict may only follow from the removal of faults, or repeats one of them. Such a conflict is not reported:
 * it may be gone once the faults are corrected.
 *
 * @param changed the paths at which faults were removed
 */
export function mayFollowFrom(changed: readonly Path[]): (conflict: Conflict) => boolean {
  // Paths by account, for speed: a map may have a thousand accounts with a fault in each.
  const byAccount = new Map<PropertyKey | undefined, Path[]>();
  for (const path of changed) {
    const account = accountOf(path);
    byAccount.set(account, [...(byAccount.get(account) ?? []), path]);
  }
  const inSameAccount = (path: Path): readonly Path[] => {
    const account = accountOf(path);
    if (account === undefined || account === "*") return changed;
    return [...(byAccount.get(account) ?? []), ...(byAccount.get(undefined) ?? [])];
  };
  return ({ at, because }) =>
    inSameAccount(at).some((removed) => isAbove(at, removed)) ||
    [at, ...because].some((path) => inSameAccount(path).some((removed) => overlap(path, removed)));
}

const accountOf = (path: Path) => (path[0] === "accounts" ? path[1] : undefined);

const isObject = (value: unknown): value is Plain => typeof value === "object" && value !== null;
/** Takes the place of an element that is removed from a list, so that the indexes of the other faults stay right. */
const HOLE = Symbol("removed from a list");

/** A deep copy of own keys. An object that contains itself is copied once, and `undefined` where it repeats. */
function copy(value: unknown, above: readonly unknown[] = []): unknown {
  if (!isObject(value)) return value;
  if (above.includes(value)) return undefined;
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((element) => copy(element, inside));
  const entries = Object.entries(value).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(entries.map(([key, inner]) => [key, copy(inner, inside)]));
}

/** Removes one fault from a map, and returns the path of what changed by it: for an element, the path of its list. */
function removeFault(map: Plain, { path, meant }: Fault): Path {
  const [section] = path;
  const last = path.at(-1);
  if (section === undefined || last === undefined || last === "__proto__") return path;
  const above = path.slice(0, -1);
  const parent = above.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), map);
  const isThere = isObject(parent) && Object.hasOwn(parent, last);
  if (path.length === 1 && typeof section === "string" && Object.hasOwn(PLACEHOLDERS, section)) {
    map[section] = PLACEHOLDERS[section];
    return path;
  }
  // A required key that is missing, or was removed in an earlier round: remove the object that needs it.
  if (!isThere) return above.length > 0 ? removeFault(map, { path: above }) : path;
  const value = parent[last];
  if (Array.isArray(parent)) {
    parent[Number(last)] = HOLE;
    return above;
  }
  delete parent[last];
  const id = section === "accounts" && path.length === 3 && last === "id" && unquoted(value);
  if (id) parent[last] = id;
  const right = meant?.at(-1);
  const isMisspelt = right !== undefined && right !== last && meant!.length === path.length;
  if (isMisspelt && !Object.hasOwn(parent, right)) parent[right] = value;
  return path;
}

/** The account id behind a number: without quotes, YAML drops the leading zeros of an id. */
const unquoted = (value: unknown) =>
  typeof value === "number" && /^\d{10,12}$/.test(String(value))
    ? String(value).padStart(12, "0")
    : undefined;

/** Removes the holes from all lists in a value. */
function removeHoles(value: unknown): void {
  if (!isObject(value)) return;
  if (Array.isArray(value)) {
    const kept = value.filter((element) => element !== HOLE);
    if (kept.length < value.length) value.splice(0, value.length, ...kept);
  }
  Object.values(value).forEach(removeHoles);
}

/** The path of the level that a path belongs to, and the rest of the path. */
function split(path: Path): { level: Path; rest: Path } {
  const length = path[0] !== "accounts" ? 0 : isByRegion(path[2]) && path.length > 4 ? 4 : 2;
  const level = path.length > length ? path.slice(0, length) : [];
  return { level, rest: path.slice(level.length) };
}

/** Whether a path is another path, or the path of something that contains it. The step "*" in the other matches any. */
const isAbove = (path: Path, other: Path) =>
  path.length <= other.length && path.every((step, index) => other[index] === "*" || other[index] === step);

/** Whether two paths are about the same setting, at one level or at two levels where one contains the other. */
function overlap(one: Path, other: Path): boolean {
  const either = (a: Path, b: Path) => isAbove(a, b) || isAbove(b, a);
  if (isAbove(other, one)) return true;
  const [a, b] = [split(one), split(other)];
  return either(a.level, b.level) && either(a.rest, b.rest);
}
