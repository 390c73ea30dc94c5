import { clip, visible } from "../../review/render/visible";
import type { Report, SessionRow } from "../model";
import { MEANINGS, VERDICTS } from "../verdicts";

/** Rows and targets that a summary has: an email is read on a phone. */
const SHOWN = 10;

/** SNS allows 100 ASCII characters. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH = 100;

/** A report as a short message: its coverage, its counts, and the worst sessions. */
export function summaryText(
  { header, coverage, summary, rows }: Report,
  keptAt: string | null,
): { readonly subject: string; readonly message: string } {
  const { byVerdict } = summary.aggregates;
  const alarms = VERDICTS.filter((kind) => MEANINGS[kind].level === "alarm").reduce(
    (sum, kind) => sum + byVerdict[kind],
    0,
  );
  const open = coverage.filter(({ covered }) => !covered);
  const subject = `Sessions of ${header.organization}: ${alarms} to look at, ${open.length} targets not covered`;
  const worst = rows.filter(({ verdict }) => MEANINGS[verdict.kind].level === "alarm");
  const lines = [
    `Sessions of ${header.organization} from ${header.period.since} to ${header.period.until}`,
    "",
    open.length === 0
      ? `Covered: all ${summary.targets} targets.`
      : `NOT COVERED: ${open.length} of ${summary.targets} targets. What is missing there is not clean, but unknown.`,
    ...open.slice(0, SHOWN).map(({ account, region }) => `  ${account} ${region}`),
    ...more(open.length, "targets"),
    "",
    ...VERDICTS.filter((kind) => byVerdict[kind] > 0).map(
      (kind) => `${String(byVerdict[kind]).padStart(8)}  ${MEANINGS[kind].title}`,
    ),
    ...(worst.length > 0 ? ["", "To look at:"] : []),
    ...worst.slice(0, SHOWN).map(rowLine),
    ...more(alarms, "sessions"),
    ...(keptAt === null ? [] : ["", `Kept at ${keptAt}`]),
  ];
  return {
    subject: clip(subject, SUBJECT_LENGTH).replace(/[^\x20-\x7e]/g, "?"),
    message: `${lines.join("\n")}\n`,
  };
}

const more = (count: number, what: string): string[] =>
  count > SHOWN ? [`  and ${count - SHOWN} more ${what}`] : [];

const rowLine = ({ verdict, start, account, region, id, person }: SessionRow): string =>
  `  ${MEANINGS[verdict.kind].title}: ${visible(id)} of ${visible(person?.name ?? "unknown")}, ${account} ${region}, ${start}`;
