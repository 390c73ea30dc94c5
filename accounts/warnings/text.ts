import { labelled } from "../../processes/user-error";
import type { Warning, Warnings } from "../model/warnings";
import { andMore, describeValue, examplesOf } from "../reading/problems";

/**
 * The open warnings of a map as text, one block for each; "" if there are none.
 * @param source name of the map, usually its file
 */
export function describeWarnings(source: string, { open }: Warnings): string {
  if (open.length === 0) return "";
  const count = open.length === 1 ? "1 warning" : `${open.length} warnings`;
  return `${[`${source}: ${count} about the map.`, ...open.map(describeWarning)].join("\n\n")}\n\n`;
}

/** One warning as a block of lines: its path and name, and below it what was found, what follows and the remedy. */
export const describeWarning = (warning: Warning): string =>
  [
    `  ${head(warning)}`,
    ...labelled(
      {
        found: describeValue(warning.found),
        why: warning.why,
        remedy: warning.remedy,
        also: examplesOf(warning.examples, warning.others),
      },
      4,
    ),
  ].join("\n");

/** The warnings as one paragraph each, for reviews: the open ones first, then the accepted ones with their reasons. */
export const warningSentences = ({ open, accepted }: Warnings): string[] => [
  ...open.map((warning) => `${head(warning)}: ${warning.why} What to do: ${warning.remedy}.`),
  ...accepted.map(
    ({ because, until, ...warning }) =>
      `${head(warning)}: ${warning.why} Accepted until ${until}: ${because}`,
  ),
];

/** Where a warning is, and its name. */
const head = ({ path, warning, others }: Warning): string => `${path} (${warning})${andMore(others)}`;
