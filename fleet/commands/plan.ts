import { join, relative, resolve, sep } from "node:path";
import { Option, type Command } from "commander";
import { warningsOn } from "../../accounts/warnings";
import { warningSentences } from "../../accounts/warnings/text";
import { jsonText } from "../../pages/visible";
import { prepareTerraform } from "../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../toolchain/aws-provider";
import type { Interruption } from "../../processes/interruption";
import { quoted } from "../../processes/shell";
import { sameFailures } from "../../review/failures";
import { plural } from "../../review/render/words";
import { lookedAtIn, seenOf } from "../adopt/looked-at";
import { durationsOf } from "../durations";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import type { LookedAt } from "../generated-map";
import { sourceVersion } from "../git";
import { parallelOf, PROJECT, selected, withSelectors, type SelectorOptions } from "../options";
import { createPlanFolder, MANIFEST, refuseExisting, type Manifest, type PlannedStack } from "../plan-folder";
import { Planner } from "../planner";
import { profilesOf } from "../../stacks/profiles";
import { profileEnvironment, type ProfileEnvironment } from "../profiles";
import { FleetProgress } from "../progress";
import { refuseOtherSelection, selectedOption } from "../same-stacks";
import { idsOfShard, longestFirst, parseShard, type Shard } from "../shards";
import { stacksToPlan, type ChangeOptions } from "../stacks-to-plan";
import { warnOfOrphans } from "../states";
import { Terraform } from "../terraform";
import { Workspace } from "../workspace";
import { version as PROGRAM_VERSION } from "../../package.json";
import { lockTimeoutOption } from "../lock-timeout";

const EXAMPLES = `
The plan folder holds the configuration and the states of the planned stacks. Only its owner
can read it. Treat it as a secret, and delete it after the deployment.

Examples:
  Plan every stack, and read the review:
    npx session-audit plan --out plans/monday
    npx session-audit review plans/monday
  Plan what a branch changes:
    npx session-audit plan --changed-since origin/main
  Plan in eight jobs of a pipeline, and merge the parts:
    npx session-audit plan --shard 3/8 --out parts/3
    npx session-audit merge parts/* --out plans/monday

Exit codes:
  0    no stack has changes
  1    a plan failed, or the map or an option is wrong
  2    there are changes
  130  interrupted; no plan folder was made`;

interface PlanOptions extends SelectorOptions, ChangeOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly parallel?: string;
  readonly cache: boolean;
  readonly lockTimeout: string;
  readonly shard?: string;
  readonly selected?: string;
  readonly durations?: string;
}

/** The option of `plan` and `distribute plan`. */
export const CHANGED_SINCE = [
  "--changed-since <ref>",
  "plan only stacks whose configuration differs from that at a commit",
] as const;

/** `session-audit plan`: saved plans of many stacks. */
export const planCommand = (context: Context): Command =>
  withSelectors(newCommand("plan", context))
    .description(
      "Plans stacks side by side and saves the plans, with their JSON and a manifest, in a plan folder " +
        "for `session-audit review` and `session-audit deploy`. A stack that fails does not stop the others.",
    )
    .option("-o, --out <folder>", "the plan folder to create (default: plans/<time>)")
    .option(...CHANGED_SINCE)
    .addOption(
      new Option(
        "--difference <file>",
        "plan only stacks that differ, as distribute plan has found",
      ).hideHelp(),
    )
    .addOption(selectedOption())
    .option("--shard <i/n>", "plan one of n parts of the stacks")
    .option(
      "--durations <place>",
      "balance the parts by the durations in an earlier plan folder, or in a file of session-audit matrix",
    )
    .option("--parallel <number>", "how many stacks to plan side by side (default: by cores and memory)")
    .addOption(lockTimeoutOption())
    .option(
      "--no-cache",
      "build the configuration of every selected stack, even if its input has not changed",
    )
    .option("--json", "print the manifest instead of a summary")
    .addHelpText("after", EXAMPLES)
    .action((ids: string[], options: PlanOptions) =>
      interruptible(context, (interruption) => plan(context, interruption, ids, options)),
    );

async function plan(
  context: Context,
  interruption: Interruption,
  ids: string[],
  options: PlanOptions,
): Promise<void> {
  const { io, screen, exit } = context;
  const { signal, kill } = interruption;
  const note = (text: string) => screen.print(text, { rest: "  " });
  const parallel = parallelOf(options.parallel);
  const shard = options.shard === undefined ? null : parseShard(options.shard);
  const chosen = selected(io, ids, options);
  refuseOtherSelection(options.selected, chosen);
  // Before anything is planned: a file that is wrong would be the end of every finished plan.
  const seen = lookedAtIn(chosen.map);
  const folder = resolve(
    io.cwd,
    options.out ?? join("plans", new Date().toISOString().replaceAll(/[:.]/g, "-")),
  );
  await refuseExisting(folder);
  const durations = await durationsOf(options.durations, io.cwd);

  const { stacks: toPlan, difference } = await stacksToPlan(chosen, options, {
    env: io.env,
    cwd: io.cwd,
    note,
    signal,
    kill,
  });
  const part = partOf(
    toPlan.map(({ id }) => id),
    shard,
    durations,
  );
  const stacks = part.ids.map((id) => toPlan.find((stack) => stack.id === id)!);

  const toolchain = await prepareTerraform({
    cacheDir: join(PROJECT, ".cache"),
    log: () => {},
    env: io.env,
    signal,
    kill,
  });
  const { product, version } = toolchain.terraform;
  const profiles = profilesOf(chosen.organization);
  const workspace = await Workspace.open(io.env, "plan");
  const progress = new FleetProgress(screen, "planning", stacks.length);
  let aws: ProfileEnvironment | undefined;
  try {
    aws = await profileEnvironment(profiles, "plan", toolchain.terraformEnv);
    await warnOfOrphans(chosen, workspace.root, io.env, note);
    const planner = new Planner({
      organization: chosen.organization,
      workspace,
      product: `${product} ${version}`,
      progress,
      signal,
      parallel,
      lockTimeout: options.lockTimeout,
      cache: options.cache,
      terraform: new Terraform({
        binary: toolchain.terraform.binary,
        env: aws.env,
        signal,
        kill,
      }),
    });
    const plannedAt = new Date().toISOString();
    const source = await sourceVersion(PROJECT, io.env);
    const manifest = await createPlanFolder(folder, async (work) => {
      const planned = await planner.plan(stacks, work);
      const order = new Map(chosen.all.map(({ id }, index) => [id, index]));
      return {
        version: 2,
        plannedAt,
        program: PROGRAM_VERSION,
        terraform: { product, version },
        provider: AWS_PROVIDER_VERSION,
        source,
        organization: chosen.organization.name,
        map: chosen.map.startsWith(`${PROJECT}${sep}`) ? relative(PROJECT, chosen.map) : chosen.map,
        shard: shard && { ...shard, all: part.all },
        changedSince: difference && difference.since,
        unchanged: difference?.unchanged ?? [],
        warnings: warningSentences(warningsOn(chosen.organization, new Date(plannedAt))),
        profiles,
        waves: chosen.organization.rollout.map((wave) => ({ ...wave })),
        stacks: planned
          .map((stack) => withLookedAt(stack, seen))
          .sort((a, b) => order.get(a.id)! - order.get(b.id)!),
      };
    });
    progress.end();
    io.stdout.write(options.json ? jsonText(manifest) : summary(manifest, folder, io.cwd));
    exit(exitCodeOf(manifest));
  } finally {
    progress.end();
    await aws?.remove();
    await workspace.close();
  }
}

/** 0: nothing to do; 1: a plan failed; 2: there are changes. */
const exitCodeOf = ({ stacks }: Manifest): number =>
  stacks.some(({ result }) => result === "failed")
    ? EXIT.failed
    : stacks.some(({ result }) => result === "changes")
      ? EXIT.differs
      : EXIT.ok;

/** A stack with the checksum of the preferences that somebody has looked at, for `deploy` to compare. */
function withLookedAt(stack: PlannedStack, seen: LookedAt): PlannedStack {
  const lookedAt = stack.kind === "session" ? seenOf(seen, stack) : null;
  return lookedAt === null ? stack : { ...stack, lookedAt };
}

/** The ids to plan, the longest first where durations are known, and the ids of all parts. */
function partOf(all: readonly string[], shard: Shard | null, durations: ReadonlyMap<string, number>) {
  const ids = shard === null ? all : idsOfShard(all, shard, durations);
  return {
    all: [...all],
    ids: durations.size === 0 ? ids : longestFirst(ids, (id) => durations.get(id) ?? Infinity),
  };
}

/** How many stacks with the same failure are named. */
const NAMED = 5;

/** A failure, once for all stacks that have it. */
function failureLines(
  message: string,
  stacks: readonly Manifest["stacks"][number][],
  folder: string,
): string[] {
  const [{ id, log = id }] = stacks as readonly [Manifest["stacks"][number]];
  const left = stacks.length - NAMED;
  const names = stacks.slice(0, NAMED).map((stack) => stack.id);
  return [
    "",
    stacks.length === 1 ? `${id} failed:` : `${stacks.length} stacks failed, for the same reason:`,
    ...message.split("\n").map((line) => `  ${line}`.trimEnd()),
    ...(stacks.length === 1
      ? []
      : [`  in ${names.join(", ")}${left > 0 ? ` and ${left} more; ${MANIFEST} names all` : ""}`]),
    `  log: ${join(folder, log)}`,
  ];
}

/** What a person reads of the stacks that `--changed-since` has left out. */
export const notPlanned = (unchanged: readonly string[]): string[] =>
  unchanged.length === 0
    ? []
    : [`${plural(unchanged.length, "stack")} not planned: the configuration has not changed.`];

/** What a person reads at the end of a plan. */
function summary({ stacks, unchanged }: Manifest, folder: string, cwd: string): string {
  const of = (result: string) => stacks.filter((stack) => stack.result === result);
  const shown = relative(cwd, folder) || ".";
  const failed = of("failed");
  const lines = [
    `${plural(stacks.length, "stack")} planned: ${of("changes").length} with changes, ${of("no changes").length} without, ${failed.length} failed.`,
    ...notPlanned(unchanged),
    ...sameFailures(failed).flatMap(({ message, stacks: same }) => failureLines(message, same, shown)),
    "",
    `Plan folder: ${shown}`,
    `Next: npx session-audit review ${quoted(shown)}`,
  ];
  return `${lines.join("\n")}\n`;
}
