import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { MAP_VARIABLE, mapFile } from "../../accounts/reading/load";
import { onDrain } from "../../processes/drain";
import { UserError } from "../../processes/user-error";
import { plural } from "../../review/render/words";
import { EXIT, newCommand, type Context } from "../command";
import { holdFolder, thisHolder } from "../deploy/hold";
import { Queue } from "../distributed/queue";
import { work } from "../distributed/worker";
import { PROJECT } from "../options";
import { s3Client } from "../s3-folder";

const EXAMPLES = `
After the first Ctrl-C, the worker finishes its item and takes no other. The second one asks the item's
command to end, and the third one kills it: the message then goes back to the queue. A Terraform that
applies a plan finishes in any case.

Examples:
  Work on a laptop until a Ctrl-C:
    npx session-audit worker --queue "$QUEUE_URL"
  Work in a build that ends when nothing has come for ten minutes:
    npx session-audit worker --queue "$QUEUE_URL" --idle 10
  Two workers on one machine:
    npx session-audit worker --queue "$QUEUE_URL" --directory .worker-2

Exit codes:
  0    the worker has ended as it was told; items that failed are in the report of the run
  1    an option is wrong, or the queue cannot be read
  5    another worker uses the directory
  130  interrupted`;

interface WorkerOptions {
  readonly queue: string;
  readonly once?: boolean;
  readonly idle?: string;
  readonly directory?: string;
}

/** `session-audit worker`: works for runs of many machines. */
export const workerCommand = (context: Context): Command =>
  newCommand("worker", context)
    .description(
      "Takes items of a run from a queue, one at a time, and plans, compares or deploys what they name. " +
        "`session-audit distribute` starts runs. Several workers share a queue.",
    )
    .requiredOption("-q, --queue <url>", "URL of the queue: the output queue_url of the stack pipeline")
    .option("--once", "take one item, and end")
    .option("--idle <minutes>", "end after so many minutes without an item (default: wait)")
    .option(
      "--directory <path>",
      "directory of this worker, for plans and Terraform's data (default: .session-audit-worker in the clone)",
    )
    .addHelpText("after", EXAMPLES)
    .action((options: WorkerOptions) => run(context, options));

async function run({ io, screen, exit }: Context, options: WorkerOptions): Promise<void> {
  const idleMs = options.idle === undefined ? null : minutesOf(options.idle) * 60_000;
  const queue = await Queue.open(options.queue, io.env);
  const note = (text: string) => screen.print(text, { rest: "  " });
  const directory =
    options.directory === undefined
      ? join(PROJECT, ".session-audit-worker")
      : resolve(io.cwd, options.directory);
  const isNew = (await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined;
  // A directory in the clone is no change of the clone, for which a worker would refuse items.
  if (isNew) await writeFile(join(directory, ".gitignore"), "*\n");
  // The command of an item starts in a folder of its own. A relative path would begin there.
  const env = { ...io.env, [MAP_VARIABLE]: mapFile(io.env, PROJECT, io.cwd) };
  const release = await holdFolder(join(directory, "worker.lock"), thisHolder(), `works in ${directory}`);
  const stages = [
    "taking no further item; the running one is finished",
    "asking the running item to end",
    "killing the running item",
  ] as const;
  const drain = onDrain((stage, signal) => note(`${signal}: ${stages[stage - 1]}`));
  try {
    const { succeeded, failed } = await work({
      queue,
      directory,
      env,
      note,
      idleMs,
      s3: await s3Client(io.env),
      drain: drain.drain,
      interrupt: drain.interrupt,
      kill: drain.kill,
      most: options.once ? 1 : null,
      now: Date.now,
      onText: (text) => void io.stderr.write(text),
    });
    io.stdout.write(`${plural(succeeded + failed, "item")}: ${succeeded} done, ${failed} failed.\n`);
    if (drain.drain.aborted) exit(EXIT.interrupted);
  } finally {
    drain.release();
    queue.close();
    await release();
  }
}

/** @throws UserError if the text is no number of minutes */
function minutesOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UserError({
    what: `--idle ${JSON.stringify(text)} is not a number of minutes.`,
    allowed: "a whole number from 0 to 9999",
    remedy: "Leave it out to wait for items until a Ctrl-C.",
  });
}
