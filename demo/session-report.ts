import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Organization } from "../accounts/model/organization";
import type { Coverage, ReportLine, SessionRow } from "../report/model";
import { Commands, expect, type CommandsProps } from "./commands";
import { AMBIENT_ROLE } from "./deployment";
import type { SessionEvidence } from "./operators";

/** Names of the files: every line of the report, and its page. */
const LINES_FILE = "report.ndjson";
const PAGE_FILE = "report.html";

/** What `session-audit report` says of the sessions of the demo. */
export interface SessionReport {
  /** The table, in lines that fit the screen. */
  readonly table: readonly string[];
  /** The files of the report, by what they are. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Runs `session-audit report` over what the demo has done, and leaves its files in a folder.
 * @param folder is replaced
 * @throws UnexpectedOutcome unless every target is covered and each session of the evidence is recorded
 */
export async function reportSessions(
  organization: Organization,
  evidence: readonly SessionEvidence[],
  { folder, ...props }: Omit<CommandsProps, "directory"> & { readonly folder: string },
): Promise<SessionReport> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const commands = new Commands({ ...props, directory: folder });
  const role = roleOption(organization);
  const ends = { exitCode: 0, meaning: "every session is recorded, or need not be", says: [] };
  const nothing = () => [];
  const lines = await commands.run(`report --json --html ${PAGE_FILE}${role}`, { ...ends, show: nothing });
  await writeFile(join(folder, LINES_FILE), lines);
  const problem = reportProblem(parsed(lines), evidence);
  expect(problem === null, `session-audit report: ${problem}`);
  const table = await commands.run(`report${role}`, { ...ends, show: nothing });
  return {
    table: table.trimEnd().split("\n"),
    files: { "open it in a browser": join(folder, PAGE_FILE), "every line": join(folder, LINES_FILE) },
  };
}

/**
 * The role of the report, where the command would assume another one: the demo has no people who may assume the report role,
 * and no surrounding credentials.
 */
export function roleOption({ deployment, accounts }: Organization): string {
  if (deployment.mode !== "assume-role") return ` --role ${AMBIENT_ROLE}`;
  const hasReporters = accounts.some(({ settings: { access } }) => access.reporters.length > 0);
  return hasReporters ? ` --role ${deployment.role}` : "";
}

const parsed = (lines: string): readonly ReportLine[] =>
  lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ReportLine);

/** What is wrong with a report about sessions that left their records, as one sentence; null: nothing. */
export function reportProblem(
  lines: readonly ReportLine[],
  evidence: readonly SessionEvidence[],
): string | null {
  const uncovered = lines.find((line): line is Coverage => line.type === "coverage" && !line.covered);
  if (uncovered !== undefined) return `${uncovered.account}, ${uncovered.region} is not covered.`;
  const rows = lines.filter((line): line is SessionRow => line.type === "session");
  for (const { account, region, sessionId } of evidence) {
    const row = rows.find((one) => one.id === sessionId && one.account === account && one.region === region);
    const where = `the session ${sessionId} in ${account}, ${region}`;
    if (row === undefined) return `it does not have ${where}.`;
    const { verdict, witnesses } = row;
    if (verdict.kind !== "recorded") return `${where} is ${verdict.kind}: ${verdict.words.join(" ")}`;
    if (witnesses.trail !== "yes") return `CloudTrail does not know ${where}.`;
  }
  return lines.at(-1)?.type === "summary" ? null : "it has no summary, so it is not complete.";
}
