import { parseArgs } from "node:util";
import { program, start } from "../processes/program";
import { fold, widthOf } from "../processes/terminal";
import { UserError } from "../processes/user-error";
import { ENDS } from "./ends";
import { dueOn, isDay, NOTICE_DAYS, type Due } from "./support";

const HELP = `Usage: npm run check:support -- [--date YYYY-MM-DD]

Says what this project uses that ends within ${NOTICE_DAYS} days of a date, today by default, and what to do about it.
docs/support.md has the whole list.

Exit codes:
  0   nothing ends within ${NOTICE_DAYS} days
  1   the command line is wrong
  2   something does
`;

/** The program behind `npm run check:support`. It is no test, because a test must not turn red by the calendar. */
export const run = program((argv, { stdout, env }) => {
  const options = parsed(argv);
  if (options === "help") {
    stdout.write(HELP);
    return 0;
  }
  const all = dueOn(options.date, ENDS);
  const due = all.filter(({ isDue }) => isDue);
  const width = widthOf(stdout, env);
  for (const one of due) stdout.write(`${described(one, width).join("\n")}\n\n`);
  const next = all.find(({ isDue }) => !isDue);
  const summary =
    `${due.length} of ${all.length} end or have to be looked at within ${NOTICE_DAYS} days of ${options.date}.` +
    (next === undefined ? "" : ` The next one is ${next.end.what}, on ${next.day}.`);
  stdout.write(`${fold(summary, { width, first: "", rest: "" }).join("\n")}\n`);
  return due.length > 0 ? 2 : 0;
});

function parsed(argv: readonly string[]): "help" | { readonly date: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { date: { type: "string" }, help: { type: "boolean" } },
    });
    if (values.help) return "help";
    const date = values.date ?? new Date().toISOString().slice(0, 10);
    if (isDay(date)) return { date };
    throw new UserError({
      what: `--date ${JSON.stringify(date)} is not a day.`,
      allowed: "a day like 2027-01-31",
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError({
      what: `the command line is wrong: ${argv.join(" ")}`,
      allowed: "--date YYYY-MM-DD, --help",
    });
  }
}

function described({ end, day, days, hasEnded }: Due, width: number): string[] {
  const when =
    days > 0 ? `in ${days} days, on ${day}` : days === 0 ? `today, ${day}` : `${-days} days ago, on ${day}`;
  const head =
    end.ends === day
      ? `${hasEnded ? "ended" : "ends"} ${when}`
      : `${end.ends === null ? "may end" : "has ended"}; look at it again ${when}`;
  const paragraph = (text: string) => fold(text, { width, first: "  ", rest: "  " });
  return [
    ...fold(`${end.what}: ${head}`, { width, first: "", rest: "  " }),
    ...paragraph(end.ends === null ? end.means : `${end.ends}: ${end.means}`),
    ...paragraph(`What to do: ${end.plan}`),
    `  ${end.source}`,
  ];
}

if (require.main === module) void start(run);
