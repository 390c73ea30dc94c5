import { parse } from "./parse";
import type { Conflict, Fault, Path } from "./problems";
import type { ParsedMap } from "../schema";

/** What is left of a map without its faults, and where it is no longer what the operator wrote. */
export interface Salvaged {
  readonly map: ParsedMap;
  readonly touched: readonly Path[];
}

type Plain = Record<PropertyKey, unknown>;

/** Stand in for what every map must say and this one says wrong: they are at odds with nothing. */
const PLACEHOLDERS: Readonly<Record<string, object>> = {
  organization: { name: "x" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "ambient" },
  accounts: {},
};

/** What takes a fault away may uncover another: an account without an id goes as a whole. */
const ROUNDS = 6;

/** Takes the faults out of a map, so that rules can be run over the rest; `undefined` if nothing is left. */
export function salvage(raw: unknown, faults: readonly Fault[]): Salvaged | undefined {
  const map = copy(raw);
  if (!isObject(map) || Array.isArray(map)) return undefined;
  const touched: Path[] = faults.flatMap(({ path, meant = path, perhaps = [] }) => [path, meant, ...perhaps]);
  for (let round = 0, left = faults; round < ROUNDS; round++) {
    touched.push(...left.map((fault) => mend(map, fault)));
    compact(map);
    const parsed = parse(map);
    if (parsed.map) return { map: parsed.map, touched };
    left = parsed.faults;
  }
  return undefined;
}

/** Tells whether what was taken out of a map may be why a conflict is found in the rest, or says it already. */
export function suspicion(touched: readonly Path[]): (conflict: Conflict) => boolean {
  // By account, and those of the organization: a map of a thousand accounts may have a fault in each.
  const byAccount = new Map<PropertyKey | undefined, Path[]>();
  for (const path of touched) {
    const account = accountOf(path);
    byAccount.set(account, [...(byAccount.get(account) ?? []), path]);
  }
  const near = (place: Path): readonly Path[] => {
    const account = accountOf(place);
    if (account === undefined || account === "*") return touched;
    return [...(byAccount.get(account) ?? []), ...(byAccount.get(undefined) ?? [])];
  };
  return ({ at, because }) =>
    near(at).some((path) => begins(at, path)) ||
    [at, ...because].some((place) => near(place).some((path) => meet(place, path)));
}

const accountOf = (path: Path) => (path[0] === "accounts" ? path[1] : undefined);

const isObject = (value: unknown): value is Plain => typeof value === "object" && value !== null;
const HOLE = Symbol("taken out of a list");

/** Own keys alone; what contains itself ends where it would begin again. */
function copy(value: unknown, above: readonly unknown[] = []): unknown {
  if (!isObject(value)) return value;
  if (above.includes(value)) return undefined;
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((element) => copy(element, inside));
  const entries = Object.entries(value).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(entries.map(([key, inner]) => [key, copy(inner, inside)]));
}

/** Takes one fault out, and tells what is no longer as it was written: of a list, the whole. */
function mend(map: Plain, { path, meant }: Fault): Path {
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
  // A key that is missing, or went in the round before: what cannot do without it goes as well.
  if (!isThere) return above.length > 0 ? mend(map, { path: above }) : path;
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

/** The account id that a number was before YAML took its leading zeros. */
const unquoted = (value: unknown) =>
  typeof value === "number" && /^\d{10,12}$/.test(String(value))
    ? String(value).padStart(12, "0")
    : undefined;

function compact(value: unknown): void {
  if (!isObject(value)) return;
  if (Array.isArray(value)) {
    const kept = value.filter((element) => element !== HOLE);
    if (kept.length < value.length) value.splice(0, value.length, ...kept);
  }
  Object.values(value).forEach(compact);
}

/** A place in the map as the level that it belongs to, and what is said there. */
function split(path: Path): { level: Path; rest: Path } {
  const length = path[0] !== "accounts" ? 0 : path[2] === "regions" && path.length > 4 ? 4 : 2;
  const level = path.length > length ? path.slice(0, length) : [];
  return { level, rest: path.slice(level.length) };
}

/** Whether a path leads to a place or above it. "*" is any one step. */
const begins = (path: Path, place: Path) =>
  path.length <= place.length && path.every((step, index) => place[index] === "*" || place[index] === step);

/** Whether two places speak of the same thing, at the same level or at one that lies over the other's. */
function meet(one: Path, other: Path): boolean {
  const either = (a: Path, b: Path) => begins(a, b) || begins(b, a);
  if (begins(other, one)) return true;
  const [a, b] = [split(one), split(other)];
  return either(a.level, b.level) && either(a.rest, b.rest);
}
