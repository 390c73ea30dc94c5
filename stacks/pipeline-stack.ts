import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { Construct } from "constructs";
import { DEFAULT_MAP, MAP_VARIABLE } from "../accounts/model/map-file";
import type { Organization, Pipeline } from "../accounts/model/organization";
import { DeadLetterQueue } from "./constructs/dead-letter-queue";
import { EncryptionKey } from "./constructs/encryption-key";
import { PipelineBucket } from "./constructs/pipeline-bucket";
import { hasDeletionProtection } from "./constructs/session-log-group";
import { BaseStack } from "./kit/base-stack";
import { declareOrForget } from "./kit/declare-or-forget";
import { toJson } from "./kit/json";
import { arnIn, arns, pipelineOf, stackIds } from "./names";
import {
  pipelineBucketPolicy,
  pipelineDeadLetterPolicy,
  pipelineKeyPolicy,
  pipelineQueuePolicy,
  PREFIXES,
  serviceTrust,
  stateMachinePolicy,
  workerPolicy,
} from "./policies/pipeline-policy";
import type { Policy } from "./policies/policy";
import { stateMachine } from "./state-machine";

/** What the stack of the pipeline is made from. */
export interface PipelineStackProps {
  readonly organization: Organization;
  readonly pipeline: Pipeline;
}

type Named = ReturnType<typeof pipelineOf>;

/** Days for which the logs of executions and builds are kept. */
const LOG_DAYS = 365;
const DAY_SECONDS = 24 * 60 * 60;
/**
 * How often a message is taken before it counts as a dead letter: a worker that is killed over it, or hands it back, has
 * taken it.
 */
const TAKEN_AT_MOST = 10;
/** A worker ends when nothing has come for so many minutes: a stage waits for its last item. */
const IDLE_MINUTES = 20;
/** Minutes after which AWS CodeBuild ends a worker. @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html */
const BUILD_MINUTES = 480;

/**
 * The stack that distributes plan, deploy and drift to workers: a state machine, its queue, a bucket for plan folders and
 * journals, and a CodeBuild project for workers.
 * @example new PipelineStack(app, { organization, pipeline: organization.pipeline! })
 */
export class PipelineStack extends BaseStack {
  constructor(scope: Construct, { organization, pipeline }: PipelineStackProps) {
    const { account, region, tags, planDays, heartbeatMinutes } = pipeline;
    super(scope, stackIds.pipeline(), { organization, account, region, tags, role: account.role });
    const named = pipelineOf(organization, pipeline);
    const key = new EncryptionKey(this, "Key", {
      description: "Plan folders and items of session-audit",
      alias: named.keyAlias,
      policy: pipelineKeyPolicy(named),
      deletionWindowDays: 30,
      rotationPeriodDays: 365,
      protect: true,
    });
    new PipelineBucket(this, "Bucket", {
      name: named.bucket,
      keyArn: key.arn,
      policy: pipelineBucketPolicy(named),
      expiring: [PREFIXES.plans, PREFIXES.runs],
      days: planDays,
    });
    const queue = this.queue(named);
    const role = this.role("StateMachine", {
      name: named.role,
      description: "The state machine of session-audit hands items to workers",
      trust: serviceTrust(named.place, "states", named.stateMachineArn),
      policy: stateMachinePolicy(named),
    });
    const log = protectedLogGroup(this, "Log", { name: named.logGroup, region, key });
    new SfnStateMachine(this, "Machine", {
      name: named.name,
      roleArn: role.role.arn,
      type: "STANDARD",
      definition: toJson(
        stateMachine({
          bucket: named.bucket,
          queueUrl: queue.url,
          partition: account.partition,
          heartbeatSeconds: heartbeatMinutes * 60,
        }),
      ),
      // Step Functions knows items, and no plan: they name places.
      loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: `${log.arn}:*` },
      tracingConfiguration: { enabled: true },
      dependsOn: [role.policy],
    });
    // The log of builds says what workers have done, so it outlasts them.
    const workerLog = declareOrForget(
      this,
      "WorkerLog",
      { wanted: pipeline.workers !== null, protect: true },
      (scope, id) => protectedLogGroup(scope, id, { name: named.workerLogGroup, region, key }),
    );
    if (workerLog !== null) this.workers(organization, pipeline, named, queue.url);
    this.output("state_machine_arn", named.stateMachineArn);
    this.output("queue_url", queue.url);
    this.output("bucket", named.bucket);
  }

  private queue(named: Named): SqsQueue {
    const dead = new DeadLetterQueue(this, "DeadLetters", {
      name: named.deadLetters,
      policy: pipelineDeadLetterPolicy(named),
    });
    const queue = new SqsQueue(this, "Queue", {
      name: named.name,
      messageRetentionSeconds: 4 * DAY_SECONDS,
      sqsManagedSseEnabled: true,
      visibilityTimeoutSeconds: 60,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: toJson({
        deadLetterTargetArn: arns.queue(named.place, named.deadLetters),
        maxReceiveCount: TAKEN_AT_MOST,
      }),
      dependsOn: [...dead.ready],
    });
    new SqsQueuePolicy(this, "QueuePolicy", {
      queueUrl: queue.url,
      policy: toJson(pipelineQueuePolicy(named)),
    });
    return queue;
  }

  private role(
    id: string,
    {
      name,
      description,
      trust,
      policy,
    }: { name: string; description: string; trust: Policy; policy: Policy },
  ) {
    const role = new IamRole(this, `${id}Role`, { name, description, assumeRolePolicy: toJson(trust) });
    return {
      role,
      policy: new IamRolePolicy(this, `${id}Policy`, {
        name: "pipeline",
        role: role.name,
        policy: toJson(policy),
      }),
    };
  }

  private workers(organization: Organization, pipeline: Pipeline, named: Named, queueUrl: string): void {
    const { repository, connection, branch, computeType, map } = pipeline.workers!;
    const { place } = named;
    const role = this.role("Worker", {
      name: named.workerRole,
      description: "Workers of session-audit plan, compare and deploy what the state machine hands out",
      trust: serviceTrust(place, "codebuild", arnIn("codebuild", place, `project/${named.workerProject}`)),
      policy: workerPolicy(organization, pipeline),
    });
    new CodebuildProject(this, "Workers", {
      name: named.workerProject,
      description: "Workers of session-audit. Start as many builds as an execution has items at a time.",
      serviceRole: arns.role(place.account, named.workerRole),
      buildTimeout: BUILD_MINUTES,
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        computeType,
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        type: "LINUX_CONTAINER",
        environmentVariable: [
          { name: "QUEUE_URL", value: queueUrl },
          // A build starts in the root of the clone, to which the path is relative.
          ...(map === DEFAULT_MAP ? [] : [{ name: MAP_VARIABLE, value: map }]),
        ],
      },
      source: {
        type: sourceType(repository),
        location: repository,
        gitCloneDepth: 0,
        auth: { type: "CODECONNECTIONS", resource: connection },
        // JSON is YAML as well.
        buildspec: toJson({
          version: 0.2,
          phases: {
            install: { "runtime-versions": { nodejs: 20 }, commands: ["npm ci --no-audit --no-fund"] },
            build: { commands: [`npx session-audit worker --queue "$QUEUE_URL" --idle ${IDLE_MINUTES}`] },
          },
        }),
      },
      sourceVersion: branch,
      logsConfig: { cloudwatchLogs: { groupName: named.workerLogGroup } },
      dependsOn: [role.policy],
    });
  }
}

/** Declares a log group that is protected whatever the map says, as the bucket and the key of the pipeline are. */
function protectedLogGroup(
  scope: Construct,
  id: string,
  { name, region, key }: { readonly name: string; readonly region: string; readonly key: EncryptionKey },
): CloudwatchLogGroup {
  const group = new CloudwatchLogGroup(scope, id, {
    name,
    retentionInDays: LOG_DAYS,
    kmsKeyId: key.arn,
    lifecycle: { preventDestroy: true },
  });
  if (hasDeletionProtection(region)) group.addOverride("deletion_protection_enabled", true);
  return group;
}

/** The kind of a repository for CodeBuild, by its host. */
function sourceType(repository: string): string {
  const host = new URL(repository).hostname;
  if (host === "github.com") return "GITHUB";
  if (host === "gitlab.com") return "GITLAB";
  if (host === "bitbucket.org") return "BITBUCKET";
  return host.includes("gitlab") ? "GITLAB_SELF_MANAGED" : "GITHUB_ENTERPRISE";
}
