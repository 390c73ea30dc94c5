import { once } from "node:events";
import type { Output } from "../../processes/program";
import type { ReportLine } from "../../report/model";
import { csvHeader, csvLine } from "../../report/render/csv";

/** CSV has the sessions alone, below one line with the names of the columns. */
export function csvOf(line: ReportLine): string {
  if (line.type === "report") return csvHeader();
  return line.type === "session" ? csvLine(line) : "";
}

/** Writes a text, and waits while the reader is slower than the report. */
export async function print(output: Output, printed: string, signal: AbortSignal): Promise<void> {
  if (printed === "" || output.write(printed) !== false) return;
  // Only a stream answers false. A reader that has left, such as `| head`, takes nothing any more, and neither does a full
  // disk, which `start` reports.
  const stream = output as NodeJS.WriteStream;
  if (!stream.destroyed) await once(stream, "drain", { signal }).catch(() => signal.throwIfAborted());
}
