import type { Drain } from "../../processes/drain";
import { parseS3Folder } from "../s3-folder";
import { message, type Item, type Outcome } from "./item";
import { BEAT_SECONDS, VISIBILITY_SECONDS, type Queue, type Received } from "./queue";
import { Results } from "./results";
import { runItem, type WorkerProps } from "./run-item";

/** What a worker needs. */
export interface WorkProps extends WorkerProps {
  readonly queue: Pick<Queue, "receive" | "hide" | "remove" | "beat" | "succeed" | "fail">;
  /** Aborted: the item in work is finished, and no other is taken. */
  readonly drain: Drain["drain"];
  /** How many items to take; null: as many as come. */
  readonly most: number | null;
  /** Milliseconds without a message after which the worker ends; null: it waits. */
  readonly idleMs: number | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Prints a line. */
  readonly note: (text: string) => void;
}

/** How many items a worker has finished. */
export interface Worked {
  readonly succeeded: number;
  readonly failed: number;
}

/** Takes items from the queue, one at a time, until it is told to end. */
export async function work(props: WorkProps): Promise<Worked> {
  const { queue, drain, most, idleMs, now } = props;
  const worked = { succeeded: 0, failed: 0 };
  let taken = 0;
  let busy = now();
  while (!drain.aborted && (most === null || taken < most)) {
    const received = await queue.receive(drain);
    if (received === null) {
      if (idleMs !== null && now() - busy >= idleMs) break;
      continue;
    }
    taken++;
    const outcome = await handle(received, props);
    if (outcome !== null && "ok" in outcome) worked[outcome.ok ? "succeeded" : "failed"]++;
    busy = now();
  }
  return worked;
}

/** Does one message. @returns null if it is no item, or if nobody waits for it any more */
async function handle(received: Received, props: WorkProps): Promise<Outcome | null> {
  const { queue, note } = props;
  const parsed = parsedMessage(received.body);
  if (parsed === null) {
    // The message comes again, and SQS moves it to the dead letters in the end.
    note("a message is no item of session-audit: it stays in the queue");
    return null;
  }
  const { token, item } = parsed;
  if (!(await queue.beat(token))) {
    note(`${item.name}: nobody waits for it any more`);
    await queue.remove(received.receipt);
    return null;
  }
  note(`${item.command} ${item.name}: begins`);
  const beats = setInterval(() => void keep(received, token, props), BEAT_SECONDS * 1000);
  let outcome: Outcome;
  try {
    outcome = await outcomeOf(item, props);
  } finally {
    clearInterval(beats);
  }
  note(`${item.command} ${item.name}: ${describe(outcome)}`);
  if ("handBack" in outcome) {
    await queue.hide(received.receipt, outcome.seconds);
    return outcome;
  }
  const heard = outcome.ok
    ? await queue.succeed(token)
    : await queue.fail(token, outcome.error, outcome.cause);
  if (!heard) note(`${item.name}: Step Functions had given the item up before its end`);
  // Only now: if the worker is killed before, another one gets the message and reports what the journal says.
  await queue.remove(received.receipt);
  return outcome;
}

/** Keeps the message with this worker, and the task alive. A call that fails is made again at the next beat. */
async function keep({ receipt }: Received, token: string, { queue, note }: WorkProps): Promise<void> {
  try {
    await Promise.all([queue.hide(receipt, VISIBILITY_SECONDS), queue.beat(token)]);
  } catch (error) {
    note(`a heartbeat failed: ${(error as Error).message}`);
  }
}

/** Runs an item and writes its result. What fails before anything was begun may be tried again. */
async function outcomeOf(item: Item, props: WorkProps): Promise<Outcome> {
  const results = new Results(props.s3, parseS3Folder(item.results, item.results, "Start the run again."));
  try {
    const before = item.command === "deploy" ? null : await results.read(item.name);
    if (before?.ok) return { ok: true, result: before.result };
    const outcome = await runItem(item, props);
    if ("handBack" in outcome) return outcome;
    const { ok, result } = outcome;
    await results.write(item.name, { ok, result, ...(!outcome.ok && { cause: outcome.cause }) });
    return outcome;
  } catch (error) {
    if (props.kill.aborted || props.interrupt.aborted) return { handBack: true, seconds: 0 };
    // The program itself has its errors in its outcome. What is thrown are calls to S3 before and after it, and each of
    // them can be made again: a plan is stored anew, and the journal knows an apply.
    return { ok: false, error: "SessionAudit.NotBegun", cause: (error as Error).message };
  }
}

function parsedMessage(body: string): { token: string; item: Item } | null {
  try {
    const parsed = message.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function describe(outcome: Outcome): string {
  if ("handBack" in outcome) return "handed back to the queue";
  return outcome.ok ? "done" : `failed: ${outcome.cause.split("\n", 1)[0]}`;
}
