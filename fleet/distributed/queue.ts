import type { SFNClient } from "@aws-sdk/client-sfn";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { UserError } from "../../processes/user-error";
import { notingCalls } from "../failed-call";
import { attemptsIn } from "../client-settings";

/** A message, as long as it is with this worker. */
export interface Received {
  readonly body: string;
  readonly receipt: string;
}

/**
 * Seconds for which a message is hidden from other workers. The worker extends this while it works, so this is also how
 * long it takes until another worker gets the message of one that was killed. It is shorter than `HeartbeatSeconds` of
 * the state machine, so that the task goes on with the other worker.
 */
export const VISIBILITY_SECONDS = 60;
/** How often a worker says that it still works, in seconds. */
export const BEAT_SECONDS = 15;
/** SQS waits up to 20 seconds for a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const WAIT_SECONDS = 20;

/** What Step Functions says of a task that nobody waits for any more: it has timed out, or its execution has ended. */
const GONE = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

/** Length of an error's cause that Step Functions accepts. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
const CAUSE_LIMIT = 32_768;

/** The queue of items, and the tasks of the state machine that wait for them. */
export class Queue {
  private constructor(
    private readonly url: string,
    private readonly sqs: SQSClient,
    private readonly sfn: SFNClient,
  ) {}

  /** @throws UserError if the text is no URL of a queue */
  static async open(url: string, env: NodeJS.ProcessEnv): Promise<Queue> {
    const region = regionOf(url, env);
    const { SQSClient } = await import("@aws-sdk/client-sqs");
    const { SFNClient } = await import("@aws-sdk/client-sfn");
    const maxAttempts = attemptsIn(env);
    const isOther = env["AWS_ENDPOINT_URL"] !== undefined || env["AWS_ENDPOINT_URL_SQS"] !== undefined;
    return new Queue(
      url,
      notingCalls(new SQSClient({ region, maxAttempts, useQueueUrlAsEndpoint: !isOther })),
      notingCalls(new SFNClient({ region, maxAttempts })),
    );
  }

  close(): void {
    this.sqs.destroy();
    this.sfn.destroy();
  }

  /** Waits for a message. @returns null if there is none, or if the wait was aborted */
  async receive(signal: AbortSignal): Promise<Received | null> {
    const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: VISIBILITY_SECONDS,
    });
    const { Messages: [found] = [] } = await this.sqs
      .send(receive, { abortSignal: signal })
      .catch((error: Error) => {
        if (!signal.aborted) throw error;
        return { Messages: [] };
      });
    return found ? { body: found.Body!, receipt: found.ReceiptHandle! } : null;
  }

  /** Hides a message for some seconds from now on. 0: another worker may take it at once. */
  async hide(receipt: string, seconds: number): Promise<void> {
    const { ChangeMessageVisibilityCommand } = await import("@aws-sdk/client-sqs");
    await this.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.url,
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      }),
    );
  }

  async remove(receipt: string): Promise<void> {
    const { DeleteMessageCommand } = await import("@aws-sdk/client-sqs");
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receipt }));
  }

  /** Says that the task is worked on. @returns whether the state machine still waits for it */
  async beat(token: string): Promise<boolean> {
    const { SendTaskHeartbeatCommand } = await import("@aws-sdk/client-sfn");
    return this.unlessGone(this.sfn.send(new SendTaskHeartbeatCommand({ taskToken: token })));
  }

  /** Ends the task. @returns whether the state machine still waited for it */
  async succeed(token: string): Promise<boolean> {
    const { SendTaskSuccessCommand } = await import("@aws-sdk/client-sfn");
    // The state machine counts these. Everything else is in S3, because the results of a map state must be small.
    const output = JSON.stringify({ ok: true });
    return this.unlessGone(this.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output })));
  }

  /** Ends the task. @returns whether the state machine still waited for it */
  async fail(token: string, error: string, cause: string): Promise<boolean> {
    const { SendTaskFailureCommand } = await import("@aws-sdk/client-sfn");
    const failure = { taskToken: token, error, cause: cause.slice(0, CAUSE_LIMIT) };
    return this.unlessGone(this.sfn.send(new SendTaskFailureCommand(failure)));
  }

  private async unlessGone(sent: Promise<unknown>): Promise<boolean> {
    try {
      await sent;
      return true;
    } catch (error) {
      if (GONE.includes((error as Error).name)) return false;
      throw error;
    }
  }
}

/** The region of a queue. Its URL has it, except where an endpoint such as that of the embedded AWS replaces the URL. */
function regionOf(url: string, env: NodeJS.ProcessEnv): string {
  const region =
    /^https:\/\/sqs\.([a-z0-9-]+)\.[a-z0-9.-]+\/\d{12}\/[\w-]+(?:\.fifo)?$/.exec(url)?.[1] ??
    (/^https?:\/\/[^/]+\/(?:queue\/)?(?:[a-z0-9-]+\/)?\d{12}\/[\w-]+$/.test(url)
      ? (env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"])
      : undefined);
  if (region !== undefined) return region;
  throw new UserError({
    what: `--queue ${JSON.stringify(url)} is not the URL of a queue.`,
    allowed:
      "the URL of a queue, like https://sqs.eu-central-1.amazonaws.com/111111111111/session-audit-acme-pipeline",
    remedy: "Copy it from the output queue_url of the stack pipeline.",
  });
}
