import { isTimeZone } from "../local-time";
import type { ReportLine } from "../model";
import { reportLineSchema } from "../reference/report-schema";

/** A line of a report from its text; null: the text is no line that this version writes. */
export function parseReportLine(text: string): ReportLine | null {
  try {
    const line = reportLineSchema.safeParse(JSON.parse(text)).data as ReportLine | undefined;
    // JSON Schema has no list of time zones.
    return line === undefined || (line.type === "report" && !isTimeZone(line.timeZone)) ? null : line;
  } catch {
    return null;
  }
}
