import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { betweenMarkers } from "../files/between-markers";
import { ENDS, type End } from "./ends";

/** The page that contains the table, between markers. */
export const PAGE_FILE = join(__dirname, "..", "docs", "support.md");

/** The command that generates the table. */
export const WRITE_PAGE = "npx tsx upkeep/page.ts --write";

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

const cellsOf = ({ what, ends, means, source, plan, lookAgain }: End): string[] => [
  what,
  ends ?? "not announced",
  `${means} ([source](${source}))`,
  lookAgain === undefined ? plan : `${plan} Look again by ${lookAgain}.`,
];

/** The table of everything that ends, as Markdown. */
export const supportTable = (): string =>
  [
    row(["what", "ends", "what it means", "what will be done"]),
    row(["---", "---", "---", "---"]),
    ...[...ENDS]
      .sort((one, other) => (one.ends ?? "9999").localeCompare(other.ends ?? "9999"))
      .map((end) => row(cellsOf(end))),
  ].join("\n");

/** The page with a new table. @throws Error if the page has no markers */
export const withTable = (page: string): string =>
  betweenMarkers(page, { name: "table", command: WRITE_PAGE, text: supportTable() });

if (require.main === module && process.argv.includes("--write"))
  writeFileSync(PAGE_FILE, withTable(readFileSync(PAGE_FILE, "utf8")));
