import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MAP_VARIABLE } from "../../accounts/reading/load";
import { startEmulator } from "../../emulator";
import { WORKSPACE_VARIABLE } from "../../fleet/workspace";
import type { InterruptionTimes } from "../../processes/interruption";
import { nodeSupportNotice, replaceSdkWarning } from "../../processes/node-support";
import { start } from "../../processes/program";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { hasColours, type Screen } from "../../processes/terminal";
import { UserError } from "../../processes/user-error";
import { checkMap } from "../../stacks/read-organization";
import { stacksOf } from "../../stacks/stack-graph";
import { prepareToolchain } from "../../toolchain";
import { demoProgram, type Surroundings } from "../demo-program";
import { organizationOf, terraformEnv } from "../deployment";
import { Progress, QUOTE } from "../progress";
import { commandEnv, Commands } from "../commands";
import { CHANGES, REGION, ROLLOUT_MAP, STATE_BUCKET } from "./map";
import { stepsOf } from "./steps";
import { FILES, PLANS, tell } from "./story";
import { createStateBucket } from "./surroundings";

const PROJECT = resolve(__dirname, "..", "..");
/** Where the demo leaves what it made, unless `--out` names another folder. */
const USUAL_FOLDER = join(PROJECT, ".cache", "demo-rollout");

const HELP = `Usage: npm run demo:rollout -- [--out <folder>]

Deploys a small organization to an embedded AWS with session-audit plan and
deploy, changes its map, reads and refuses the review, deploys an acceptable
change through a failure, and finds a change that somebody makes by hand. The
commands are those that you run on your own organization. Nothing reaches AWS.

Options:
  --out <folder>             where the plan folders and the review are at the
                             end (default: .cache/demo-rollout, which each run
                             replaces). Everything else is removed.

Environment:
  NO_COLOR=1, FORCE_COLOR=1  never and always use colours
  COLUMNS=<number>           width of the output where there is no terminal

Examples:
  Watch the whole rollout:
    npm run demo:rollout
  Keep what it made, to look at it with session-audit review:
    npm run demo:rollout -- --out rollout

Exit codes:
  0    every command did what the demo says
  1    a command did something else
  2    wrong usage
  130  interrupted
`;

interface Options {
  /** As it was typed. */
  readonly out: string | undefined;
}

/** Reads the command line. */
function parse(argv: readonly string[]): { options: Options } | { problem: string } {
  try {
    const { values } = parseArgs({ args: [...argv], options: { out: { type: "string" } } });
    return { options: { out: values.out } };
  } catch {
    return { problem: `the demo takes --out <folder> and --help, and not: ${argv.join(" ")}` };
  }
}

/** The folder for what the demo makes. @throws UserError if `--out` names a folder that has something */
async function resultsFolder({ out }: Options, cwd: string): Promise<string> {
  if (out === undefined) return USUAL_FOLDER;
  const folder = resolve(cwd, out);
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? [] : [error.message],
  );
  if (found.length === 0) return folder;
  throw new UserError({
    what: `--out ${JSON.stringify(out)}: ${folder} is not an empty folder.`,
    remedy: "Name a folder that does not exist.",
  });
}

async function demo(options: Options, surroundings: Surroundings): Promise<number> {
  const { env, stdout, cwd, screen, interruption } = surroundings;
  const { signal, kill } = interruption;
  const results = await resultsFolder(options, cwd);
  const organization = checkMap(ROLLOUT_MAP, FILES.map);
  const notice = nodeSupportNotice(process.version);
  if (notice !== undefined) screen.print(notice);
  replaceSdkWarning(process.env);
  const [stacks, waves, changes] = [stacksOf(organization), organization.waves, CHANGES].map(
    (all) => all.length,
  );
  const progress = new Progress(screen, stepsOf({ stacks: stacks!, waves: waves!, changes: changes! }));
  try {
    progress.begin("tools");
    const toolchain = await progress.during("looking for Terraform, the AWS provider and moto", () =>
      prepareToolchain({
        cacheDir: join(PROJECT, ".cache"),
        log: (line: string) => progress.line(line),
        signal,
        kill,
      }),
    );
    progress.begin("start");
    await inTemporaryFolder("session-audit-demo-rollout-", async (directory) => {
      const emulator = await startEmulator({
        moto: toolchain.moto,
        organizationTrail: true,
        signal,
        organization: organizationOf(organization),
      });
      try {
        await createStateBucket(emulator, { bucket: STATE_BUCKET, region: REGION });
        const width = () => screen.width - QUOTE.length;
        const commands = new Commands({
          directory,
          journal: progress,
          width,
          signal,
          kill,
          env: {
            ...commandEnv(terraformEnv({ toolchain, emulator })),
            [MAP_VARIABLE]: FILES.map,
            [WORKSPACE_VARIABLE]: join(directory, "workspace"),
            TMPDIR: directory,
            COLUMNS: String(width()),
            FORCE_COLOR: hasColours(stdout, env) ? "1" : "0",
          },
        });
        try {
          await tell({
            directory,
            emulator,
            commands,
            journal: progress,
            styled: (format, text) => screen.styled(format, text),
          });
        } finally {
          // What was made until a failure helps to find its cause.
          if (!signal.aborted) await keep(directory, results);
        }
        progress.end();
        conclude(screen, relative(cwd, results) || ".");
      } finally {
        progress.end();
        await emulator.stop();
      }
    });
    return 0;
  } finally {
    progress.end();
  }
}

/** Copies the map, the plan folders and the review out of the directory, which is removed. */
async function keep(directory: string, results: string): Promise<void> {
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true, mode: 0o700 });
  const made = await readdir(directory);
  for (const name of Object.values(FILES).filter((file) => made.includes(file))) {
    await cp(join(directory, name), join(results, name), { recursive: true });
  }
}

/** Says what the demo has shown, and where its results are. */
function conclude(screen: Screen, results: string): void {
  screen.print();
  screen.print("Every command did what the demo says. Nothing has reached AWS.", { format: "green" });
  screen.print();
  const row = (label: string, text: string) => screen.print(text, { first: `${label.padEnd(15)} ` });
  row("HTML review", `${join(results, FILES.review)} (open it in a browser)`);
  row(
    "plan folders",
    Object.values(PLANS)
      .map((folder) => join(results, folder))
      .join(", "),
  );
  row("map", join(results, FILES.map));
  screen.print();
  screen.print("Read a review again; it needs nothing but the plan folder:");
  screen.print(`npx session-audit review ${join(results, PLANS.changed)}`, { first: "  " });
}

/** The program behind `npm run demo:rollout`. @param times tests give times of their own */
export const rolloutDemo = (times?: InterruptionTimes) => demoProgram({ help: HELP, parse, demo }, times);

/** The demo with its usual times. */
export const run = rolloutDemo();

if (require.main === module) void start(run);
