import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { sha256Of } from "../../files/checksum";
import { jsonText } from "../../pages/visible";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { hasColours, widthOf } from "../../processes/terminal";
import { UserError } from "../../processes/user-error";
import { json } from "../../review/render/json";
import { text } from "../../review/render/text";
import type { Authors, Review } from "../../review/model";
import { plural } from "../../review/render/words";
import { reviewOf } from "../../review/review";
import type { Interruption } from "../../processes/interruption";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import type { Item } from "../distributed/item";
import { engineOf, withEngine, workersOf, type EngineOptions } from "../distributed/options";
import { Results } from "../distributed/results";
import { exitOfDrift, notCompared, type ComparedStack } from "../drift";
import { sourceVersion } from "../git";
import { copyStacks, mergedManifest, type Part } from "../merge";
import { PROJECT, selected, withSelectors, type SelectorOptions } from "../options";
import { createPlanFolder, readManifest, refuseExisting } from "../plan-folder";
import { fetchPlan, parseStoredPlan } from "../plan-store";
import { checksumOf, refuseOtherStacks } from "../same-stacks";
import { stacksToPlan, type Difference } from "../stacks-to-plan";
import { WHO } from "./drift";
import { CHANGED_SINCE, notPlanned } from "./plan";
import type { StackRef } from "../../stacks/stack-graph";
import type { Engine } from "../distributed/engine";

const PLAN_EXAMPLES = `
Examples:
  Plan every stack on 64 workers, and read the review:
    npx session-audit distribute plan --workers 64 --out plans/monday
    npx session-audit review plans/monday
  Plan what a branch changes:
    npx session-audit distribute plan --changed-since origin/main --out plans/branch

Exit codes:
  0    no stack has changes
  1    a part failed, or the map or an option is wrong
  2    there are changes
  5    the workers have an execution of somebody else at this moment
  130  interrupted; no plan folder was made`;

const DRIFT_EXAMPLES = `
Examples:
  Compare every stack on 64 workers:
    npx session-audit distribute drift --workers 64 --json
  Let workers ask CloudTrail who made the changes:
    npx session-audit distribute drift --workers 64 --who

Exit codes:
  0    AWS still has what was deployed
  1    a part failed, or the map or an option is wrong
  2    somebody has changed something outside Terraform
  4    a stack was not compared, because it has no state
  5    the workers have an execution of somebody else at this moment
  130  interrupted`;

/** Stacks of a part, unless an option says otherwise: a worker reads the map once for each part. */
const STACKS_IN_PART = 8;
const MOST_PARTS = 1000;

interface PartOptions extends EngineOptions, SelectorOptions {
  readonly parts?: string;
  /** Of `plan`. */
  readonly changedSince?: string;
  /** Of `drift`. */
  readonly who?: boolean;
  readonly json?: boolean;
}

const withParts = (command: Command): Command =>
  withEngine(withSelectors(command)).option(
    "--parts <number>",
    `how many parts to make (default: one for ${STACKS_IN_PART} stacks)`,
  );

/** `session-audit distribute plan`: a plan folder that many machines have made. */
export const distributePlanCommand = (context: Context): Command =>
  withParts(newCommand("plan", context))
    .description("Plans stacks on workers, in parts, and merges the parts into a plan folder.")
    .requiredOption("-o, --out <folder>", "the plan folder to create")
    .option(...CHANGED_SINCE)
    .option("--json", "print the manifest instead of a summary")
    .addHelpText("after", PLAN_EXAMPLES)
    .action((ids: string[], options: PartOptions & { out: string }) =>
      interruptible(
        context,
        async (interruption) => {
          const { io } = context;
          const folder = resolve(io.cwd, options.out);
          await refuseExisting(folder);
          await onWorkers(
            context,
            interruption,
            { command: "plan", ids, options },
            ({ found, stacks, engine }) =>
              inTemporaryFolder("session-audit-parts-", async (work) => {
                const parts: Part[] = [];
                for (const [index, result] of found.entries()) {
                  const part = join(work, String(index));
                  await fetchPlan(parseStoredPlan((result as { stored: string }).stored), part, engine.s3);
                  parts.push({ folder: part, manifest: await readManifest(part) });
                }
                const manifest = mergedManifest(parts);
                refuseOtherStacks(stacks, manifest.stacks, "planned");
                await createPlanFolder(folder, async (whole) => {
                  await copyStacks(parts, whole);
                  return manifest;
                });
                const changed = manifest.stacks.filter(({ result }) => result === "changes").length;
                io.stdout.write(
                  options.json
                    ? jsonText(manifest)
                    : [
                        `${plural(manifest.stacks.length, "stack")} planned: ${changed} with changes.`,
                        ...notPlanned(manifest.unchanged),
                        `Plan folder: ${relative(io.cwd, folder) || "."}\n`,
                      ].join("\n"),
                );
                return changed > 0 ? EXIT.differs : EXIT.ok;
              }),
          );
        },
        "the wait; workers finish what they have begun",
      ),
    );

/** `session-audit distribute drift`: what many machines have found changed outside Terraform. */
export const distributeDriftCommand = (context: Context): Command =>
  withParts(newCommand("drift", context))
    .description(
      "Compares deployed stacks with AWS on workers, in parts, and reviews what all parts have found.",
    )
    .option(...WHO)
    .option("--json", "print the review as JSON")
    .addHelpText("after", DRIFT_EXAMPLES)
    .action((ids: string[], options: PartOptions) =>
      interruptible(
        context,
        (interruption) =>
          onWorkers(
            context,
            interruption,
            { command: "drift", ids, options },
            ({ found, stacks: selected }) => {
              const parts = found as { origin: Review["origin"]; stacks: ComparedStack[]; who?: Authors[] }[];
              const { io, screen } = context;
              const stacks = parts.flatMap((part) => part.stacks);
              refuseOtherStacks(selected, stacks, "compared");
              const origin = { ...parts[0]!.origin, dirty: parts.some((part) => part.origin.dirty) };
              const review: Review = {
                ...reviewOf(stacks, origin, "drift"),
                ...(options.who && { who: parts.flatMap(({ who }) => who ?? []) }),
              };
              io.stdout.write(
                options.json
                  ? json(review)
                  : text(review, {
                      columns: widthOf(io.stdout, io.env),
                      color: hasColours(io.stdout, io.env),
                    }),
              );
              const missing = notCompared(stacks);
              if (missing !== null) screen.print(missing, { rest: "  " });
              return Promise.resolve(exitOfDrift(stacks, review.groups.length > 0));
            },
          ),
        "the wait; workers finish what they have begun",
      ),
    );

/** What workers have found. */
interface Found {
  /** The result of each part, in the order of the parts. */
  readonly found: readonly unknown[];
  /** The stacks that this machine has selected. Those that the workers have taken are in their results. */
  readonly stacks: readonly StackRef[];
  readonly engine: Engine;
}

/**
 * Lets workers do a command in parts, and gives what they have found to a function.
 * @param use gives the exit code
 * @throws UserError that names the parts that failed
 */
async function onWorkers(
  { io, screen, exit }: Context,
  { signal, kill }: Interruption,
  {
    command,
    ids,
    options,
  }: { readonly command: "plan" | "drift"; readonly ids: readonly string[]; readonly options: PartOptions },
  use: (found: Found) => Promise<number>,
): Promise<void> {
  const concurrency = workersOf(options.workers);
  const note = (text: string) => screen.print(text, { rest: "  " });
  // This machine compares the commits once. Every part gets the result, and takes its stacks from it.
  const chosen = selected(io, ids, options);
  const { stacks, difference } = await stacksToPlan(chosen, options, {
    env: io.env,
    cwd: io.cwd,
    note,
    signal,
    kill,
  });
  const of = partsOf(options.parts, stacks.length);
  const { commit, dirty } = await sourceVersion(PROJECT, io.env);
  if (dirty)
    note("This clone has changes that are not committed: a worker with a clone of the commit lacks them.");
  const engine = await engineOf(options, io);
  try {
    await engine.refuseRunning();
    const run = engine.newRun();
    const place = { bucket: engine.bucket, prefix: `${run}/results` };
    const results = `s3://${place.bucket}/${place.prefix}`;
    const differing = difference && (await storeDifference(engine, run, difference));
    const items = Array.from({ length: of }, (_, index): Item => {
      const { wave = [], account = [], region = [], kind = [] } = options;
      const part = {
        name: `${command}-${index + 1}-of-${of}`,
        shard: `${index + 1}/${of}`,
        results,
        commit,
        dirty,
        selected: checksumOf(chosen),
        lockTimeout: options.lockTimeout,
        stacks: [...ids],
        wave,
        account,
        region,
        kind: kind as Extract<Item, { command: "plan" }>["kind"],
      };
      return command === "plan"
        ? {
            command,
            ...part,
            difference: differing,
            plans: `s3://${engine.bucket}/plans/${run.split("/").at(-1)}`,
          }
        : { command, ...part, who: options.who === true };
    });
    screen.print(`${plural(stacks.length, "stack")} in ${plural(of, "part")}`);
    const { succeeded, cause } = await engine.execute(run, {
      stages: [items],
      tolerated: 0,
      concurrency,
      signal,
      onProgress: (done, failed) =>
        screen.status(`${done} of ${of} parts done${failed === 0 ? "" : `, ${failed} failed`}`),
    });
    screen.status("");
    const kept = new Results(engine.s3, place);
    const found = await Promise.all(items.map(async ({ name }) => ({ name, result: await kept.read(name) })));
    const failed = found.filter(({ result }) => !result?.ok);
    if (!succeeded || failed.length > 0) {
      throw new UserError({
        what: `${plural(failed.length, "part")} of ${of} failed: ${cause ?? "unknown"}`,
        found: failed
          .map(({ name, result }) => `${name}: ${result?.cause ?? "no worker has finished it"}`)
          .join("\n"),
        remedy: "Correct the cause, and start the command again.",
      });
    }
    exit(await use({ found: found.map(({ result }) => result!.result), stacks, engine }));
  } finally {
    screen.status("");
    engine.close();
  }
}

/** Stores which stacks differ from those of a commit. @returns the place of the object, with the checksum of its content */
async function storeDifference(engine: Engine, run: string, difference: Difference): Promise<string> {
  const [key, text] = [`${run}/difference.json`, JSON.stringify(difference)];
  await engine.put(key, text);
  return `s3://${engine.bucket}/${key}#${sha256Of(Buffer.from(text))}`;
}

/** The number of parts. @throws UserError if the text is no such number */
function partsOf(wanted: string | undefined, stacks: number): number {
  if (wanted === undefined) return Math.min(MOST_PARTS, Math.max(1, Math.ceil(stacks / STACKS_IN_PART)));
  if (/^[1-9]\d{0,3}$/.test(wanted) && Number(wanted) <= MOST_PARTS) return Number(wanted);
  throw new UserError({
    what: `--parts ${JSON.stringify(wanted)} is not a number of parts.`,
    allowed: `1 to ${MOST_PARTS}`,
    remedy: "Leave it out: the number of stacks then decides.",
  });
}
