import { ITEM_TIMEOUT_MINUTES } from "../accounts/schema/pipeline";

/** What the state machine of a pipeline sends to, and reads from. */
export interface StateMachineProps {
  /** Name of the bucket with the lists of items. */
  readonly bucket: string;
  readonly queueUrl: string;
  readonly partition: string;
  /** Seconds after which an item fails from which no worker has been heard: those of the wait for a worker count as well. */
  readonly heartbeatSeconds: number;
}

/**
 * The definition of the state machine of a pipeline. One execution works through the stages of a wave. A stage is a list
 * of items in S3 that depend on no other item of the stage. Its input:
 *
 * - `stages`: for each stage `items` (the key of the list) and `needed` (how many items of this stage and those before it
 *   must succeed for the execution to go on),
 * - `tolerated`: how many items of a stage may fail,
 * - `concurrency`: how many items workers have at a time.
 *
 * The map of a stage fails if more items fail than are tolerated. A redrive of the execution then takes only the items
 * that failed, and those that have not begun. The state `Enough` counts over all stages, also where an engine does not
 * implement the tolerance of a map. Only a worker knows whether an apply may have begun, so the state machine tries only
 * those items again of which a worker says that nothing was begun.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
 */
export const stateMachine = ({ bucket, queueUrl, partition, heartbeatSeconds }: StateMachineProps) => {
  const service = (action: string) => `arn:${partition}:states:::${action}`;
  const kept = { "input.$": "$.input", "index.$": "$.index", "count.$": "$.count", "done.$": "$.done" };
  return {
    Comment: "Distributes the items of a run of session-audit to workers.",
    StartAt: "Begin",
    States: {
      Begin: {
        Type: "Pass",
        Parameters: { "input.$": "$", index: 0, "count.$": "States.ArrayLength($.stages)", done: 0 },
        Next: "More",
      },
      More: {
        Type: "Choice",
        Choices: [{ Variable: "$.index", NumericLessThanPath: "$.count", Next: "Pick" }],
        Default: "Done",
      },
      Pick: {
        Type: "Pass",
        Parameters: {
          ...kept,
          "stage.$": "States.ArrayGetItem($.input.stages, $.index)",
          "index.$": "States.MathAdd($.index, 1)",
        },
        Next: "Stage",
      },
      Stage: {
        Type: "Map",
        MaxConcurrencyPath: "$.input.concurrency",
        ToleratedFailureCountPath: "$.input.tolerated",
        ItemReader: {
          Resource: service("s3:getObject"),
          ReaderConfig: { InputType: "JSON" },
          Parameters: { Bucket: bucket, "Key.$": "$.stage.items" },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Work",
          States: {
            Work: {
              Type: "Task",
              Resource: service("sqs:sendMessage.waitForTaskToken"),
              Parameters: { QueueUrl: queueUrl, MessageBody: { "token.$": "$$.Task.Token", "item.$": "$" } },
              HeartbeatSeconds: heartbeatSeconds,
              TimeoutSeconds: ITEM_TIMEOUT_MINUTES * 60,
              Retry: [
                {
                  ErrorEquals: ["SessionAudit.NotBegun"],
                  IntervalSeconds: 30,
                  MaxAttempts: 2,
                  BackoffRate: 2,
                },
              ],
              End: true,
            },
          },
        },
        ResultPath: "$.results",
        Next: "Count",
      },
      Count: {
        Type: "Pass",
        // Items that failed have no result, or null: only those that succeeded can be counted on every engine.
        Parameters: {
          ...kept,
          "stage.$": "$.stage",
          "done.$": "States.MathAdd($.done, States.ArrayLength($.results[?(@.ok==true)]))",
        },
        Next: "Enough",
      },
      Enough: {
        Type: "Choice",
        Choices: [{ Variable: "$.done", NumericLessThanPath: "$.stage.needed", Next: "TooManyFailures" }],
        Default: "More",
      },
      TooManyFailures: {
        Type: "Fail",
        Error: "SessionAudit.TooManyFailures",
        Cause: "More stacks have failed than the wave tolerates.",
      },
      Done: { Type: "Succeed" },
    },
  };
};
