import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { sha256Of } from "../../files/checksum";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { EXIT } from "../command";
import { Journal } from "../deploy/journal";
import { s3Store } from "../deploy/journal-stores";
import { describeOutcome } from "../deploy/report";
import type { StackOutcome } from "../deploy/rollout";
import { git, sourceVersion } from "../git";
import { PROJECT } from "../options";
import { MANIFEST, readManifest } from "../plan-folder";
import { fetchPlan, parseStoredPlan, refuseOtherThanStored, storePlan } from "../plan-store";
import { parseS3Folder } from "../s3-folder";
import type { Item, ItemOf, Outcome } from "./item";
import { runProgram, type ProgramProps } from "./program";

/** What a worker has. */
export interface WorkerProps extends Omit<ProgramProps, "cwd"> {
  readonly s3: S3Client;
}

/** Seconds after which an item is looked at again that somebody else works on. */
const ELSEWHERE_SECONDS = 60;

/** The file with the stacks that differ from those of a commit. */
const DIFFERENCE = "difference.json";

/** The last lines of a program's output, which say why it failed. */
const tailOf = (output: string, count = 12): string => output.trim().split("\n").slice(-count).join("\n");

/**
 * Does what an item says. A message may come twice, and another worker may have been killed over it: `deploy` finds in the
 * journal of the stack and in its state what has been done.
 * @throws Error if AWS refuses a call before anything was begun
 */
export function runItem(item: Item, props: WorkerProps): Promise<Outcome> {
  switch (item.command) {
    case "plan":
      return ofPart(item, props, (argv, work) => planPart(item, argv, work, props));
    case "drift":
      return ofPart(item, props, (argv, work) => comparePart(item, argv, work, props));
    case "deploy":
      return deployStack(item, props);
  }
}

/**
 * Checks that a part is made from the same commit as the others, and makes it in a directory of its own. Its command
 * checks that the map of this worker selects the stacks of the run.
 */
async function ofPart(
  item: ItemOf<"plan" | "drift">,
  { directory, env }: WorkerProps,
  work: (argv: readonly string[], work: string) => Promise<Outcome>,
): Promise<Outcome> {
  const { commit, dirty } = await sourceVersion(PROJECT, env);
  if (commit !== item.commit) {
    const cause = `This worker has the commit ${commit ?? "(none)"}, and the run is of ${item.commit ?? "(none)"}. Start workers with the commit of the run.`;
    return { ok: false, error: "SessionAudit.Failed", cause };
  }
  if (dirty && !item.dirty) {
    const changes = ((await git(PROJECT, ["status", "--porcelain"], env)) ?? "").split("\n").slice(0, 10);
    const cause = `The clone of this worker has changes that are not committed, and the run is of the commit ${commit}: ${changes.join(", ")}. Commit them and start the run again, or undo them.`;
    return { ok: false, error: "SessionAudit.Failed", cause };
  }
  const options = (["wave", "account", "region", "kind"] as const).flatMap((name) =>
    item[name].flatMap((value) => [`--${name}`, value]),
  );
  const argv = [
    "--shard",
    item.shard,
    "--lock-timeout",
    item.lockTimeout,
    "--selected",
    item.selected,
    ...options,
    "--",
    ...item.stacks,
  ];
  return inTemporaryFolder("part-", (scratch) => work(argv, scratch), directory);
}

/** Plans a part and stores it. The place is new for each attempt: what a killed worker has left expires. */
async function planPart(
  { name, plans, difference }: ItemOf<"plan">,
  argv: readonly string[],
  cwd: string,
  props: WorkerProps,
): Promise<Outcome> {
  const only = difference === null ? [] : ["--difference", await fetchDifference(difference, cwd, props.s3)];
  const { exitCode, output } = await runProgram(["plan", "--out", "part", ...only, ...argv], {
    ...props,
    cwd,
  });
  if (exitCode !== EXIT.ok && exitCode !== EXIT.differs) return failed(exitCode, output);
  const place = parseS3Folder(`${plans}/${name}-${randomBytes(6).toString("hex")}`, plans, plans);
  const checksum = await storePlan(join(cwd, "part"), place, props.s3);
  return { ok: true, result: { stored: `s3://${place.bucket}/${place.prefix}#${checksum}` } };
}

/**
 * Gets the list of stacks that differ from those of a commit, which the machine that has started the run has made.
 * @returns the name of the file
 * @throws Error if the object is not the one that this machine has written
 */
async function fetchDifference(place: string, cwd: string, s3: S3Client): Promise<string> {
  const { bucket, prefix: Key, checksum } = parseStoredPlan(place);
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const text = await Body!.transformToString();
  if (sha256Of(Buffer.from(text)) !== checksum)
    throw new Error(`s3://${bucket}/${Key} is not what the run has written. Start the run again.`);
  await writeFile(join(cwd, DIFFERENCE), text);
  return DIFFERENCE;
}

/** Compares a part with AWS, and returns what it has found. */
async function comparePart(
  { who }: ItemOf<"drift">,
  argv: readonly string[],
  cwd: string,
  props: WorkerProps,
): Promise<Outcome> {
  const asked = who ? ["--who"] : [];
  const { exitCode, output } = await runProgram(["drift", "--out", "part.json", ...asked, ...argv], {
    ...props,
    cwd,
  });
  // A part in which a stack was not compared is done as well: the machine that has started the run says so.
  const done: readonly (number | null)[] = [EXIT.ok, EXIT.differs, EXIT.notCovered];
  if (!done.includes(exitCode)) return failed(exitCode, output);
  return { ok: true, result: JSON.parse(await readFile(join(cwd, "part.json"), "utf8")) as unknown };
}

/** Applies the plan of one stack, unless that is done. */
async function deployStack(item: ItemOf<"deploy">, props: WorkerProps): Promise<Outcome> {
  const { stack, stored, journals, after, approved, reconcile, convergeCheck, lockTimeout } = item;
  const { directory, s3, env } = props;
  const from = parseStoredPlan(stored);
  const cwd = join(directory, "plans", from.checksum, stack);
  const folder = join(cwd, "plan");
  // A worker that was killed over this stack may have left the folder, with the log of an apply that it had begun. Its
  // manifest must be the stored one, and by the manifest, `deploy` checks the other files.
  if (existsSync(folder)) await refuseOtherThanStored(from, folder, s3, [MANIFEST]);
  else {
    await mkdir(cwd, { recursive: true, mode: 0o700 });
    await fetchPlan(from, folder, s3, (name) => name === MANIFEST || name.startsWith(`${stack}/`));
  }
  const missing = await notApplied(folder, after, journals, env);
  if (missing !== undefined)
    return {
      ok: false,
      error: "SessionAudit.NotStarted",
      cause: `${missing} must be applied before, and is not`,
    };
  const argv = [
    "deploy",
    "plan",
    "--stack",
    stack,
    "--journal",
    `${journals}/${stack}`,
    "--resume",
    "--take-over",
    "--json",
    "--no-gate",
    "--lock-timeout",
    lockTimeout,
    ...(approved === null ? [] : ["--approve", approved]),
    ...(reconcile ? ["--reconcile"] : []),
    ...(convergeCheck ? [] : ["--no-converge-check"]),
  ];
  const { exitCode, stdout, output } = await runProgram(argv, { ...props, cwd });
  if (exitCode === EXIT.elsewhere) return { handBack: true, seconds: ELSEWHERE_SECONDS };
  const result = outcomeIn(stdout, stack);
  if (result === undefined || exitCode === EXIT.interrupted) return failed(exitCode, output);
  if (result.result === "failed" || result.result === "not started") {
    return { ok: false, error: "SessionAudit.Failed", cause: describeOutcome(result), result };
  }
  // The folder has the state. A later delivery of the message finds in the journal that the plan is applied.
  await rm(cwd, { recursive: true, force: true });
  return { ok: true, result };
}

/** The first of the stacks that no worker has applied; undefined: all are applied. */
async function notApplied(
  folder: string,
  after: readonly string[],
  journals: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (after.length === 0) return undefined;
  const origin = sha256Of(await readFile(join(folder, MANIFEST)));
  const { stacks } = await readManifest(folder);
  for (const id of after) {
    const journal = await Journal.open(await s3Store(`${journals}/${id}`, env), origin);
    const planned = stacks.find((stack) => stack.id === id)?.planSha256;
    if (typeof planned !== "string" || !journal.hasApplied(id, planned)) return id;
  }
  return undefined;
}

/** The outcome of the stack in the report that `deploy --json` has printed. */
function outcomeIn(stdout: string, stack: string): StackOutcome | undefined {
  try {
    const { stacks } = JSON.parse(stdout) as { stacks: (StackOutcome & { id: string })[] };
    return stacks.find(({ id }) => id === stack);
  } catch {
    return undefined;
  }
}

/** A program that a signal has ended leaves its item to another worker. */
function failed(exitCode: number | null, output: string): Outcome {
  if (exitCode === EXIT.interrupted || exitCode === null) return { handBack: true, seconds: 0 };
  return { ok: false, error: "SessionAudit.Failed", cause: tailOf(output) };
}
