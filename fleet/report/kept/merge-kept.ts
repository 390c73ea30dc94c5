import { UserError } from "../../../processes/user-error";
import { Aggregation } from "../../../report/aggregate";
import { gapsOf, sharedFilters, targetKey, type Gap, type Reach } from "../../../report/chain/gaps";
import { NDJSON } from "../../../report/chain/manifest";
import { Merge, settled } from "../../../report/chain/merge";
import { parseReportLine } from "../../../report/chain/report-lines";
import type { Link } from "../../../report/chain/verify";
import { KeptRows } from "../../../report/kept-rows";
import type {
  Coverage,
  Report,
  ReportHeader,
  ReportLine,
  ReportSummary,
  SessionRow,
} from "../../../report/model";
import { exitCodeOf } from "../report";
import type { Place } from "./place";

/** Which sessions a merged report has, and what becomes of its lines. */
export interface MergeProps {
  readonly place: Pick<Place, "name" | "lines">;
  /** Kept reports of a chain that was checked, the oldest first. */
  readonly links: readonly Link[];
  /** Sessions that started at this time or later; null: all. */
  readonly since: Date | null;
  /** Sessions that started before this time; null: all. */
  readonly until: Date | null;
  readonly strict: boolean;
  /** Number of the worst rows, and again of the newest rows, that the result has. */
  readonly limit: number;
  readonly write: (line: ReportLine) => Promise<void> | void;
}

/** What was merged. */
export interface Merged {
  readonly report: Report;
  /** Number of rows that repeat the session of an earlier report, in or out of the period. */
  readonly repeats: number;
}

/**
 * Makes one report of kept ones: each session once, as `Merge` decides, and of each target the newest coverage. A
 * target is not covered if sessions of its own are in no report, although the period of the result has their time.
 */
export async function mergeKept(props: MergeProps): Promise<Merged> {
  const { links, place, write, limit } = props;
  const merge = new Merge();
  const newestOf = new Map<string, Coverage>();
  const reaches: Reach[] = [];
  let newest: ReportHeader | null = null;
  let mapWarnings: readonly string[] = [];
  for (const [index, link] of links.entries()) {
    const coverage: Coverage[] = [];
    reaches.push({ key: link.key, manifest: link.manifest, coverage });
    for await (const line of linesOf(place, link)) {
      if (line.type === "report") newest = line;
      if (line.type === "coverage") {
        coverage.push(line);
        newestOf.set(targetKey(line), line);
      }
      if (line.type === "summary") mapWarnings = line.mapWarnings;
      if (line.type === "session") merge.add(line, index);
    }
  }
  const header = headerOf(props, newest!);
  const { timeZone, workingHours, period } = header;
  const aggregation = new Aggregation({
    timeZone,
    workingHours,
    period: { since: new Date(period.since), until: new Date(period.until) },
  });
  const kept = new KeptRows(limit);
  const gaps = gapsOf(reaches).filter(
    ({ since, until }) => since.toISOString() < period.until && until.toISOString() > period.since,
  );
  const targets = [...newestOf.values()].map((target) => withGaps(target, gaps));
  await write(header);
  for (const target of targets) await write(target);
  const isIn = ({ start }: SessionRow) => start >= period.since && start < period.until;
  for (const [index, link] of links.entries()) {
    for await (const line of linesOf(place, link)) {
      if (line.type !== "session" || !merge.isWinner(line, index) || !isIn(line)) continue;
      const row = settled(line, link.manifest.generatedAt, header.generatedAt);
      aggregation.add(row);
      kept.add(row);
      await write(row);
    }
  }
  const aggregates = aggregation.result();
  const summary: ReportSummary = {
    type: "summary",
    aggregates,
    targets: targets.length,
    coveredTargets: targets.filter(({ covered }) => covered).length,
    mapWarnings,
    exitCode: exitCodeOf(aggregates.byVerdict, targets, props.strict),
  };
  await write(summary);
  return { report: { header, coverage: targets, summary, ...kept.result() }, repeats: merge.repeats };
}

/** The coverage of a target of whose sessions some are in no report. */
function withGaps(target: Coverage, gaps: readonly Gap[]): Coverage {
  const own = gaps.filter(({ targets }) => targets === null || targets.includes(targetKey(target)));
  if (own.length === 0) return target;
  const { history } = target.witnesses;
  const reason = [...(history.reason === null ? [] : [history.reason]), ...own.map(({ words }) => words)];
  const witnesses = {
    ...target.witnesses,
    history: { status: "not-covered", reason: reason.join(" ") },
  } as const;
  return { ...target, covered: false, witnesses };
}

/** The header of the newest report, with the time of all of them, and what all of them were filtered by. */
function headerOf({ links, since, until }: MergeProps, newest: ReportHeader): ReportHeader {
  const periods = links.map(({ manifest }) => manifest.period);
  const first = periods.map((period) => period.since).sort()[0]!;
  const last = periods
    .map((period) => period.until)
    .sort()
    .at(-1)!;
  return {
    ...newest,
    filters: sharedFilters(links.map(({ manifest }) => manifest)),
    period: {
      since: since === null || since.toISOString() < first ? first : since.toISOString(),
      until: until === null || until.toISOString() > last ? last : until.toISOString(),
    },
  };
}

/**
 * The lines of a kept report. That its bytes are those of the manifest was checked before. Whoever has made up both could
 * have written anything, so each line is checked as well.
 * @throws UserError that names the line which session-audit does not write
 */
async function* linesOf(place: MergeProps["place"], link: Link): AsyncGenerator<ReportLine> {
  const part = link.manifest.parts.find(({ mediaType }) => mediaType === NDJSON);
  if (part === undefined) {
    throw new UserError({
      what: `${place.name}: ${link.key} names no NDJSON, which reports are merged from.`,
      remedy: "Merge reports that session-audit report --out has kept.",
    });
  }
  const refuse = (found: string): never => {
    throw new UserError({
      what: `${place.name}: ${part.key} is no report of session-audit, although ${link.key} names its checksum.`,
      found,
      remedy:
        "If a newer version of session-audit kept it, merge with that version. Otherwise find out who wrote it, and check the signatures: session-audit report verify --public-key <file>",
    });
  };
  let [number, sessions] = [0, 0];
  let last: ReportLine["type"] | null = null;
  for await (const text of place.lines(part.key)) {
    number++;
    const line = parseReportLine(text) ?? refuse(`line ${number} is no line of a report`);
    if ((line.type === "report") !== (last === null))
      refuse(`line ${number}: a report has one header, as its first line`);
    if (last === "summary") refuse(`line ${number} is behind the summary, which is the last line`);
    last = line.type;
    if (line.type === "session") sessions++;
    yield line;
  }
  if (last !== "summary") refuse("the summary is missing, which is the last line");
  const { rows } = link.manifest;
  if (sessions !== rows) refuse(`${sessions} sessions, and the manifest says ${rows}`);
}
