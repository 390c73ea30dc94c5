import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SFNClient } from "@aws-sdk/client-sfn";
import { arnParts } from "../../aws/arn";
import { UserError } from "../../processes/user-error";
import { EXIT } from "../command";
import { isFromAws, wordsOf } from "../aws-errors";
import { notingCalls } from "../failed-call";
import { isTaken } from "../s3-folder";
import type { Item } from "./item";
import { neededAfter } from "./stages";
import { attemptsIn } from "../client-settings";

/** How often the state of an execution is asked for, in milliseconds. */
const POLL_MS = 2_000;

/** How an execution is started. */
export interface ExecutionProps {
  /** The items of each stage. All of a stage end before the next one begins. */
  readonly stages: readonly (readonly Item[])[];
  /** How many items may fail. */
  readonly tolerated: number;
  /** How many items workers have at a time. */
  readonly concurrency: number;
  /** Aborted: this program no longer waits. The execution and its workers go on. */
  readonly signal: AbortSignal;
  /** Called with the number of items that have ended. */
  readonly onProgress: (done: number, failed: number) => void;
}

/** How an execution ended. */
export interface Ended {
  readonly arn: string;
  readonly succeeded: boolean;
  /** Why it did not succeed. */
  readonly cause: string | null;
}

/** The state machine of a pipeline, and the bucket from which it reads its items. */
export class Engine {
  private constructor(
    readonly stateMachine: string,
    readonly bucket: string,
    private readonly sfn: SFNClient,
    readonly s3: S3Client,
  ) {}

  /** @throws UserError if the text is no ARN of a state machine */
  static async open(
    stateMachine: string,
    bucket: string,
    s3: S3Client,
    env: NodeJS.ProcessEnv,
  ): Promise<Engine> {
    const { service, region } = arnParts(stateMachine);
    if (service !== "states" || !/^[a-z0-9-]+$/.test(region)) {
      throw new UserError({
        what: `--state-machine ${JSON.stringify(stateMachine)} is not the ARN of a state machine.`,
        remedy: "Copy it from the output state_machine_arn of the stack pipeline.",
      });
    }
    const { SFNClient } = await import("@aws-sdk/client-sfn");
    const sfn = notingCalls(new SFNClient({ region, maxAttempts: attemptsIn(env) }));
    return new Engine(stateMachine, bucket, sfn, s3);
  }

  close(): void {
    this.sfn.destroy();
  }

  /** A new folder of the bucket, without a slash at the end, for the items and the results of a run. */
  newRun(): string {
    const time = new Date().toISOString().replaceAll(/[-:]|\..*/g, "");
    return `runs/${time}-${randomBytes(4).toString("hex")}`;
  }

  /** @throws UserError if an execution runs: two of them would share the workers, and could deploy the same stacks */
  async refuseRunning(): Promise<void> {
    const { ListExecutionsCommand } = await import("@aws-sdk/client-sfn");
    const list = new ListExecutionsCommand({ stateMachineArn: this.stateMachine, statusFilter: "RUNNING" });
    const [running] = (await this.sfn.send(list)).executions ?? [];
    if (running === undefined) return;
    throw new UserError({
      what: `${running.executionArn} runs.`,
      remedy:
        "Wait for its end. To end it, use aws stepfunctions stop-execution: its workers finish what they have begun.",
      exitCode: EXIT.elsewhere,
    });
  }

  /**
   * Starts an execution and waits for its end.
   * @param run folder of the run
   * @throws the reason of the aborted signal; UserError if AWS does not tell any more how the execution goes
   */
  async execute(run: string, props: ExecutionProps): Promise<Ended> {
    const { StartExecutionCommand } = await import("@aws-sdk/client-sfn");
    const { stages, tolerated, concurrency, signal } = props;
    const needed = neededAfter(
      stages.map((items) => items.length),
      tolerated,
    );
    const lists = await Promise.all(
      stages.map(async (items, index) => {
        const key = `${run}/stages/${String(index).padStart(3, "0")}.json`;
        await this.put(key, JSON.stringify(items));
        return { items: key, needed: needed[index]! };
      }),
    );
    const { executionArn: arn } = await this.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.stateMachine,
        name: run.split("/").at(-1)!,
        input: JSON.stringify({ stages: lists, tolerated, concurrency }),
      }),
    );
    return this.ended(arn!, props).catch((error: unknown) => {
      signal.throwIfAborted();
      // Credentials expire, for example.
      if (!isFromAws(error)) throw error;
      throw new UserError({
        what: `${arn} runs, and AWS does not tell any more how it goes: ${wordsOf(error)}`,
        remedy:
          "Its workers go on. Wait for its end, then run the same command again. A deployment goes on with --resume.",
      });
    });
  }

  /** Waits for the end of an execution. */
  private async ended(arn: string, { signal, onProgress }: ExecutionProps): Promise<Ended> {
    const { DescribeExecutionCommand } = await import("@aws-sdk/client-sfn");
    for (;;) {
      const describe = new DescribeExecutionCommand({ executionArn: arn });
      const { status, cause, error } = await this.sfn.send(describe);
      const { done, failed } = await this.counts(arn);
      onProgress(done, failed);
      if (status !== "RUNNING" && status !== "PENDING_REDRIVE") {
        const succeeded = status === "SUCCEEDED";
        return { arn, succeeded, cause: succeeded ? null : (cause ?? error ?? status ?? "unknown") };
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  /** Writes an object of a run. @throws Error if the object exists */
  async put(Key: string, Body: string): Promise<void> {
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    const put = new PutObjectCommand({
      Bucket: this.bucket,
      Key,
      Body,
      ContentType: "application/json",
      IfNoneMatch: "*",
    });
    await this.s3.send(put).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
      throw new Error(`s3://${this.bucket}/${Key} exists`, { cause: error });
    });
  }

  /** How many items of an execution have ended. */
  private async counts(executionArn: string): Promise<{ done: number; failed: number }> {
    const { ListMapRunsCommand, DescribeMapRunCommand } = await import("@aws-sdk/client-sfn");
    const { mapRuns = [] } = await this.sfn.send(new ListMapRunsCommand({ executionArn }));
    let [done, failed] = [0, 0];
    for (const { mapRunArn } of mapRuns) {
      const { itemCounts: counts } = await this.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
      const lost = (counts?.failed ?? 0) + (counts?.timedOut ?? 0) + (counts?.aborted ?? 0);
      failed += lost;
      done += (counts?.succeeded ?? 0) + lost;
    }
    return { done, failed };
  }
}
