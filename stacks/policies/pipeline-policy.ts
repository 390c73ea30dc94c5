import type { Organization, Pipeline } from "../../accounts/model/organization";
import { arnIn, arns, encryptedStates, pipelineOf, principalOf, viaService, type Place } from "../names";
import { roleArn } from "../profiles";
import { refuseAccessPoints } from "./bucket-policy";
import { accountAdministersKey } from "./key-policy";
import { policy, type Policy, type Statement } from "./policy";

/** Names and ARNs of a pipeline. */
type Named = ReturnType<typeof pipelineOf>;

/** Prefixes of the keys in the bucket. What is below `journals/` stays for good. */
export const PREFIXES = { plans: "plans/", runs: "runs/", journals: "journals/" } as const;

/**
 * Patterns of the keys of objects that are written once: lines of journals, plan folders, lists of items, and what an item
 * that succeeded has resulted in. The program writes them with the header `If-None-Match: *`. What an item that failed has
 * resulted in may be replaced, because the item may be tried again.
 */
export const WRITTEN_ONCE: readonly string[] = [
  `${PREFIXES.plans}*`,
  `${PREFIXES.journals}*`,
  ...["stages/*", "difference.json", "results/*/done.json"].map((key) => `${PREFIXES.runs}*/${key}`),
];

/** Trust policy of a role of the pipeline: one service assumes it, for one resource. */
export const serviceTrust = (place: Place, service: "states" | "codebuild", sourceArn: string): Policy =>
  policy({
    Sid: "ServiceTakesThisRole",
    Effect: "Allow",
    Principal: { Service: principalOf(service, place) },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account.id },
      ArnLike: { "aws:SourceArn": sourceArn },
    },
  });

/** Everything that a caller may not do without TLS. */
const refusePlainHttp = (action: string, resource: readonly string[]): Statement => ({
  Sid: "RefusePlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: [action],
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/**
 * Refuses to overwrite objects. Only a request with `If-None-Match` passes, and S3 takes no value of this header but `*`,
 * with which it creates an object and replaces none. Uploads in parts and copies are refused too: their requests have no
 * such header, and the program makes none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
const refuseOverwrites = (resource: readonly string[]): Statement => ({
  Sid: "NobodyOverwrites",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:PutObject"],
  Resource: resource,
  Condition: { Null: { "s3:if-none-match": "true" } },
});

/**
 * Refuses what would make room for another object of the same key: its deletion, and replicas, whose requests need no
 * `If-None-Match`. Rules of the bucket's lifecycle delete all the same.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
const refuseReplacements = (resource: readonly string[]): Statement => ({
  Sid: "NobodyReplaces",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete", "s3:ReplicateObject"],
  Resource: resource,
});

/** The policy of the bucket. Who may read and write is said by policies of the account's own roles. */
export const pipelineBucketPolicy = ({ place, bucket }: Named): Policy => {
  const arn = arns.bucket(place, bucket);
  const once = WRITTEN_ONCE.map((key) => `${arn}/${key}`);
  return policy(
    refusePlainHttp("s3:*", [arn, `${arn}/*`]),
    refuseAccessPoints({ arn }),
    refuseOverwrites(once),
    refuseReplacements(once),
  );
};

/**
 * The policy of the queue. Nobody but the state machine sends messages: who can send some can let workers deploy any plan
 * that is stored.
 */
export const pipelineQueuePolicy = ({ place, queueArn, role }: Named): Policy =>
  policy(refusePlainHttp("sqs:*", [queueArn]), {
    Sid: "OnlyTheStateMachineSends",
    Effect: "Deny",
    Principal: "*",
    Action: ["sqs:SendMessage"],
    Resource: queueArn,
    Condition: { ArnNotEquals: { "aws:PrincipalArn": arns.role(place.account, role) } },
  });

/** The condition of a use of the key for the bucket: S3 makes the call, and the Bucket Key has the bucket as its context. */
const throughBucket = ({ place, bucket }: Named) => ({
  StringEquals: { "kms:ViaService": viaService("s3", place) },
  ArnEquals: { "kms:EncryptionContext:aws:s3:arn": arns.bucket(place, bucket) },
});

/** The policy of the queue for dead letters. SQS itself moves them there. */
export const pipelineDeadLetterPolicy = ({ place, deadLetters }: Named): Policy =>
  policy(refusePlainHttp("sqs:*", [arns.queue(place, deadLetters)]));

/**
 * The policy of the key of the bucket and of the log groups. Roles of the account use it through S3, if their
 * own policies allow that. The queue has no customer managed key: its messages name places, and hold no plans.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export const pipelineKeyPolicy = (named: Named): Policy =>
  policy(
    accountAdministersKey(named.place),
    {
      Sid: "AccountUsesKeyForBucket",
      Effect: "Allow",
      Principal: { AWS: arns.root(named.place.account) },
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "*",
      Condition: throughBucket(named),
    },
    {
      Sid: "CloudWatchLogsEncryptsLogs",
      Effect: "Allow",
      Principal: { Service: principalOf("logs", named.place) },
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": [named.logGroup, named.workerLogGroup].map((name) =>
            arns.logGroup(named.place, name),
          ),
        },
      },
    },
  );

/** Use of the key for the bucket. AWS chooses the id of a key, so the alias names it. */
const useKey = (named: Named): Statement => ({
  Sid: "UseKeyOfPipeline",
  Effect: "Allow",
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: arns.keys(named.place),
  Condition: {
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": named.keyAlias },
    ...throughBucket(named),
  },
});

/** Limits a statement on the bucket to the account: somebody else could take over its name. */
const inAccount = ({ place }: Named) => ({
  Condition: { StringEquals: { "aws:ResourceAccount": place.account.id } },
});

/**
 * The policy of the state machine's role: it reads lists of items, sends them to the queue, starts its own child
 * executions, writes its log, and sends the traces that the stack switches on.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html for the calls of log delivery, which know no resource
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html for the calls of X-Ray, which know no resource
 */
export const stateMachinePolicy = (named: Named): Policy => {
  const { place, bucket, queueArn, stateMachineArn, name } = named;
  return policy(
    {
      Sid: "ReadItems",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: `${arns.bucket(place, bucket)}/${PREFIXES.runs}*`,
      ...inAccount(named),
    },
    { Sid: "SendItems", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queueArn },
    useKey(named),
    {
      Sid: "StartChildExecutions",
      Effect: "Allow",
      Action: ["states:StartExecution"],
      Resource: stateMachineArn,
    },
    {
      Sid: "ManageChildExecutions",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"],
      Resource: [
        arnIn("states", place, `execution:${name}:*`),
        arnIn("states", place, `execution:${name}/*`),
      ],
    },
    {
      Sid: "DeliverLogs",
      Effect: "Allow",
      Action: [
        ...["logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery"],
        ...["logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy"],
        ...["logs:DescribeResourcePolicies", "logs:DescribeLogGroups"],
      ],
      Resource: "*",
    },
    {
      Sid: "SendTraces",
      Effect: "Allow",
      Action: [
        ...["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        ...["xray:GetSamplingRules", "xray:GetSamplingTargets"],
      ],
      Resource: "*",
    },
  );
};

/**
 * What the role of a build needs on the connection to the repository. AWS documents the last two of these actions, and
 * CodeBuild refuses to create the project of a role that lacks the first one. A connection belongs to CodeConnections or, with an
 * older ARN, to CodeStar Connections, and a policy names its actions by the service of the ARN.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
 * @see https://github.com/aws/aws-cdk/issues/38504 for `UseConnection`
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
 */
const CONNECTION_USES = ["codeconnections", "codestar-connections"].flatMap((service) =>
  ["UseConnection", "GetConnection", "GetConnectionToken"].map((action) => `${service}:${action}`),
);

/**
 * The policy of a worker's role: it takes messages, reports the end of tasks, reads and writes the bucket, keeps the states
 * of the map, and assumes the roles that plan and deploy.
 * Calls on tasks know no resource: who has the token of a task may end it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export const workerPolicy = (organization: Organization, pipeline: Pipeline): Policy => {
  const named = pipelineOf(organization, pipeline);
  const { place, bucket, queueArn, workerLogGroup } = named;
  const arn = arns.bucket(place, bucket);
  return policy(
    {
      Sid: "TakeItems",
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      Resource: queueArn,
    },
    {
      Sid: "ReportItems",
      Effect: "Allow",
      Action: ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"],
      Resource: "*",
    },
    { Sid: "FindJournals", Effect: "Allow", Action: ["s3:ListBucket"], Resource: arn, ...inAccount(named) },
    {
      Sid: "KeepPlansResultsAndJournals",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: Object.values(PREFIXES).map((prefix) => `${arn}/${prefix}*`),
      ...inAccount(named),
    },
    useKey(named),
    ...stateStatements(organization, place),
    ...takeRoles(organization, pipeline),
    {
      Sid: "WriteLogOfBuilds",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${arns.logGroup(place, workerLogGroup)}:*`,
    },
    pipeline.workers !== null && {
      Sid: "CloneRepository",
      Effect: "Allow",
      Action: CONNECTION_USES,
      Resource: pipeline.workers.connection,
    },
  );
};

/** What Terraform needs for the states, as `docs/state-deploy-role.json` has it. */
function stateStatements({ state }: Organization, place: Place): Statement[] {
  if (state.backend !== "s3") return [];
  if (state.roleArn !== undefined) {
    // A worker plans and deploys.
    const Resource = state.planRoleArn === undefined ? state.roleArn : [state.roleArn, state.planRoleArn];
    return [{ Sid: "TakeRoleOfStates", Effect: "Allow", Action: ["sts:AssumeRole"], Resource }];
  }
  const arn = arns.bucket(place, state.bucket);
  const key = `${arn}/${state.keyPrefix}/*.tfstate`;
  return [
    { Sid: "FindStates", Effect: "Allow", Action: ["s3:ListBucket"], Resource: arn },
    { Sid: "ReadAndWriteStates", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: key },
    {
      Sid: "LockStates",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: `${key}.tflock`,
    },
    ...(state.kmsKeyArn === undefined
      ? []
      : [
          {
            Sid: "UseKeyOfStates",
            Effect: "Allow" as const,
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: state.kmsKeyArn,
            Condition: { ArnLike: { "kms:EncryptionContext:aws:s3:arn": encryptedStates(arn, key) } },
          },
        ]),
  ];
}

/** The roles that Terraform assumes in the accounts. A list of a thousand accounts would not fit into the policy. */
function takeRoles({ id, deployment, guardrails }: Organization, { account }: Pipeline): Statement[] {
  if (deployment.mode !== "assume-role") return [];
  const anywhere = (role: string) => roleArn({ ...account, id: "*" }, role);
  const roles = [
    anywhere(deployment.role),
    ...(deployment.planRole === undefined ? [] : [anywhere(deployment.planRole)]),
    ...(account.role === null ? [] : [roleArn(account, account.role)]),
    ...(guardrails === null || guardrails.managementAccount.role === null
      ? []
      : [roleArn(guardrails.managementAccount, guardrails.managementAccount.role)]),
  ];
  return [
    {
      Sid: "TakeRolesOfAccounts",
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: [...new Set(roles)],
      // A role of such a name in an account of somebody else is out of reach.
      ...(id !== null && { Condition: { StringEquals: { "aws:ResourceOrgID": id } } }),
    },
  ];
}
