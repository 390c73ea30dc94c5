import type { WeakeningCalls } from "./call";

const OPEN =
  "every rollout makes such calls, and the account of the pipeline need not have a channel of session-audit";

/** Calls that let somebody deploy with the pipeline of the map. Whoever deploys is exempt from guardrails. */
export const ON_PIPELINE: readonly WeakeningCalls[] = [
  {
    service: "codebuild",
    operations: [
      ...["StartBuild", "StartBuildBatch", "RetryBuild", "RetryBuildBatch"],
      ...["StartSandbox", "StartSandboxConnection", "StartCommandExecution"],
    ],
    of: "project of the pipeline",
    namedBy: ["projectName"],
    told: null,
    refused: ["KeepPipeline"],
    effect:
      "commands that the caller chooses run in the role of workers, which may assume the deploying role of every account",
    open: OPEN,
  },
  {
    service: "codebuild",
    operations: ["CreateProject", "UpdateProject", "UpdateProjectVisibility", "DeleteProject"],
    of: "project of the pipeline",
    namedBy: ["name"],
    told: null,
    refused: ["KeepPipeline"],
    effect: "the next build runs other code in the role of workers, or shows its log to everybody",
    open: OPEN,
  },
  {
    service: "codebuild",
    operations: ["CreateWebhook", "UpdateWebhook"],
    of: "project of the pipeline",
    namedBy: ["projectName"],
    told: null,
    refused: ["KeepPipeline"],
    effect: "events of the repository, such as a pull request, start builds in the role of workers",
    open: OPEN,
  },
  {
    service: "states",
    operations: ["StartExecution", "StartSyncExecution", "RedriveExecution", "UpdateMapRun"],
    of: "state machine of the pipeline",
    namedBy: ["stateMachineArn"],
    told: null,
    refused: ["KeepPipeline"],
    effect:
      "workers deploy what the caller's lists of items name, or go on after more failures than a wave tolerates",
    open: OPEN,
  },
  {
    service: "states",
    operations: ["CreateStateMachine", "UpdateStateMachine", "DeleteStateMachine"],
    of: "state machine of the pipeline",
    namedBy: ["stateMachineArn"],
    told: null,
    refused: ["KeepPipeline"],
    effect: "the state machine, which alone may send messages to workers, sends other ones",
    open: OPEN,
  },
];
