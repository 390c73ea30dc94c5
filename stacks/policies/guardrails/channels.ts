import { servicePrincipal, type ServiceName } from "../../../aws/service-principals";
import { guardMetrics, guardRolePrefix, LAMBDA_METRICS, names } from "../../names";
import { policy, type Policy } from "../policy";
import type { GuardrailScope } from "./scope";
import { anyIam, anywhere, exemptFrom, keep, refuse } from "./statements";

/** Refuses changes to what reports sessions and findings: rules, topics, queues, alarms, chat channels and the guard. */
export function channelGuardrails(scope: GuardrailScope): Policy {
  const { partition } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  const everywhere = (service: string, resource: string) => anywhere(scope, service, resource);
  const principal = (service: ServiceName) => servicePrincipal(service, partition);
  const functions = everywhere("lambda", `function:${prefix}*`);
  const rules = everywhere("events", `rule/${prefix}*`);
  const topics = everywhere("sns", `${prefix}*`);
  const tables = everywhere("dynamodb", `table/${prefix}*`);
  return policy(
    keep("KeepNotifications", exempt, {
      Resource: [
        `arn:${partition}:chatbot::*:chat-configuration/*/${prefix}*`,
        everywhere("cloudwatch", `alarm:${prefix}*`),
        // The default bus, and the central bus of the archive account.
        everywhere("events", "event-bus/default"),
        everywhere("events", `event-bus/${prefix}*`),
        rules,
        topics,
        everywhere("sqs", `${prefix}*`),
      ],
    }),
    // The policy of a topic lets EventBridge publish, and cannot rely on EventBridge to name the rule. Whoever may write a rule
    // of their own could make it publish what looks like a finding. Nobody is exempt: a role that deploys puts the targets of
    // created rules only, which KeepNotifications keeps. Alarms name themselves, and the policy refuses all others.
    // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
    keep("KeepTopicsFromRules", [], {
      NotResource: [rules],
      Condition: { "ForAnyValue:ArnLike": { "events:TargetArn": topics } },
    }),
    // What reports in a region, and what records there, is out of reach while the region is disabled.
    keep("KeepRegions", exempt, {
      Resource: "*",
      Condition: { StringEquals: { "account:TargetRegion": scope.regions } },
    }),
    // AWS authorizes these calls for no resource, so an account without chat of session-audit is not bothered.
    scope.chat && keep("KeepChatAuthorizations", exempt, { Resource: "*" }),
    // This does not cover the metrics that CloudWatch Logs makes from lines of any log group. Lambda's namespace is AWS's own.
    // AWS's guides say that nobody else can write into it, and the reference of PutMetricData that nobody should.
    // @see https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/examples-cloudwatch-publish-custom-metrics.html
    // @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
    keep("KeepMetrics", exempt, {
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": [guardMetrics(scope), LAMBDA_METRICS] } },
    }),
    // EventBridge invokes the guard as a service, which is not refused.
    keep("KeepFunctions", exempt, { Resource: [tables, functions] }),
    keep("KeepEventSources", exempt, {
      Resource: "*",
      Condition: { ArnLike: { "lambda:FunctionArn": functions } },
    }),
    refuse("KeepRolesOfFunctions", exempt, {
      // Lambda assumes a role for any function that has it, and S3 may do so for any bucket. With the guard's role a
      // function could silence the guard. With the replication role a bucket could replicate forged transcripts. With the
      // roles of the pipeline, a project of CodeBuild or a state machine could deploy anything in every account.
      Action: ["iam:PassRole"],
      Resource: [anyIam(scope, `role/${prefix}*`)],
      Condition: {
        StringEquals: {
          "iam:PassedToService": (["codebuild", "lambda", "s3", "states"] as const).map(principal),
        },
      },
    }),
    // The guard reports nothing twice, so a principal that writes to its table can silence it. Only the guard's own role
    // may write. KeepRoles denies creating a role of that name to everybody else.
    keep("KeepFunctionsMemory", [...exempt, anyIam(scope, `role/${guardRolePrefix(scope)}*`)], {
      Resource: [tables],
    }),
  );
}
