import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { mapFile } from "../accounts/reading/load";
import { startEmulator, type Emulator } from "../emulator";
import { onInterruption, type Interruption, type InterruptionTimes } from "../processes/interruption";
import { removeWithUs } from "../processes/process-group";
import { program, start, type Io } from "../processes/program";
import { Screen } from "../processes/terminal";
import { readOrganization } from "../stacks/read-organization";
import { stacksOf } from "../stacks/stack-graph";
import { prepareToolchain } from "../toolchain";
import { Deployment, organizationOf } from "./deployment";
import { isTampering } from "./findings";
import { refuseUnfit } from "./needs";
import { nodeSupportNotice, replaceSdkWarning } from "../processes/node-support";
import { Progress } from "./progress";
import { report } from "./report";
import { runDemo } from "./run";
import { stepsOf } from "./steps";

const PROJECT = resolve(__dirname, "..");
/** Exit code of a command line that the program does not understand. */
const WRONG_USAGE = 2;
/** The exit code that shells give to a program that a Ctrl-C has ended. */
const INTERRUPTED = 130;

const HELP = `Usage: npm run demo

Deploys the organization of the accounts map to an embedded AWS with the real
Terraform, holds a session in every workload account and region, and shows the
records of those sessions. Nothing reaches AWS. Everything is removed at the end.

Environment:
  SESSION_AUDIT_ACCOUNTS=<file>  the map (accounts/index.ts if it is not set). A
                                 map that the demo cannot deploy is refused first.
  NO_COLOR=1, FORCE_COLOR=1      never and always use colours
  COLUMNS=<number>               width of the output where there is no terminal

Examples:
  Deploy the organization of accounts/index.ts:
    npm run demo
  Deploy a map of your own:
    SESSION_AUDIT_ACCOUNTS=acme.yaml npm run demo

Exit codes:
  0    every session left its records, and no second plan has changes
  1    a record is missing, a second plan has changes, or the map is wrong
  2    wrong usage
  130  interrupted
`;

async function demo({ env, cwd }: Io, interruption: Interruption, screen: Screen): Promise<number> {
  const { signal, kill } = interruption;
  const map = mapFile(env, PROJECT, cwd);
  const organization = readOrganization(map);
  refuseUnfit(organization, map);
  const stacks = stacksOf(organization);
  const notice = nodeSupportNotice(process.version);
  if (notice !== undefined) screen.print(notice);
  replaceSdkWarning(process.env);
  const progress = new Progress(screen, stepsOf(organization, stacks));
  let directory: string | undefined;
  let forget: (() => void) | undefined;
  let emulator: Emulator | undefined;
  try {
    progress.begin("tools");
    const toolchain = await progress.during("looking for Terraform, the AWS provider and moto", () =>
      prepareToolchain({
        cacheDir: join(PROJECT, ".cache"),
        log: (line) => progress.line(line),
        signal,
        kill,
      }),
    );
    progress.begin("start");
    directory = await mkdtemp(join(tmpdir(), "session-audit-demo-"));
    forget = removeWithUs(directory);
    const byOrganization = new Set(
      organization.accounts.filter(({ settings }) => settings.trail === "existing").map(({ id }) => id),
    );
    emulator = await startEmulator({
      moto: toolchain.moto,
      organizationTrail: (id) => byOrganization.has(id),
      recordManagementCalls: isTampering,
      signal,
      organization: organizationOf(organization),
    });
    const deployment = new Deployment({
      map,
      directory,
      toolchain,
      emulator,
      signal,
      kill,
      journal: progress,
    });
    await progress.during("synthesizing the stacks", () => deployment.synthesize());
    const outcome = await runDemo({ deployment, emulator, journal: progress, signal });
    progress.end();
    return report(screen, outcome) ? 0 : 1;
  } finally {
    progress.end();
    await emulator?.stop();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    forget?.();
  }
}

/** The program behind `npm run demo`. @param times how long an interruption waits; tests give times of their own */
export const demoProgram = (times?: InterruptionTimes) =>
  program(async ([word], io) => {
    if (word === "--help" || word === "-h") {
      io.stdout.write(HELP);
      return 0;
    }
    if (word !== undefined) {
      io.stderr.write(`unknown argument ${JSON.stringify(word)}; the demo takes none but --help\n`);
      return WRONG_USAGE;
    }
    const screen = new Screen(io.stdout, io.env);
    const interruption = onInterruption(
      {
        onSignal: (name, which) =>
          screen.print(
            which === "first" ? `${name}: stopping Terraform and the embedded AWS` : `${name}: killing them`,
          ),
        onOverdue: () => process.exit(INTERRUPTED),
      },
      times,
    );
    try {
      return await demo(io, interruption, screen);
    } catch (error) {
      // Whatever fails after an interruption fails because of it.
      if (!interruption.signal.aborted) throw error;
      return INTERRUPTED;
    } finally {
      // After an interruption the handlers stay: npm may forward a signal that this process has already received.
      if (!interruption.signal.aborted) interruption.release();
    }
  });

/** The demo with its usual times. */
export const run = demoProgram();

if (require.main === module) void start(run);
