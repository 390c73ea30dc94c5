import type { Coverage } from "../model";
import { LISTED_MS } from "../verdict";
import type { Manifest } from "./manifest";

/** How far a kept report goes: its manifest, and what it says about each target. */
export interface Reach {
  /** Key of the manifest. */
  readonly key: string;
  readonly manifest: Pick<Manifest, "generatedAt" | "period" | "filters">;
  readonly coverage: readonly Pick<Coverage, "account" | "accountId" | "region" | "covered">[];
}

/** A time of which no kept report has all sessions. */
export interface Gap {
  readonly since: Date;
  readonly until: Date;
  /** Targets whose sessions are missing, as {@link targetKey} names them; null: those of every target. */
  readonly targets: readonly string[] | null;
  /** Key of the manifest of the report that has the gap, or that follows it. */
  readonly key: string;
  /** A whole sentence. */
  readonly words: string;
}

/** In milliseconds. */
interface Stretch {
  readonly since: number;
  readonly until: number;
}

type Filters = Manifest["filters"];

/** Filters of a report that choose targets. All others choose sessions. */
export const SELECTORS: readonly string[] = ["stack", "wave", "account", "region", "kind"];

/** Names of targets that a sentence has. */
const NAMES_SHOWN = 5;

export const targetKey = ({ accountId, region }: Pick<Coverage, "accountId" | "region">): string =>
  `${accountId} ${region}`;

/** The filters that all of some reports have: what the reports are about, together. */
export function sharedFilters(manifests: readonly Pick<Manifest, "filters">[]): Filters {
  const [first] = manifests;
  const isShared = ([name, value]: [string, string]) =>
    manifests.every(({ filters }) => filters[name] === value);
  return Object.fromEntries(Object.entries(first?.filters ?? {}).filter(isShared));
}

/**
 * The times of which kept reports do not have all sessions. A report counts for its period as far as the session history
 * reached when it was made, for the targets that it could read to the end, and only if it is not filtered more than all of
 * the reports are. A target counts from the first report that has it to the last one: the map may have got it later, and may
 * have lost it. A report that was made of chosen targets says nothing about the others, so it neither begins nor ends the
 * time of a target. A target that no report covers is no gap: each of the reports says so.
 * @param reaches of the reports of a whole chain, in their order
 */
export function gapsOf(reaches: readonly Reach[]): Gap[] {
  if (reaches.length === 0) return [];
  const shared = sharedFilters(reaches.map(({ manifest }) => manifest));
  const reports = reaches.map((reach) => new Kept(reach, shared));
  const ofAll = uncovered(
    around(reports),
    reports.filter(({ rowFilters }) => rowFilters.length === 0),
  );
  const gaps = ofAll.map((gap) => gapOf(gap, null, reports));
  const groups = new Map<string, { readonly stretch: Stretch; readonly targets: string[] }>();
  for (const target of new Set(reports.flatMap(({ targets }) => [...targets.keys()]))) {
    const counted = reports.filter((report) => report.covers(target));
    if (counted.length === 0) continue;
    for (const stretch of uncovered(around(timeOf(target, reports)), [...counted, ...ofAll])) {
      const key = `${stretch.since} ${stretch.until}`;
      const group = groups.get(key) ?? { stretch, targets: [] };
      group.targets.push(target);
      groups.set(key, group);
    }
  }
  for (const { stretch, targets } of groups.values()) gaps.push(gapOf(stretch, targets, reports));
  return gaps.sort((one, other) => one.since.getTime() - other.since.getTime());
}

/** A kept report, as far as it goes. */
class Kept implements Stretch {
  readonly key: string;
  readonly since: number;
  readonly until: number;
  /** Names of the filters that choose sessions, beyond those of all reports. */
  readonly rowFilters: readonly string[];
  /** Whether the targets were chosen, beyond what all reports choose. */
  readonly isSelection: boolean;
  readonly targets: ReadonlyMap<string, Reach["coverage"][number]>;

  constructor({ key, manifest, coverage }: Reach, shared: Filters) {
    const { generatedAt, period, filters } = manifest;
    const made = Date.parse(generatedAt);
    this.key = key;
    this.since = Math.max(Date.parse(period.since), made - LISTED_MS);
    this.until = Math.min(Date.parse(period.until), made);
    const own = Object.keys(filters).filter((name) => shared[name] === undefined);
    this.rowFilters = own.filter((name) => !SELECTORS.includes(name));
    this.isSelection = own.some((name) => SELECTORS.includes(name));
    this.targets = new Map(coverage.map((target) => [targetKey(target), target]));
  }

  covers(target: string): boolean {
    return this.rowFilters.length === 0 && this.targets.get(target)?.covered === true;
  }

  /** Why the report does not count for targets; null: it does. */
  fault(targets: readonly string[] | null): string | null {
    if (this.rowFilters.length > 0) return `${this.key} has filters (${this.rowFilters.join(", ")})`;
    if (targets === null || this.covers(targets[0]!)) return null;
    return this.targets.has(targets[0]!)
      ? `${this.key} could not read them to the end`
      : `${this.key} was made without them`;
  }
}

/** The reports from the first to the last one that a target may be missing from. */
function timeOf(target: string, reports: readonly Kept[]): readonly Kept[] {
  let first = reports.findIndex(({ targets }) => targets.has(target));
  let last = reports.findLastIndex(({ targets }) => targets.has(target));
  while (reports[first - 1]?.isSelection) first--;
  while (reports[last + 1]?.isSelection) last++;
  return reports.slice(first, last + 1);
}

const around = (stretches: readonly Stretch[]): Stretch => ({
  since: Math.min(...stretches.map(({ since }) => since)),
  until: Math.max(...stretches.map(({ until }) => until)),
});

/** The parts of a stretch that none of the others covers, in their order. */
function uncovered(whole: Stretch, others: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = [];
  let from = whole.since;
  // A report about a time that the session history had forgotten covers nothing.
  const some = others.filter(({ since, until }) => since < until);
  for (const { since, until } of some.sort((one, other) => one.since - other.since)) {
    gaps.push({ since: from, until: Math.min(since, whole.until) });
    from = Math.max(from, until);
  }
  gaps.push({ since: from, until: whole.until });
  return gaps.filter(({ since, until }) => since < until);
}

function gapOf(stretch: Stretch, targets: readonly string[] | null, reports: readonly Kept[]): Gap {
  const [since, until] = [new Date(stretch.since), new Date(stretch.until)];
  const isIn = (report: Stretch) => report.since < stretch.until && report.until > stretch.since;
  const faulty = reports.find((report) => isIn(report) && report.fault(targets) !== null);
  const next = reports.find((report) => report.since >= stretch.until) ?? reports.at(-1)!;
  const of = targets === null ? "" : ` of ${namesOf(targets, reports)}`;
  const why = faulty === undefined ? "" : `: ${faulty.fault(targets)}`;
  return {
    since,
    until,
    targets,
    key: (faulty ?? next).key,
    words: `No report has the sessions${of} from ${since.toISOString()} to ${until.toISOString()}${why}.`,
  };
}

function namesOf(targets: readonly string[], reports: readonly Kept[]): string {
  const names = targets.slice(0, NAMES_SHOWN).map((target) => {
    const { account, region } = reports.find((report) => report.targets.has(target))!.targets.get(target)!;
    return `${account} ${region}`;
  });
  const more = targets.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more targets` : ""}`;
}
