import { join, relative, resolve } from "node:path";
import { MAP_VARIABLE, mapFile } from "../accounts/reading/load";
import { startEmulator } from "../emulator";
import type { InterruptionTimes } from "../processes/interruption";
import { start } from "../processes/program";
import { inTemporaryFolder } from "../processes/temporary-folder";
import { hasColours } from "../processes/terminal";
import { readOrganization } from "../stacks/read-organization";
import { stacksOf } from "../stacks/stack-graph";
import { prepareToolchain } from "../toolchain";
import { commandEnv } from "./commands";
import { demoProgram, type Surroundings } from "./demo-program";
import { Deployment, organizationOf, terraformEnv } from "./deployment";
import { isTampering } from "./findings";
import { refuseUnfit } from "./needs";
import { nodeSupportNotice, replaceSdkWarning } from "../processes/node-support";
import { Progress, QUOTE } from "./progress";
import { report } from "./report";
import { runDemo } from "./run";
import { reportSessions } from "./session-report";
import { stepsOf } from "./steps";

const PROJECT = resolve(__dirname, "..");
/** Where the demo leaves the report of its sessions. */
const RESULTS = join(PROJECT, ".cache", "demo");

const HELP = `Usage: npm run demo

Deploys the organization of the accounts map to an embedded AWS with the real
Terraform, holds a session in every workload account and region, and shows the
records of those sessions and the report about them. Nothing reaches AWS.
Everything is removed at the end, except for the report in .cache/demo, which
each run replaces.

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

async function demo({ env, cwd, stdout, interruption, screen }: Surroundings): Promise<number> {
  const { signal, kill } = interruption;
  const map = mapFile(env, PROJECT, cwd);
  const organization = readOrganization(map);
  refuseUnfit(organization, map);
  const stacks = stacksOf(organization);
  const notice = nodeSupportNotice(process.version);
  if (notice !== undefined) screen.print(notice);
  replaceSdkWarning(process.env);
  const progress = new Progress(screen, stepsOf(organization, stacks));
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
    return await inTemporaryFolder("session-audit-demo-", async (directory) => {
      const byOrganization = new Set(
        organization.accounts.filter(({ settings }) => settings.trail === "existing").map(({ id }) => id),
      );
      const emulator = await startEmulator({
        moto: toolchain.moto,
        organizationTrail: (id) => byOrganization.has(id),
        recordManagementCalls: isTampering,
        signal,
        organization: organizationOf(organization),
      });
      try {
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
        progress.begin("report");
        const sessions = await reportSessions(organization, outcome.evidence, {
          folder: RESULTS,
          journal: progress,
          width: () => screen.width - QUOTE.length,
          signal,
          kill,
          env: {
            ...commandEnv(terraformEnv({ toolchain, emulator })),
            [MAP_VARIABLE]: map,
            TMPDIR: directory,
            COLUMNS: String(screen.width),
            FORCE_COLOR: hasColours(stdout, env) ? "1" : "0",
          },
        });
        progress.end();
        const files = Object.entries(sessions.files).map(
          ([what, file]) => [what, relative(cwd, file)] as const,
        );
        return report(screen, outcome, { ...sessions, files: Object.fromEntries(files) }) ? 0 : 1;
      } finally {
        progress.end();
        await emulator.stop();
      }
    });
  } finally {
    progress.end();
  }
}

/** The program behind `npm run demo`. @param times how long an interruption waits; tests give times of their own */
export const exampleDemo = (times?: InterruptionTimes) =>
  demoProgram(
    {
      help: HELP,
      parse: ([word]) =>
        word === undefined
          ? { options: null }
          : { problem: `unknown argument ${JSON.stringify(word)}; the demo takes none but --help` },
      demo: (_, surroundings) => demo(surroundings),
    },
    times,
  );

/** The demo with its usual times. */
export const run = exampleDemo();

if (require.main === module) void start(run);
