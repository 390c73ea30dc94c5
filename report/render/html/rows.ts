import type { Facet } from "../../../pages/page/hash";
import { clip, visible } from "../../../pages/visible";
import { isWorkingTime } from "../../aggregate";
import { localTimes } from "../../local-time";
import type { Report, SessionRow } from "../../model";
import { MEANINGS, VERDICTS, WITHOUT_SESSION, severityOf } from "../../verdicts";
import { rowKey } from "../../row-key";
import { factsOf } from "../facts";
import { durationWords, type Times } from "../times";
import type { FactChunk, PageRow } from "./page-data";

/** Rows whose evidence is in one element of the page. It is decoded when a reader opens one of them. */
export const CHUNK = 100;

/** Characters of a cell. The evidence has all of a longer value. */
const LONGEST = 120;
/** A text as cells of the table show it, and as the filters know it. */
export const cell = (text: string | null | undefined): string => clip(visible(text ?? ""), LONGEST);

/** What a session without a document is filtered by. */
const PREFERENCES = "preferences document";
const IN_HOURS = "working hours";
const OUT_OF_HOURS = "out of hours";

/**
 * The rows of the table.
 * @param replays position of the replay of each session that has one, by {@link rowKey}
 */
export function pageRows(
  { rows, header }: Pick<Report, "rows" | "header">,
  { local }: Times,
  replays: ReadonlyMap<string, number>,
): PageRow[] {
  const tell = localTimes(header.timeZone);
  return rows.map((row): PageRow => {
    const { weekday, hour } = tell(new Date(row.start));
    const isRecord = WITHOUT_SESSION.includes(row.verdict.kind);
    const replay = replays.get(rowKey(row));
    return {
      key: visible(rowKey(row)),
      verdict: severityOf(row.verdict.kind),
      start: Math.floor(Date.parse(row.start) / 1000),
      started: local(row.start).slice(0, -3),
      seconds: row.durationSeconds,
      lasted: row.durationSeconds === null ? "" : durationWords(row.durationSeconds),
      outOfHours: !isRecord && !isWorkingTime(header.workingHours, weekday, hour),
      person: cell(row.person?.name),
      account: cell(row.account),
      region: cell(row.region),
      instance: cell([row.instanceName, row.instance].filter(Boolean).join(" ")),
      id: cell(row.id),
      document: cell(row.document ?? PREFERENCES),
      access: cell(row.accessType),
      more: cell(
        [row.accountId, row.person?.role, row.reason, row.trail?.sourceIp].filter(Boolean).join(" "),
      ),
      ...(replay !== undefined && { replay }),
    };
  });
}

/** Values of all facts, a chunk in each. */
export function factChunks(rows: readonly SessionRow[], times: Times): FactChunk[] {
  const chunks: FactChunk[] = [];
  for (let first = 0; first < rows.length; first += CHUNK) {
    const positions = new Map<string, number>();
    const position = (value: string | null): number => {
      if (value === null) return -1;
      const known = positions.get(value) ?? positions.size;
      positions.set(value, known);
      return known;
    };
    const of = rows.slice(first, first + CHUNK).map((row) => factsOf(row, times).map(position));
    chunks.push({ values: [...positions.keys()], rows: of });
  }
  return chunks;
}

/** What each filter calls its values, and the value that a row has. `page/rows.js` has the same names. */
export function facetsOf(rows: readonly PageRow[]): Facet[] {
  const values = (of: (row: PageRow) => string) => [...new Set(rows.map(of))].filter(Boolean).sort();
  const kinds = new Set(rows.map(({ verdict }) => verdict));
  return [
    {
      name: "verdict",
      label: "Verdict",
      values: VERDICTS.filter((_, index) => kinds.has(index)).map((kind) => MEANINGS[kind].title),
    },
    {
      name: "level",
      label: "Level",
      values: LEVELS.filter((level) =>
        rows.some(({ verdict }) => MEANINGS[VERDICTS[verdict]!].level === level),
      ),
    },
    {
      name: "hours",
      label: "Hours",
      values: [OUT_OF_HOURS, IN_HOURS].filter((hours) =>
        rows.some(({ outOfHours }) => outOfHours === (hours === OUT_OF_HOURS)),
      ),
    },
    { name: "account", label: "Account", values: values(({ account }) => account) },
    { name: "region", label: "Region", values: values(({ region }) => region) },
    { name: "person", label: "Person", values: values(({ person }) => person) },
    { name: "document", label: "Document", values: values(({ document }) => document) },
    { name: "access", label: "Access", values: values(({ access }) => access) },
  ];
}

const LEVELS = ["alarm", "gap", "warning", "info", "good"] as const;
