import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { warningsOn } from "../../accounts/warnings";
import { warningSentences } from "../../accounts/warnings/text";
import type { Interruption } from "../../processes/interruption";
import { widthOf } from "../../processes/terminal";
import { jsonLine } from "../../report/render/json";
import { coverageText, text } from "../../report/render/text";
import { withFewerRows } from "../../report/kept-rows";
import type { ReportHeader } from "../../report/model";
import { interruptible, newCommand, type Context } from "../command";
import { selected, sessionTargets, withSelectors, type SelectorOptions } from "../options";
import { refuseUnwritable } from "../output-file";
import { FleetProgress } from "../progress";
import { chosenBy, type Filters } from "../report/filters";
import { limitHeapGrowth } from "../report/heap-growth";
import { keptText, openKeeper, signWithoutOut } from "../report/kept/keeping";
import { inAwsWords } from "../report/in-aws-words";
import { periodOf, timeZoneOf, wholeNumber, workingHoursOf, type PeriodOptions } from "../report/options";
import { csvOf, print } from "../report/print";
import {
  checkSessionOptions,
  opensLogStream,
  withSessionOptions,
  type SessionOptions,
} from "../report/session-options";
import { styles } from "../report/styles";
import { reportMergeCommand } from "./report-merge";
import { reportVerifyCommand } from "./report-verify";

const EXAMPLES = `
Examples:
  Every session of the last 30 days, the worst first:
    npx session-audit report
  One account, for a spreadsheet:
    npx session-audit report --account payments --csv > sessions.csv
  Everything that is known about one session:
    npx session-audit report --session alice-wzleysigzmbd6fmkefjqvt5w4u --json
  The sessions of a person in the last 7 days, with times in Berlin's time zone:
    npx session-audit report --owner alice --days 7 --time-zone Europe/Berlin
  Port forwarding sessions, with the host and port that CloudTrail recorded:
    npx session-audit report --document AWS-StartPortForwardingSessionToRemoteHost
  Keep the report beyond AWS's 30 days, signed, and tell the security channel:
    npx session-audit report --out s3://acme-reports/weekly --sign alias/reports --publish
  From the files of a trail instead of CloudTrail's event history:
    npx session-audit report --trail s3://acme-trail

Exit codes:
  0    every session that should be recorded is, and every witness could be read completely
  1    the map or an option is wrong, or something else failed
  3    a session should be recorded and is not, or its witnesses contradict each other
  4    a target is not covered: AWS denied or throttled a call, or the map records nothing there
  130  interrupted
3 wins over 4. Targets that are not covered are at the beginning of the report in any case.`;

interface ReportOptions extends SelectorOptions, PeriodOptions, Filters, SessionOptions {
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly limit: string;
  readonly timeZone: string;
  readonly workingHours: string;
  /** false: CloudTrail is left out. */
  readonly trail?: string | false;
  readonly details: boolean;
  readonly strict?: boolean;
  readonly out?: string;
  readonly sign?: string;
  readonly publish?: boolean;
  readonly role?: string;
  readonly parallel: string;
}

/** `session-audit report`: every session, and whether it was recorded. */
export const reportCommand = (context: Context): Command =>
  withSessionOptions(withSelectors(newCommand("report", context)))
    // Options after the name of a subcommand are the subcommand's.
    .enablePositionalOptions()
    .description(
      "Lists the sessions of the selected accounts and regions, and whether each was recorded. It compares three " +
        "witnesses: the session history, CloudTrail, and the records themselves. It changes nothing.",
    )
    .option("--days <number>", "sessions that started in the last <number> days (default: 30)")
    .option("--since <date>", "sessions that started at this date or time in UTC, or later")
    .option("--until <date>", "sessions that started before this date or time in UTC (default: now)")
    .option("--session <id>", "only the session with this id")
    .option("--owner <name>", "only sessions of this person: an ARN, or a name as the report shows it")
    .option("--instance <id>", "only sessions on this managed node")
    .option("--status <status>", "only sessions with this status, like Connected or Failed")
    .option("--document <name>", "only sessions with this document")
    .addOption(
      new Option("--access-type <type>", "only sessions of this kind of access").choices([
        "Standard",
        "JustInTime",
      ]),
    )
    .option("--time-zone <name>", "time zone of days and hours, like Europe/Berlin", "UTC")
    .option("--working-hours <hours>", "sessions at other times count as out of hours", "Mon-Fri 08-18")
    .option("--trail <url>", "read a trail's files in s3://<bucket>/<prefix>, not CloudTrail's event history")
    .option("--no-trail", "leave CloudTrail out")
    .option("--no-details", "do not read checksum, lock and replication: saves one call for each transcript")
    .option("--strict", "exit with 3 also for sessions that are recorded in part")
    .option(
      "--role <name>",
      "role to assume in each account (default: the report role, the map's planRole, or its role)",
    )
    .option(
      "--limit <number>",
      "how many of the worst and how many of the newest sessions the table shows",
      "50",
    )
    .option("--parallel <number>", "how many targets to read side by side", "16")
    .option(
      "--out <place>",
      "keep the report in a folder or in s3://<bucket>/<prefix>, chained to the one before it",
    )
    .option("--sign <key>", "KMS key, by its ARN or alias, that signs what --out keeps")
    .option("--publish", "publish a summary on the topic of the central channel or of the security channel")
    .addOption(new Option("--csv", "print every session as CSV").conflicts("json"))
    .addOption(new Option("--json", "print NDJSON: report/report.schema.json describes its lines"))
    .addCommand(reportVerifyCommand(context))
    .addCommand(reportMergeCommand(context))
    .addHelpText("after", EXAMPLES)
    .action((ids: string[], options: ReportOptions) =>
      interruptible(context, (interruption) => run(ids, options, context, interruption), "the report"),
    );

async function run(
  ids: readonly string[],
  options: ReportOptions,
  { io, screen, exit }: Context,
  { signal }: Interruption,
): Promise<void> {
  const now = new Date();
  const period = periodOf(options, now);
  const header = headerOf(ids, options, period, now);
  const parallel = wholeNumber("--parallel", options.parallel, { from: 1, to: 100 });
  const shown = wholeNumber("--limit", options.limit, { from: 1, to: 10_000 });
  const makesPage = options.html !== undefined || options.out !== undefined;
  const limit = makesPage ? Math.max(shown, PAGE_ROWS) : shown;
  checkSessionOptions(options);
  const chosen = selected(io, ids, options);
  const { organization } = chosen;
  const targets = sessionTargets(chosen);
  if (options.sign !== undefined && options.out === undefined) throw signWithoutOut();
  // Loaded here, because most commands need no AWS SDK.
  const { TargetClients } = require("../target-clients") as typeof import("../target-clients");
  const { report } = require("../report/report") as typeof import("../report/report");
  const { trailReader } = require("../report/trail-reader") as typeof import("../report/trail-reader");
  const { publishSummary, publisherRemedy, summaryTopic } =
    require("../report/publish") as typeof import("../report/publish");
  for (const option of ["html", "asciicast"] as const) {
    const file = options[option];
    if (file !== undefined) await refuseUnwritable(`--${option}`, resolve(io.cwd, file));
  }
  const topic = options.publish ? summaryTopic(organization, targets) : null;
  const keeping = options.out === undefined ? null : await openKeeper(options.out, options.sign, io);
  const { showSession, writePage } = require("../report/session") as typeof import("../report/session");
  const clients = new TargetClients(organization, { env: io.env, role: options.role });
  limitHeapGrowth();
  const progress = new FleetProgress(screen, "reading", targets.length);
  const printed = options.csv ? csvOf : options.json ? jsonLine : () => "";
  try {
    const result = await report({
      organization,
      period,
      now,
      targets,
      parallel,
      limit,
      signal,
      progress,
      mapWarnings: warningSentences(warningsOn(organization, now)),
      header: { ...header, organization: organization.name },
      filters: filtersOf(options),
      clients,
      trail:
        options.trail === false
          ? null
          : trailReader(organization, period, { url: options.trail, env: io.env, signal }),
      details: options.details,
      opens: opensLogStream(options) ? options.session : undefined,
      strict: options.strict ?? false,
      write: async (line) => {
        await keeping?.keeper.line(line);
        await print(io.stdout, printed(line), signal);
      },
    });
    progress.end();
    const kept = keeping && (await inAwsWords(`--out ${options.out}`, () => keeping.keeper.keep(result)));
    if (kept !== null) io.stderr.write(keptText(options.out!, kept));
    exit(result.summary.exitCode);
    const props = { organization, clients, io, signal };
    if (options.html !== undefined) await writePage(result, options, props);
    const isData = options.csv === true || options.json === true;
    const showsOne = options.session !== undefined && !isData;
    if (showsOne) await showSession(result, options, props);
    // What is not covered is said where people look: CSV has no place for it.
    const [output, words] =
      isData || showsOne || options.html !== undefined
        ? ([io.stderr, coverageText] as const)
        : ([io.stdout, text] as const);
    output.write(
      words(withFewerRows(result, shown), {
        columns: widthOf(output, io.env),
        styled: styles(output, io.env),
      }),
    );
    if (topic !== null) {
      // Last, so that a topic that refuses the summary costs nobody the report.
      const keptAt = kept && `${options.out}/${kept.key}`;
      await inAwsWords(
        `--publish to ${topic}`,
        () => publishSummary(result, topic, { env: io.env, keptAt }),
        publisherRemedy(organization, topic),
      );
    }
  } finally {
    progress.end();
    await keeping?.close();
  }
}

/** Rows of a page, of the worst and again of the newest. */
const PAGE_ROWS = 5_000;

const filtersOf = ({ session, owner, instance, status, document, accessType }: ReportOptions): Filters => ({
  session,
  owner,
  instance,
  status,
  document,
  accessType,
});

function headerOf(
  ids: readonly string[],
  options: ReportOptions,
  { since, until }: { readonly since: Date; readonly until: Date },
  now: Date,
): Omit<ReportHeader, "organization"> {
  return {
    type: "report",
    version: 1,
    generatedAt: now.toISOString(),
    period: { since: since.toISOString(), until: until.toISOString() },
    timeZone: timeZoneOf(options.timeZone),
    workingHours: workingHoursOf(options.workingHours),
    filters: chosenBy(ids, options, filtersOf(options)),
  };
}
