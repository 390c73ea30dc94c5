import { Aggregation } from "../../report/aggregate";
import { KeptRows } from "../../report/kept-rows";
import {
  WITNESSES,
  type Coverage,
  type Report,
  type ReportHeader,
  type SessionRow,
} from "../../report/model";
import { history, NOW, rowsOf, stream, trail, transcript } from "./evidence";

const PERIOD = { since: new Date("2026-10-25T12:00:00Z"), until: NOW };
const HOURS = { weekdays: [1, 2, 3, 4, 5], from: 8, to: 18 };

export const HEADER: ReportHeader = {
  type: "report",
  version: 1,
  organization: "acme",
  generatedAt: NOW.toISOString(),
  timeZone: "UTC",
  period: { since: PERIOD.since.toISOString(), until: PERIOD.until.toISOString() },
  workingHours: HOURS,
  filters: {},
};

/** The coverage of a target. @param reasons why witnesses are not covered */
export const coverage = (reasons: Partial<Record<(typeof WITNESSES)[number], string>> = {}): Coverage => ({
  type: "coverage",
  account: "payments",
  accountId: "444444444444",
  region: "eu-west-1",
  rows: 1,
  covered: Object.keys(reasons).length === 0,
  witnesses: Object.fromEntries(
    WITNESSES.map((witness) => [
      witness,
      reasons[witness] === undefined
        ? { status: "covered", reason: null }
        : { status: "not-covered", reason: reasons[witness] },
    ]),
  ) as Coverage["witnesses"],
});

/** One row of each kind that a target may have. */
export const ROWS: readonly SessionRow[] = [
  ...rowsOf({ history: history(), trail: trail(), transcripts: [transcript()], stream: stream() }),
  ...rowsOf({ history: history(), trail: trail() }),
  ...rowsOf({ history: history(), stream: stream() }),
  ...rowsOf({ transcripts: [transcript()] }),
  ...rowsOf({
    history: history({ document: "AWS-StartPortForwardingSession" }),
    trail: trail({ parameters: { portNumber: ["5432"] } }),
  }),
];

/** A report of rows. @param limit number of the worst and of the newest rows that it keeps */
export function reportOf(
  rows: readonly SessionRow[],
  {
    targets = [coverage()],
    limit = 100,
    mapWarnings = [],
  }: {
    targets?: readonly Coverage[];
    limit?: number;
    mapWarnings?: readonly string[];
  } = {},
): Report {
  const aggregation = new Aggregation({ period: PERIOD, timeZone: "UTC", workingHours: HOURS });
  const kept = new KeptRows(limit);
  for (const row of rows) {
    aggregation.add(row);
    kept.add(row);
  }
  return {
    header: HEADER,
    coverage: targets,
    summary: {
      type: "summary",
      aggregates: aggregation.result(),
      targets: targets.length,
      coveredTargets: targets.filter(({ covered }) => covered).length,
      mapWarnings,
      exitCode: 3,
    },
    ...kept.result(),
  };
}

/** A row in which every text is a value of an attacker's choice. */
export const hostileRow = (value: string): SessionRow => ({
  ...ROWS[1]!,
  id: value,
  instance: value,
  instanceName: value,
  platform: value,
  owner: value,
  person: { name: value, role: value, sessionName: value, sourceIdentity: value, identityCenterUser: value },
  status: value,
  document: value,
  documentParameters: { host: [value], [value]: [value] },
  accessType: value,
  reason: value,
  trail: { ...ROWS[1]!.trail!, eventId: value, sourceIp: value, userAgent: value, issuer: value },
  verdict: { kind: "unrecorded", words: [value] },
});
