import { Option, type Command } from "commander";
import { join } from "node:path";
import type { Interruption } from "../../processes/interruption";
import { hasColours, widthOf } from "../../processes/terminal";
import { json } from "../../review/render/json";
import { text } from "../../review/render/text";
import { reviewOf } from "../../review/review";
import { prepareTerraform } from "../../toolchain";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import { findDrift } from "../drift";
import { sourceVersion } from "../git";
import { parallelOf, PROJECT, selected, withSelectors, type SelectorOptions } from "../options";
import { profilesOf } from "../../stacks/profiles";
import { profileEnvironment } from "../profiles";
import { FleetProgress } from "../progress";
import { Terraform } from "../terraform";
import { warnOfOrphans } from "../states";
import { Workspace } from "../workspace";

const EXAMPLES = `
Examples:
  Compare every stack with AWS:
    npx session-audit drift
  Compare one wave, for an alert:
    npx session-audit drift --wave canary --json

Exit codes:
  0    AWS has what was deployed
  1    a stack could not be compared, or the map or an option is wrong
  2    somebody has changed something outside Terraform
  130  interrupted`;

interface DriftOptions extends SelectorOptions {
  readonly json?: boolean;
  readonly parallel?: string;
  readonly lockTimeout: string;
}

/** `session-audit drift`: what somebody has changed outside Terraform. */
export const driftCommand = (context: Context): Command =>
  withSelectors(newCommand("drift", context))
    .description(
      "Compares deployed stacks with AWS and says in the words of a review what somebody has changed outside " +
        "Terraform. It changes nothing.",
    )
    .option("--parallel <number>", "how many stacks to compare side by side (default: by cores and memory)")
    .option("--lock-timeout <duration>", "how long to wait for a locked state, like 60s", "60s")
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
  const chosen = selected(io, ids, options);
  const toolchain = await prepareTerraform({
    ...{ cacheDir: join(PROJECT, ".cache"), log: () => {}, env: io.env, signal, kill },
  });
  const { product, version, binary } = toolchain.terraform;
  const aws = await profileEnvironment(profilesOf(chosen.organization), "plan", toolchain.terraformEnv);
  const workspace = await Workspace.open(io.env, "drift");
  const progress = new FleetProgress(screen, "comparing", chosen.stacks.length);
  try {
    await warnOfOrphans(chosen, workspace.root, io.env, (line) => screen.print(line, { rest: "  " }));
    const plannedAt = new Date().toISOString();
    const stacks = await findDrift(chosen.stacks, {
      ...{ organization: chosen.organization, workspace, product: `${product} ${version}`, progress, signal },
      ...{ parallel, lockTimeout: options.lockTimeout },
      terraform: new Terraform({ binary, env: aws.env, signal, kill }),
    });
    progress.end();
    const review = reviewOf(stacks, { ...(await sourceVersion(PROJECT, io.env)), plannedAt });
    io.stdout.write(
      options.json
        ? json(review)
        : text(review, { columns: widthOf(io.stdout, io.env), color: hasColours(io.stdout, io.env) }),
    );
    const failed = stacks.some(({ plan }) => plan === null);
    exit(failed ? EXIT.failed : review.groups.length > 0 ? EXIT.differs : EXIT.ok);
  } finally {
    progress.end();
    await aws.remove();
    await workspace.close();
  }
}
