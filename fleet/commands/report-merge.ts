import { Option, type Command } from "commander";
import { widthOf } from "../../processes/terminal";
import { UserError } from "../../processes/user-error";
import { verifyChain } from "../../report/chain/verify";
import { jsonLine } from "../../report/render/json";
import { coverageText, text } from "../../report/render/text";
import { interruptible, newCommand, type Context } from "../command";
import { inAwsWords } from "../report/in-aws-words";
import { expectationOf, withExpectation, type ExpectationOptions } from "../report/kept/expectation";
import { wholeNumber, timeOf } from "../report/options";
import { csvOf, print } from "../report/print";
import { styles } from "../report/styles";

const EXAMPLES = `
Examples:
  Everything that was kept since New Year, each session once:
    npx session-audit report merge s3://acme-reports/weekly --public-key reports.der --since 2027-01-01 --csv > year.csv

Exit codes:
  0    every session is recorded, or need not be, and every target was covered
  1    the reports are not whole: session-audit report verify says why
  3    a session should be recorded and is not, or its witnesses contradict each other
  4    a target is not covered in its newest report, or sessions of it are in no report`;

interface MergeOptions extends ExpectationOptions {
  readonly since?: string;
  readonly until?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly limit: string;
  readonly strict?: boolean;
}

/** `session-audit report merge`: one report of kept ones. */
export const reportMergeCommand = (context: Context): Command =>
  withExpectation(newCommand("merge", context))
    .description(
      "Makes one report of kept ones, each session once: the newest report wins, an alarm stays, and what AWS has " +
        "forgotten since erases nothing.",
    )
    .argument("<place>", "a folder, or s3://<bucket>/<prefix>")
    .option("--since <date>", "sessions that started at this date or time in UTC, or later")
    .option("--until <date>", "sessions that started before this date or time in UTC")
    .option("--strict", "exit with 3 also for sessions that are recorded in part")
    .option("--limit <number>", "sessions that the table shows, of the worst and of the newest", "50")
    .addOption(new Option("--csv", "print every session as CSV").conflicts("json"))
    .addOption(new Option("--json", "print NDJSON: report/report.schema.json describes its lines"))
    .addHelpText("after", EXAMPLES)
    .action((where: string, options: MergeOptions) =>
      interruptible(context, ({ signal }) => merge(where, options, context, signal), "the merge"),
    );

const UNSIGNED =
  "Signatures were not checked: without --public-key, whoever can write there can make up all of this.\n";

async function merge(
  where: string,
  options: MergeOptions,
  { io, exit }: Context,
  signal: AbortSignal,
): Promise<void> {
  const limit = wholeNumber("--limit", options.limit, { from: 1, to: 10_000 });
  const since = options.since === undefined ? null : timeOf("--since", options.since);
  const until = options.until === undefined ? null : timeOf("--until", options.until);
  const expected = expectationOf(options, io);
  const { openPlace } = require("../report/kept/open-place") as typeof import("../report/kept/open-place");
  const { mergeKept } = require("../report/kept/merge-kept") as typeof import("../report/kept/merge-kept");
  const place = openPlace(where, io);
  try {
    const { links, problems } = await inAwsWords(where, async () =>
      verifyChain(await place.reading(), expected),
    );
    // A time that no report covers is no reason to merge nothing: no session is wrong, and the coverage says what is missing.
    const broken = problems.filter(({ kind }) => kind !== "period-gap");
    if (broken.length > 0) {
      throw new UserError({
        what: `${place.name}: the kept reports are not whole: ${broken[0]!.kind} ${broken[0]!.key}.`,
        remedy: "session-audit report verify, with the same options, lists everything that is wrong.",
      });
    }
    const printed = options.csv ? csvOf : options.json ? jsonLine : () => "";
    const { report, repeats } = await mergeKept({
      place,
      links,
      since,
      until,
      limit,
      strict: options.strict ?? false,
      write: (line) => print(io.stdout, printed(line), signal),
    });
    const [output, words] =
      options.csv || options.json ? ([io.stderr, coverageText] as const) : ([io.stdout, text] as const);
    output.write(words(report, { columns: widthOf(output, io.env), styled: styles(output, io.env) }));
    io.stderr.write(
      `Kept reports: ${links.length}. Rows that repeat the session of an earlier report: ${repeats}.\n`,
    );
    if (expected.publicKeys === null) io.stderr.write(UNSIGNED);
    exit(report.summary.exitCode);
  } finally {
    place.close();
  }
}
