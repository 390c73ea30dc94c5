import { visibleJson } from "../../review/render/visible";
import type { ReportLine } from "../model";

/**
 * A line of the JSON output. Characters that a reader cannot see are escaped, so that the text may be printed in a
 * terminal.
 */
export const jsonLine = (line: ReportLine): string => `${visibleJson(JSON.stringify(line))}\n`;
