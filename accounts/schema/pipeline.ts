import { z } from "zod";
import { accountId, region } from "./names";
import { choice, described } from "./values";

/**
 * Minutes after which an item fails although its worker is alive. Step Functions accepts only a heartbeat that is shorter.
 * @see https://states-language.net/spec.html#task-state
 */
export const ITEM_TIMEOUT_MINUTES = 360;

const role = described(z.string().regex(/^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/), {
  description:
    "Name of the role that Terraform assumes in this account, with its path. null: deployment.role.",
  allowed: "a role name, or a path and a role name without a slash before them",
  remedy: "give the role's name without ARN, or leave it out",
})
  .nullable()
  .default(null);

const workers = described(
  z.strictObject({
    repository: described(
      z
        .string()
        .regex(
          /^https:\/\/(?!git-codecommit\.|dev\.azure\.com|[\w.-]*\.visualstudio\.com)[\w.-]+\/[\w./-]+$/,
        ),
      {
        description: "URL of the repository that the workers clone: this project, with your map.",
        allowed:
          "an https URL of a Git repository with which AWS CodeConnections connects: on GitHub, GitLab or Bitbucket Cloud, or on a GitHub Enterprise or GitLab of your own",
        remedy: 'give the URL, like "https://github.com/acme/session-audit.git"',
      },
    ),
    connection: described(
      z
        .string()
        .regex(/^arn:[\w-]+:(?:codeconnections|codestar-connections):[\w-]+:\d{12}:connection\/[\w-]+$/),
      {
        description: "ARN of the connection with which AWS CodeBuild clones the repository.",
        allowed: "the ARN of a connection of AWS CodeConnections",
        remedy:
          "copy the ARN from the console of AWS CodeConnections, after you have completed the connection",
      },
    ),
    branch: described(z.string().regex(/^[\w./-]{1,200}$/), {
      description: "Branch that the workers clone. A build may name another commit.",
      allowed: "the name of a branch",
      remedy: 'name a branch, like "main"',
    }).default("main"),
    // Those of containers of Linux on x86_64. @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
    computeType: choice(
      [
        "BUILD_GENERAL1_SMALL",
        "BUILD_GENERAL1_MEDIUM",
        "BUILD_GENERAL1_LARGE",
        "BUILD_GENERAL1_XLARGE",
        "BUILD_GENERAL1_2XLARGE",
      ],
      "Machine of a worker. Terraform keeps a core busy for each stack: a worker plans as many stacks at a time as its machine has cores, and deploys one.",
    ).default("BUILD_GENERAL1_MEDIUM"),
    map: described(z.string().regex(/^(?!(?:.*\/)?\.\.\/)[\w.-][\w./-]{0,198}\.(?:ts|js|json|ya?ml)$/), {
      description:
        "Path of the map in the repository. A build gets it as SESSION_AUDIT_ACCOUNTS, unless it is the default.",
      allowed:
        "a path from the root of the repository to a .ts, .js, .json, .yaml or .yml file, without a slash before it and without ..",
      remedy: 'name the file of this map, like "acme.yaml"',
    }).default("accounts/index.ts"),
  }),
  {
    description:
      "An AWS CodeBuild project that runs workers. null: workers run elsewhere, for instance in Amazon ECS.",
    allowed: "an object with repository, connection and optionally branch, computeType and map, or null",
    remedy: "describe the repository, or leave workers out",
  },
);

/** What a map may say about the state machine that distributes work: once, for the organization. There is none by default. */
export const pipeline = described(
  z.strictObject({
    account: described(
      z.strictObject({
        id: accountId("Id of the account of the pipeline, in quotes. The map need not describe the account."),
        role,
      }),
      {
        description: "The account of the pipeline.",
        allowed: "an object with id and optionally role",
        remedy: 'write account: { id: "111111111111" }',
      },
    ),
    region: region("Region of the state machine, the queue and the bucket."),
    planDays: described(z.number().int().min(1).max(35), {
      description: "Days after which S3 deletes plan folders, items and results. Journals stay.",
      allowed: "a whole number from 1 to 35",
      remedy: "choose as many days as a deployment may wait for its last approval",
    }).default(14),
    heartbeatMinutes: described(
      z
        .number()
        .int()
        .min(5)
        .max(ITEM_TIMEOUT_MINUTES - 1),
      {
        description: `Minutes after which an item fails if no worker has been heard of it. They include the wait for a worker. An item fails after ${ITEM_TIMEOUT_MINUTES} minutes in any case.`,
        allowed: `a whole number from 5 to ${ITEM_TIMEOUT_MINUTES - 1}`,
        remedy: "choose more minutes than workers take to start",
      },
    ).default(30),
    workers: workers.nullable().default(null),
  }),
  {
    description:
      "A state machine of AWS Step Functions that distributes plan, deploy and drift to workers. None by default.",
    allowed: "an object with account, region and optionally planDays, heartbeatMinutes, workers",
    remedy: "name the account and the region of the pipeline, or leave pipeline out",
  },
);
