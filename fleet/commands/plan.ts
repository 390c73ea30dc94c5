import { join, relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import { prepareTerraform } from "../../toolchain";
import { AWS_PROVIDER_VERSION } from "../../toolchain/aws-provider";
import type { Interruption } from "../../processes/interruption";
import { changedSince } from "../changed-since";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import { sourceVersion } from "../git";
import {
  parallelOf,
  PROJECT,
  selected,
  withSelectors,
  type Selected,
  type SelectorOptions,
} from "../options";
import { createPlanFolder, readManifest, refuseExisting, type Manifest } from "../plan-folder";
import { Planner } from "../planner";
import { FleetProgress } from "../progress";
import { idsOfShard, longestFirst, parseShard, type Shard } from "../shards";
import { orphans } from "../states";
import { Terraform } from "../terraform";
import { Workspace } from "../workspace";
import { version as PROGRAM_VERSION } from "../../package.json";

const EXAMPLES = `
The plan folder holds the configuration and the states of the planned stacks. Only its owner
can read it. Treat it as a secret, and delete it after the deployment.

Examples:
  Plan every stack, and read the review:
    npx session-audit plan --out plans/monday
    npx session-audit review plans/monday
  Plan what a branch changes:
    npx session-audit plan --changed-since origin/main
  Plan in eight jobs of a pipeline, and put the parts together:
    npx session-audit plan --shard 3/8 --out parts/3
    npx session-audit merge parts/* --out plans/monday

Exit codes:
  0    no stack would change
  1    a plan failed, or the map or an option is wrong
  2    there are changes
  130  interrupted; no plan folder was made`;

interface PlanOptions extends SelectorOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly parallel?: string;
  readonly lockTimeout: string;
  readonly changedSince?: string;
  readonly shard?: string;
  readonly durations?: string;
}

/** `session-audit plan`: saved plans of many stacks. */
export const planCommand = (context: Context): Command =>
  withSelectors(newCommand("plan", context))
    .description(
      "Plans stacks side by side and saves the plans, with their JSON and a manifest, in a plan folder " +
        "for `session-audit review` and `session-audit deploy`. A stack that fails does not stop the others.",
    )
    .option("-o, --out <folder>", "the plan folder to create (default: plans/<time>)")
    .option("--changed-since <ref>", "plan only stacks whose configuration differs from that of a commit")
    .option("--shard <i/n>", "plan one of n parts of the stacks")
    .option("--durations <folder>", "balance the parts by the durations in an earlier plan folder")
    .option("--parallel <number>", "how many stacks to plan side by side (default: by cores and memory)")
    .option("--lock-timeout <duration>", "how long to wait for a locked state, like 60s", "60s")
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
  const folder = resolve(
    io.cwd,
    options.out ?? join("plans", new Date().toISOString().replaceAll(/[:.]/g, "-")),
  );
  await refuseExisting(folder);
  const durations = await durationsOf(options.durations, io.cwd);

  const difference =
    options.changedSince === undefined
      ? null
      : await changedSince({
          project: PROJECT,
          ref: options.changedSince,
          map: chosen.map,
          env: io.env,
          note,
          signal,
          kill,
        });
  const toPlan = chosen.stacks.filter(({ id }) => difference?.changed(id) ?? true);
  const unchanged = chosen.stacks.filter((stack) => !toPlan.includes(stack)).map(({ id }) => id);
  if (difference && difference.gone.length > 0) {
    note(`Taken out of the map since ${options.changedSince}: ${difference.gone.join(", ")}.`);
  }
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
  const workspace = await Workspace.open(io.env, "plan");
  const progress = new FleetProgress(screen, "planning", stacks.length);
  try {
    await warnOfOrphans(chosen, workspace.root, io.env, note);
    const planner = new Planner({
      ...{ organization: chosen.organization, workspace, product: `${product} ${version}`, progress, signal },
      ...{ parallel, lockTimeout: options.lockTimeout },
      terraform: new Terraform({
        binary: toolchain.terraform.binary,
        env: toolchain.terraformEnv,
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
        ...{ version: 1, plannedAt, program: PROGRAM_VERSION, terraform: { product, version } },
        ...{ provider: AWS_PROVIDER_VERSION, source, organization: chosen.organization.name },
        map: chosen.map.startsWith(`${PROJECT}${sep}`) ? relative(PROJECT, chosen.map) : chosen.map,
        shard: shard && { ...shard, all: part.all },
        changedSince: difference && { ref: options.changedSince!, commit: difference.commit },
        unchanged,
        waves: chosen.organization.rollout.map((wave) => ({ ...wave })),
        stacks: planned.sort((a, b) => order.get(a.id)! - order.get(b.id)!),
      };
    });
    progress.end();
    io.stdout.write(
      options.json ? `${JSON.stringify(manifest, null, 2)}\n` : summary(manifest, folder, io.cwd),
    );
    exit(exitCodeOf(manifest));
  } finally {
    progress.end();
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

async function durationsOf(folder: string | undefined, cwd: string): Promise<Map<string, number>> {
  if (folder === undefined) return new Map();
  const { stacks } = await readManifest(resolve(cwd, folder));
  return new Map(stacks.map(({ id, seconds }) => [id, seconds]));
}

/** The ids to plan, the longest first where durations are known, and the ids of all parts. */
function partOf(all: readonly string[], shard: Shard | null, durations: ReadonlyMap<string, number>) {
  const ids = shard === null ? all : idsOfShard(all, shard, durations);
  return {
    all: [...all],
    ids: durations.size === 0 ? ids : longestFirst(ids, (id) => durations.get(id) ?? Infinity),
  };
}

async function warnOfOrphans(
  { organization, all }: Selected,
  root: string,
  env: NodeJS.ProcessEnv,
  note: (text: string) => void,
): Promise<void> {
  const listing = await orphans(
    organization.state,
    all.map(({ id }) => id),
    { root, env },
  );
  if (listing.looked && listing.states.length > 0) {
    const ids = listing.states.map(({ stack }) => stack);
    note(
      `Warning: deployed, but not in the map any more: ${ids.join(", ")}. ` +
        "`session-audit list --orphans` says what to do.",
    );
  }
  if (!listing.looked && organization.state.backend === "s3") {
    note(`Warning: no look at states that have left the map: ${listing.reason}`);
  }
}

/** What a person reads at the end of a plan. */
function summary({ stacks, unchanged }: Manifest, folder: string, cwd: string): string {
  const of = (result: string) => stacks.filter((stack) => stack.result === result);
  const shown = relative(cwd, folder) || ".";
  const failed = of("failed");
  const lines = [
    `${stacks.length} stacks planned: ${of("changes").length} with changes, ${of("no changes").length} without, ${failed.length} failed.`,
    ...(unchanged.length > 0
      ? [`${unchanged.length} stacks not planned: their configuration has not changed.`]
      : []),
    ...failed.flatMap(({ id, failure = "" }) => [
      "",
      `${id} failed:`,
      ...failure.split("\n").map((line) => `  ${line}`.trimEnd()),
      `  log: ${join(shown, id, "terraform.log")}`,
    ]),
    "",
    `Plan folder: ${shown}`,
    `Next: npx session-audit review ${shown}`,
  ];
  return `${lines.join("\n")}\n`;
}
