import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Option, type Command } from "commander";
import type { Interruption } from "../../processes/interruption";
import { widthOf } from "../../processes/terminal";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { UserError } from "../../processes/user-error";
import { jsonText } from "../../pages/visible";
import { profilesOf } from "../../stacks/profiles";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import { countsOf, type Diagnosis } from "../doctor/model";
import { selected, withSelectors, type SelectorOptions } from "../options";
import { refuseUnwritable, writeOutput } from "../output-file";
import { FleetProgress } from "../progress";
import { wholeNumber } from "../report/options";
import { styles } from "../report/styles";

const EXAMPLES = `
Examples:
  Everything that is deployed, and in detail what is not in force:
    npx session-audit doctor
  One wave after its rollout, with a page for those who approve the next one:
    npx session-audit doctor --wave canary --html doctor.html
  One account, with what is well:
    npx session-audit doctor --account payments --all
  Faults alone, for a program:
    npx session-audit doctor --json | jq '.lines[] | select(.verdict == "fault")'
  Write a record as the SSM Agent does, through the role of an instance, and find it:
    npx session-audit doctor --account sandbox --probe --probe-role app-server

Exit codes:
  0    everything that is declared is in force; there may be warnings
  1    the map or an option is wrong, or something else failed
  2    something is not in force
  4    something could not be looked at, and nothing else is wrong
  130  interrupted`;

interface DoctorOptions extends SelectorOptions {
  readonly json?: boolean;
  readonly html?: string;
  readonly all?: boolean;
  readonly probe?: boolean;
  readonly probeRole?: string;
  readonly parallel: string;
}

/** `session-audit doctor`: whether what is deployed is in force. */
export const doctorCommand = (context: Context): Command =>
  withSelectors(newCommand("doctor", context))
    .description(
      "Looks in AWS whether what the stacks declare is in force: preferences, log groups, buckets, keys, roles of " +
        "managed nodes, rules, trail, subscriptions, dead-letter queues, alarms, guard and guardrails. Without --probe, " +
        "it changes nothing.",
    )
    .option("--all", "show what is well, too")
    .option("--probe", "write and find a record as the SSM Agent does, with the role of --probe-role")
    .option(
      "--probe-role <name>",
      "role of instances, by its name or ARN, that --probe assumes in each account",
    )
    .option("--parallel <number>", "how many stacks to look at side by side", "8")
    .addOption(new Option("--json", "print JSON: organization, generatedAt, stacks, lines"))
    .option("--html <file>", "write a page with everything that was looked at")
    .addHelpText("after", EXAMPLES)
    .action((ids: string[], options: DoctorOptions) =>
      interruptible(context, (interruption) => run(ids, options, context, interruption), "doctor"),
    );

async function run(
  ids: readonly string[],
  options: DoctorOptions,
  { io, screen, exit }: Context,
  { signal }: Interruption,
): Promise<void> {
  const parallel = wholeNumber("--parallel", options.parallel, { from: 1, to: 100 });
  refuseHalfAProbe(options);
  const { organization, stacks } = selected(io, ids, options);
  const page = options.html === undefined ? null : resolve(io.cwd, options.html);
  if (page !== null) await refuseUnwritable("--html", page);
  // Loaded here, because most commands need neither an AWS SDK nor cdktf.
  const { diagnose } = require("../doctor/doctor") as typeof import("../doctor/doctor");
  const { probing } = require("../doctor/probe") as typeof import("../doctor/probe");
  const { synthesizeStacks } = require("../../stacks/synthesize") as typeof import("../../stacks/synthesize");
  const progress = new FleetProgress(screen, "looking at", stacks.length);
  try {
    const profiles = profilesOf(organization);
    const only = new Set(stacks.map(({ id }) => id));
    const diagnosis = await inTemporaryFolder("session-audit-doctor-", async (directory) => {
      await synthesizeStacks(organization, directory, { only, profiles: profiles !== null, signal });
      return diagnose({
        organization: organization.name,
        stacks,
        others: [],
        parallel,
        progress,
        signal,
        env: io.env,
        profiles,
        now: new Date(),
        configurationOf: (id) => readFile(join(directory, "stacks", id, "cdk.tf.json"), "utf8"),
        ...(options.probeRole !== undefined && {
          also: probing(options.probeRole, { env: io.env, profiles, signal }),
        }),
      });
    });
    progress.end();
    if (page !== null) {
      const { html } = require("../doctor/render/html") as typeof import("../doctor/render/html");
      await writeOutput("--html", page, html(diagnosis));
    }
    if (options.json) {
      io.stdout.write(jsonText(diagnosis));
    } else {
      const { text } = require("../doctor/render/text") as typeof import("../doctor/render/text");
      const columns = widthOf(io.stdout, io.env);
      const styled = styles(io.stdout, io.env);
      io.stdout.write(text(diagnosis, { columns, styled, all: options.all ?? false }));
    }
    exit(exitCodeOf(diagnosis));
  } finally {
    progress.end();
  }
}

/** The exit code. A fault wins over what was not looked at, because a fault needs a reaction. */
export function exitCodeOf({ lines }: Pick<Diagnosis, "lines">): number {
  const counts = countsOf(lines);
  if (counts.fault > 0) return EXIT.differs;
  return counts["not-looked-at"] > 0 ? EXIT.notCovered : EXIT.ok;
}

function refuseHalfAProbe({ probe = false, probeRole }: DoctorOptions): void {
  if (probe === (probeRole !== undefined)) return;
  throw new UserError(
    probe
      ? {
          what: "--probe: it is not said which role writes the record.",
          remedy: "Name a role that instances have: --probe-role app-server",
        }
      : { what: "--probe-role has no effect without --probe.", remedy: "Add --probe, or leave it out." },
  );
}
