import { writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import { hasColours, widthOf } from "../../processes/terminal";
import { UserError } from "../../processes/user-error";
import { SEVERITIES, type Finding, type Review, type Severity } from "../../review/model";
import type { PlanJson } from "../../review/plan-json";
import { html } from "../../review/render/html";
import { json } from "../../review/render/json";
import { GITHUB_LIMIT, markdown, SMALLEST_LIMIT } from "../../review/render/markdown";
import { findingCounts } from "../../review/render/order";
import { text } from "../../review/render/text";
import { findingsInWords } from "../../review/render/words";
import { newReviewer } from "../../review/review";
import { EXIT, newCommand, type Context } from "../command";
import { filesOf, readManifest, type Manifest, type PlannedStack } from "../plan-folder";
import { ForeignFile, refuseForeign } from "../planned-files";
import { readAhead, type ReadFile } from "../read-ahead";

const FORMATS = ["text", "markdown", "html", "json"] as const;
type Format = (typeof FORMATS)[number];

const EXAMPLES = `
Examples:
  Read what a plan does, on the terminal:
    npx session-audit review plans/monday
  Write the page that people who approve open:
    npx session-audit review plans/monday --format html --out review.html
  Write a comment for a merge request of GitLab, and fail the job at a severe finding:
    npx session-audit review plans/monday --format markdown --limit 1000000 --fail-on high

Exit codes:
  0  the review was written
  1  the plan folder cannot be read or was changed, or an option is wrong
  2  there is a finding of the severity that --fail-on names, or of a worse one`;

interface ReviewOptions {
  readonly format: Format;
  readonly out?: string;
  readonly limit: string;
  readonly rest?: string;
  readonly failOn?: Severity;
}

/** `session-audit review`: what a plan folder does, for the people who approve it. */
export const reviewCommand = (context: Context): Command =>
  newCommand("review", context)
    .description(
      "Says in plain words what the plans of a plan folder do to recording, who gains or loses access, and which " +
        "changes are the same in many stacks. It reads the folder only, and calls nothing.",
    )
    .argument("<folder>", "a plan folder that session-audit plan or merge has made")
    .addOption(new Option("-f, --format <format>", "how to show the review").choices(FORMATS).default("text"))
    .option("-o, --out <file>", "write the review into a file instead of to standard output")
    .option(
      "--limit <characters>",
      "longest Markdown: GitHub 65536, GitLab 1000000, Bitbucket 32768",
      String(GITHUB_LIMIT),
    )
    .option("--rest <place>", "where the whole review is, for Markdown that was cut: a URL or a path")
    .addOption(
      new Option("--fail-on <severity>", "exit with 2 if there is such a finding, or a worse one").choices(
        SEVERITIES,
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, options: ReviewOptions) => {
      const { io, screen, exit } = context;
      const limit = limitOf(options.limit);
      const folder = resolve(io.cwd, name);
      const manifest = await readManifest(folder);
      const review = await reviewFolder(folder, manifest);
      const { columns, color } = {
        columns: widthOf(io.stdout, io.env),
        color: hasColours(io.stdout, io.env),
      };
      const rendered: Readonly<Record<Format, () => string>> = {
        text: () => text(review, { columns, color: color && options.out === undefined }),
        markdown: () =>
          markdown(review, { limit, ...(options.rest !== undefined && { rest: options.rest }) }),
        html: () => html(review),
        json: () => json(review),
      };
      const shown = rendered[options.format]();
      if (options.out === undefined) io.stdout.write(shown);
      else {
        const file = resolve(io.cwd, options.out);
        await writeFile(file, shown, { mode: 0o600 }).catch((error: Error) => {
          throw new UserError({
            what: `--out: ${error.message}`,
            remedy: "Name a file that can be written.",
          });
        });
        io.stdout.write(`Review: ${relative(io.cwd, file)}\n`);
      }
      const refused = options.failOn === undefined ? [] : asBadAs(review, options.failOn);
      if (refused.length > 0) {
        screen.print(
          `--fail-on ${options.failOn}: ${findingsInWords(findingCounts({ findings: refused }))}`,
          {
            format: "red",
          },
        );
      }
      exit(refused.length > 0 ? EXIT.differs : EXIT.ok);
    });

/** The review of a plan folder. Plans are read a few at a time, so that not all of them are in memory. */
async function reviewFolder(
  folder: string,
  { stacks, source, plannedAt, warnings }: Manifest,
): Promise<Review> {
  const reviewer = newReviewer();
  const plans = readAhead(
    stacks.filter(({ result }) => result !== "failed").map(({ id }) => filesOf(folder, id).json),
  );
  for (const stack of stacks) {
    const { id, kind, account, accountId, region, wave, result, failure } = stack;
    const about = { id, kind, account, accountId, region, wave };
    if (result === "failed") reviewer.add({ ...about, plan: null, failure: failure ?? "" });
    else reviewer.add({ ...about, plan: await nextPlan(plans, stack, filesOf(folder, id).json) });
  }
  return reviewer.review({ ...source, plannedAt }, warnings);
}

async function nextPlan(
  plans: AsyncGenerator<ReadFile>,
  stack: PlannedStack,
  file: string,
): Promise<PlanJson> {
  const { value } = (await plans.next()) as { value: ReadFile };
  try {
    if ("error" in value) throw value.error;
    // What people approve is what `deploy` compares with, so nobody may have changed it since the plan.
    refuseForeign(stack, "json", value.text);
    return JSON.parse(value.text) as PlanJson;
  } catch (error) {
    if (error instanceof ForeignFile) throw error;
    throw new UserError({ what: `${file}: ${(error as Error).message}`, remedy: "Plan again." });
  }
}

/** The findings that are as bad as a severity, or worse. */
const asBadAs = ({ findings }: Review, severity: Severity): Finding[] =>
  findings.filter((finding) => SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(severity));

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= SMALLEST_LIMIT) return limit;
  throw new UserError({
    what: `--limit ${JSON.stringify(text)} is not a number of characters.`,
    allowed: `a whole number from ${SMALLEST_LIMIT}`,
    remedy: "GitHub takes 65536, GitLab 1000000, Bitbucket 32768.",
  });
}
