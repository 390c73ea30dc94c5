import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { UserError } from "../../processes/user-error";
import { plural } from "../../review/render/words";
import { newCommand, type Context } from "../command";
import { durationsOf } from "../durations";
import { MATRIX_FORMATS, matrixText, MOST_JOBS, partsFor, type MatrixFormat } from "../matrix";
import { selected, withSelectors, type SelectorOptions } from "../options";

const EXAMPLES = `
Examples:
  In a job of GitHub Actions, for the matrix of the next one:
    echo "matrix=$(npx session-audit matrix --format github)" >> "$GITHUB_OUTPUT"
  For a child pipeline of GitLab, with the durations of an earlier plan:
    npx session-audit matrix --format gitlab --durations plans/last-week > matrix.yml
  Keep the durations of a plan for the next pipeline:
    npx session-audit matrix --format github --durations plans/monday --save-durations durations.json

Exit codes:
  0  the matrix was printed
  1  the map or an option is wrong, or more jobs are needed than the pipeline takes`;

interface MatrixOptions extends SelectorOptions {
  readonly format: MatrixFormat;
  readonly durations?: string;
  readonly saveDurations?: string;
  readonly minutes: string;
  readonly parallel: string;
  readonly most?: string;
}

/** `session-audit matrix`: how many jobs of a pipeline plan the stacks. */
export const matrixCommand = (context: Context): Command =>
  withSelectors(newCommand("matrix", context))
    .description(
      "Prints a matrix of jobs, each of which plans one part of the stacks (`session-audit plan --shard`). It has as few " +
        "jobs as finish in time. Sessions of roles that another role has assumed end after an hour.",
    )
    .addOption(
      new Option("-f, --format <format>", "the pipeline").choices(MATRIX_FORMATS).makeOptionMandatory(),
    )
    .option(
      "--durations <place>",
      "the durations in an earlier plan folder, or in a file of --save-durations",
    )
    .option("--save-durations <file>", "write the durations into a file, for plan --durations in each job")
    .option("--minutes <number>", "how long one job may plan", "45")
    .option("--parallel <number>", "how many stacks one job plans side by side: its cores", "2")
    .option(
      "--most <number>",
      `how many jobs there may be (default: ${MATRIX_FORMATS.map((name) => `${name} ${MOST_JOBS[name]}`).join(", ")})`,
    )
    .addHelpText("after", EXAMPLES)
    .action(async (ids: string[], options: MatrixOptions) => {
      const { io, screen } = context;
      const { format } = options;
      const { stacks } = selected(io, ids, options);
      const seconds = await durationsOf(options.durations, io.cwd);
      const of = partsFor({
        ids: stacks.map(({ id }) => id),
        seconds,
        minutes: numberOf("--minutes", options.minutes, 55),
        parallel: numberOf("--parallel", options.parallel, 999),
        most: options.most === undefined ? MOST_JOBS[format] : numberOf("--most", options.most, 1000),
      });
      if (options.saveDurations !== undefined) {
        const rounded = [...seconds].map(([id, value]) => [id, Math.round(value * 10) / 10]);
        await writeFile(
          resolve(io.cwd, options.saveDurations),
          `${JSON.stringify(Object.fromEntries(rounded))}\n`,
        ).catch((error: Error) => {
          throw new UserError({
            what: `--save-durations: ${error.message}`,
            remedy: "Name a file that can be written.",
          });
        });
      }
      screen.print(`${plural(stacks.length, "stack")}, ${plural(of, "job")}`);
      io.stdout.write(matrixText(format, of));
    });

/** @throws UserError if the value of an option is no whole number from 1 to a largest one */
function numberOf(option: string, text: string, largest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= largest) return value;
  throw new UserError({
    what: `${option} ${JSON.stringify(text)} is not a number in these bounds.`,
    allowed: `a whole number from 1 to ${largest}`,
    remedy:
      option === "--minutes"
        ? "Leave time for the start of a job: sessions of roles that another role has assumed end after 60 minutes."
        : "Leave it out.",
  });
}
