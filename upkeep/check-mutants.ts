import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { lastLines, run as runChild } from "../processes/child-process";
import { INTERRUPTED, onInterruption } from "../processes/interruption";
import { program, start } from "../processes/program";
import { Screen } from "../processes/terminal";
import { UserError } from "../processes/user-error";
import { ROOT } from "./maps";
import {
  AREAS,
  filesToMutate,
  percentOf,
  recordedScores,
  scoreOf,
  type Mutant,
  type MutationTarget,
  type Score,
} from "./mutants";

const HELP = `Usage: npm run test:mutants -- <area or file>...
       npm run test:mutants -- --recorded

Changes the code of each file in one place at a time (a mutant), and tells which changes no test notices. A file takes
from a minute to an hour. Areas are folders:

${AREAS.map(({ folder, threshold }) => `  ${folder.padEnd(18)} ${threshold} % of the mutants must be noticed`).join("\n")}

--recorded tests every file that has a score in docs/mutants.md.

Exit codes:
  0    every file reaches the threshold of its area
  1    the command line is wrong, or a run failed
  2    at least one file is below the threshold of its area
  130  interrupted
`;

/** The program behind `npm run test:mutants`. */
export const run = program(async (argv, io) => {
  if (argv.length === 0 || argv.includes("--help")) {
    io.stdout.write(HELP);
    return argv.length === 0 ? 1 : 0;
  }
  const words = argv.flatMap((word) =>
    word === "--recorded" ? recordedScores().map(({ file }) => file) : [word],
  );
  const files = words.flatMap(filesNamedBy);
  const screen = new Screen(io.stderr, io.env);
  const interruption = onInterruption({ onSignal: (signal) => screen.print(`${signal}: stopping`) });
  let below = 0;
  try {
    for (const one of files) {
      screen.status(`${one.file}: ${one.tests.length} test files`);
      const score = await runStryker(one, io.env, interruption);
      screen.status("");
      const percent = percentOf(score);
      if (percent < one.threshold) below++;
      io.stdout.write(`${describeScore(one, score, percent).join("\n")}\n`);
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    return INTERRUPTED;
  } finally {
    interruption.release();
  }
  return below > 0 ? 2 : 0;
});

function filesNamedBy(word: string): MutationTarget[] {
  const files = filesToMutate(word);
  if (files.length === 0) {
    throw new UserError({
      what: `${word}: no file of an area has this path.`,
      allowed: `a file or a folder in ${AREAS.map(({ folder }) => folder).join(", ")}`,
      remedy: "Name it from the root of the project, like guard/records.ts.",
    });
  }
  return files;
}

/** Runs StrykerJS on one file. */
async function runStryker(
  { file, tests }: MutationTarget,
  env: NodeJS.ProcessEnv,
  { signal, kill }: ReturnType<typeof onInterruption>,
): Promise<Score> {
  // StrykerJS would fail without tests. The score of 0 is below each threshold, so the program exits with 2.
  if (tests.length === 0) return { killed: 0, of: 1, survivors: [] };
  const report = join(".cache", "mutants", `${file.replaceAll("/", "-")}.json`);
  mkdirSync(dirname(join(ROOT, report)), { recursive: true });
  rmSync(join(ROOT, report), { force: true });
  const { problem, output } = await runChild("npx", ["stryker", "run"], {
    cwd: ROOT,
    signal,
    kill,
    timeoutSeconds: 6 * 3600,
    env: { ...env, MUTANTS_FILE: file, MUTANTS_TESTS: JSON.stringify(tests), MUTANTS_REPORT: report },
  });
  signal.throwIfAborted();
  if (problem !== undefined) {
    throw new UserError({ what: `${file}: ${problem}`, found: lastLines(output, 30) });
  }
  const { files } = JSON.parse(readFileSync(join(ROOT, report), "utf8")) as {
    files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
  };
  return scoreOf(files[file]?.mutants ?? []);
}

function describeScore(
  { file, tests, threshold }: MutationTarget,
  { killed, of, survivors }: Score,
  percent: number,
): string[] {
  if (tests.length === 0) return [`${file}: no test imports it, and none has its name`];
  return [
    `${file}: ${percent} % (${killed} of ${of}), ${threshold} % are wanted`,
    ...survivors.map(
      ({ mutatorName, replacement, status, location: { start: at } }) =>
        `  ${file}:${at.line}:${at.column} ${mutatorName}${status === "NoCoverage" ? ", which no test reaches" : ""}: ${JSON.stringify(replacement?.slice(0, 100) ?? "")}`,
    ),
  ];
}

if (require.main === module) void start(run);
