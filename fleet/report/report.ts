import type { Target } from "../../accounts/model/organization";
import { Aggregation } from "../../report/aggregate";
import { KeptRows } from "../../report/kept-rows";
import type { Coverage, Report, ReportHeader, ReportLine, ReportSummary } from "../../report/model";
import { MEANINGS, VERDICTS, type Level } from "../../report/verdicts";
import { EXIT } from "../command";
import type { FleetProgress } from "../progress";
import { inParallel } from "../in-parallel";
import { readTarget } from "./read-target";
import type { ReadProps } from "./target-reader";

/** How a report over many targets is made. */
export interface ReportProps extends ReadProps {
  readonly header: ReportHeader;
  readonly targets: readonly Target[];
  /** Number of targets that are read at the same time. */
  readonly parallel: number;
  /** Warnings about the map, in sentences. */
  readonly mapWarnings: readonly string[];
  /** Whether sessions that are recorded in part also count as not recorded. */
  readonly strict: boolean;
  /** Number of the worst rows, and again of the newest rows, that the result has. */
  readonly limit: number;
  readonly progress: FleetProgress;
  /** Receives each line of the report as soon as it is known, and may make the report wait. */
  readonly write: (line: ReportLine) => Promise<void> | void;
}

/**
 * Reads targets side by side and writes the lines of the report as they come. Memory depends on the targets that are read
 * at the same time and on `limit`, and not on the number of sessions.
 * @throws the reason of an aborted signal
 */
export async function report(props: ReportProps): Promise<Report> {
  const { header, targets, parallel, limit, progress, write, signal } = props;
  const { timeZone, workingHours } = header;
  const aggregation = new Aggregation({ period: props.period, timeZone, workingHours });
  const kept = new KeptRows(limit);
  const coverage: Coverage[] = [];
  await write(header);
  const read = async (target: Target) => {
    const id = `${target.account.name} ${target.region}`;
    progress.start(id);
    const result = await readTarget(target, props);
    const { covered, rows } = result.coverage;
    progress.finish(id, covered ? `${rows} sessions` : `${rows} sessions, not covered`, { failed: !covered });
    return result;
  };
  for await (const result of inParallel(targets, parallel, read, signal)) {
    coverage.push(result.coverage);
    await write(result.coverage);
    for (const row of result.rows) {
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
    coveredTargets: coverage.filter(({ covered }) => covered).length,
    mapWarnings: props.mapWarnings,
    exitCode: exitCodeOf(aggregates.byVerdict, coverage, props.strict),
  };
  await write(summary);
  const order = ({ covered, account, region }: Coverage) => `${covered ? 1 : 0} ${account} ${region}`;
  return {
    header,
    coverage: coverage.sort((one, other) => (order(one) < order(other) ? -1 : 1)),
    summary,
    ...kept.result(),
  };
}

/**
 * The exit code. An alarm wins over a gap in coverage, because an alarm needs a reaction. The reader sees the gaps anyway:
 * the report begins with them.
 */
export function exitCodeOf(
  byVerdict: ReportSummary["aggregates"]["byVerdict"],
  coverage: readonly Coverage[],
  strict: boolean,
): number {
  const has = (level: Level) =>
    VERDICTS.some((kind) => MEANINGS[kind].level === level && byVerdict[kind] > 0);
  if (has("alarm") || (strict && byVerdict["in-part"] > 0)) return EXIT.unrecorded;
  if (has("gap") || coverage.some(({ covered }) => !covered)) return EXIT.notCovered;
  return EXIT.ok;
}
