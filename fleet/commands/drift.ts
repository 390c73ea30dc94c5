import { Option, type Command } from "commander";
import { join, resolve } from "node:path";
import type { Interruption } from "../../processes/interruption";
import { hasColours, widthOf } from "../../processes/terminal";
import { json } from "../../review/render/json";
import { text } from "../../review/render/text";
import { reviewOf } from "../../review/review";
import { prepareTerraform } from "../../toolchain";
import { interruptible, newCommand, type Context } from "../command";
import { exitOfDrift, findDrift, notCompared } from "../drift";
import { durationsOf } from "../durations";
import { sourceVersion } from "../git";
import { parallelOf, PROJECT, selected, withSelectors, type SelectorOptions } from "../options";
import { refuseUnwritable, writeWhole } from "../output-file";
import { refuseExisting } from "../plan-folder";
import { profilesOf } from "../../stacks/profiles";
import { profileEnvironment, type ProfileEnvironment } from "../profiles";
import { refuseOtherSelection, selectedOption } from "../same-stacks";
import { idsOfShard, parseShard } from "../shards";
import { FleetProgress } from "../progress";
import { Terraform } from "../terraform";
import { warnOfOrphans } from "../states";
import { whoChanged } from "../who";
import { Workspace } from "../workspace";
import { lockTimeoutOption } from "../lock-timeout";

const EXAMPLES = `
Examples:
  Compare every stack with AWS:
    npx session-audit drift
  Ask CloudTrail who made the changes:
    npx session-audit drift --who
  Compare one wave, for an alert:
    npx session-audit drift --wave canary --json

Exit codes:
  0    AWS still has what was deployed
  1    a stack could not be compared, or the map or an option is wrong
  2    somebody has changed something outside Terraform
  4    a stack was not compared, because it has no state, or an empty one
  130  interrupted`;

interface DriftOptions extends SelectorOptions {
  readonly json?: boolean;
  readonly who?: boolean;
  readonly shard?: string;
  readonly selected?: string;
  readonly out?: string;
  readonly durations?: string;
  readonly parallel?: string;
  readonly cache: boolean;
  readonly lockTimeout: string;
}

/** The option of `drift` and `distribute drift`. */
export const WHO = [
  "--who",
  "ask CloudTrail who made the changes, in the last 90 days; needs cloudtrail:LookupEvents",
] as const;

/** `session-audit drift`: what somebody has changed outside Terraform. */
export const driftCommand = (context: Context): Command =>
  withSelectors(newCommand("drift", context))
    .description(
      "Compares deployed stacks with AWS and reports changes that were made outside Terraform, in the form of a " +
        "review. It changes nothing.",
    )
    .addOption(selectedOption())
    .option("--shard <i/n>", "compare one of n parts of the stacks")
    .option(
      "--durations <place>",
      "balance the parts by the durations in an earlier plan folder, or in a file of session-audit matrix",
    )
    .option(
      "-o, --out <file>",
      "also write the drift of each stack into a new file, for workers: treat it as a secret, like a plan folder",
    )
    .option("--parallel <number>", "how many stacks to compare side by side (default: by cores and memory)")
    .addOption(lockTimeoutOption())
    .option(
      "--no-cache",
      "build the configuration of every selected stack, even if its input has not changed",
    )
    .option(...WHO)
    .addOption(new Option("--json", "print the review as JSON"))
    .addHelpText("after", EXAMPLES)
    .action((ids: string[], options: DriftOptions) =>
      interruptible(context, (interruption) => drift(context, interruption, ids, options)),
    );

async function drift(
  { io, screen, exit }: Context,
  { signal, kill }: Interruption,
  ids: string[],
  options: DriftOptions,
): Promise<void> {
  const parallel = parallelOf(options.parallel);
  const shard = options.shard === undefined ? null : parseShard(options.shard);
  const chosen = selected(io, ids, options);
  refuseOtherSelection(options.selected, chosen);
  const part =
    shard &&
    idsOfShard(
      chosen.stacks.map(({ id }) => id),
      shard,
      await durationsOf(options.durations, io.cwd),
    );
  const out = options.out === undefined ? null : resolve(io.cwd, options.out);
  if (out !== null) {
    await refuseExisting(out, "a comparison");
    await refuseUnwritable("--out", out);
  }
  const toCompare = chosen.stacks.filter(({ id }) => part?.includes(id) ?? true);
  const toolchain = await prepareTerraform({
    cacheDir: join(PROJECT, ".cache"),
    log: () => {},
    env: io.env,
    signal,
    kill,
  });
  const { product, version, binary } = toolchain.terraform;
  const workspace = await Workspace.open(io.env, "drift");
  const progress = new FleetProgress(screen, "comparing", toCompare.length);
  let aws: ProfileEnvironment | undefined;
  try {
    aws = await profileEnvironment(profilesOf(chosen.organization), "plan", toolchain.terraformEnv);
    await warnOfOrphans(chosen, workspace.root, io.env, (line) => screen.print(line, { rest: "  " }));
    const plannedAt = new Date().toISOString();
    const stacks = await findDrift(toCompare, {
      organization: chosen.organization,
      workspace,
      product: `${product} ${version}`,
      progress,
      signal,
      parallel,
      lockTimeout: options.lockTimeout,
      cache: options.cache,
      terraform: new Terraform({ binary, env: aws.env, signal, kill }),
    });
    progress.end();
    const origin = { ...(await sourceVersion(PROJECT, io.env)), plannedAt };
    if (options.who) screen.status("asking CloudTrail who made the changes");
    const who = options.who && {
      who: await whoChanged(stacks, chosen.organization, { signal, env: io.env }),
    };
    if (out !== null) await writeWhole("--out", out, JSON.stringify({ origin, stacks, ...who }));
    screen.status("");
    const review = { ...reviewOf(stacks, origin, "drift"), ...who };
    io.stdout.write(
      options.json
        ? json(review)
        : text(review, { columns: widthOf(io.stdout, io.env), color: hasColours(io.stdout, io.env) }),
    );
    const missing = notCompared(stacks);
    if (missing !== null) screen.print(missing, { rest: "  " });
    exit(exitOfDrift(stacks, review.groups.length > 0));
  } finally {
    progress.end();
    await aws?.remove();
    await workspace.close();
  }
}
