import { names } from "../names";
import { BUCKET_ACTIONS, CHANNEL_ACTIONS, KEY_ACTIONS, LOG_GROUP_ACTIONS } from "./guardrail-actions";
import type { GuardrailScope } from "./guardrail-scope";
import { anyIam, anywhere, exemptFrom, refuse } from "./guardrail-statement";
import { policy, type Policy } from "./policy";

/** Where the record lies, what encrypts it, who is told of it, and what looks after it. */
export function recordGuardrails(scope: GuardrailScope): Policy {
  const { organization, partition } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  const alias = names.keyAlias(scope);
  const everywhere = (service: string, resource: string) => anywhere(scope, service, resource);
  return policy(
    // Buckets, and what is in them.
    refuse("KeepTranscripts", exempt, {
      Action: BUCKET_ACTIONS,
      Resource: [`arn:${partition}:s3:::${prefix}*`],
    }),
    refuse("KeepSessionLogs", exempt, {
      // A filter of the same name takes the place of the one that counts what the guard misses.
      Action: [...LOG_GROUP_ACTIONS, "logs:PutMetricFilter"],
      Resource: [everywhere("logs", `log-group:/session-audit/${organization}/*`)],
    }),
    refuse("KeepKeys", exempt, {
      Action: KEY_ACTIONS,
      Resource: [everywhere("kms", "key/*")],
      // A key's id is AWS's to make up.
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": [alias, `${alias}-*`] } },
    }),
    refuse("KeepKeyAliases", exempt, {
      Action: ["kms:DeleteAlias", "kms:UpdateAlias"],
      Resource: [everywhere("kms", alias), everywhere("kms", `${alias}-*`)],
    }),
    refuse("KeepTrail", exempt, {
      Action: [
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
      ],
      Resource: [everywhere("cloudtrail", `trail/${names.trail(scope)}`)],
    }),
    refuse("KeepNotifications", exempt, {
      Action: CHANNEL_ACTIONS,
      Resource: [
        `arn:${partition}:chatbot::*:chat-configuration/*/${prefix}*`,
        everywhere("cloudwatch", `alarm:${prefix}*`),
        everywhere("events", `rule/${prefix}*`),
        everywhere("sns", `${prefix}*`),
        everywhere("sqs", `${prefix}*`),
      ],
    }),
    refuse("KeepFunctions", exempt, {
      Action: [
        // A table's own policy could let in others, whom no policy of this organization binds.
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DeleteTable",
        "dynamodb:PutResourcePolicy",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
        "lambda:AddPermission",
        "lambda:Delete*",
        // An event that is made up would be told in place of the true one. EventBridge is not bound.
        "lambda:Invoke*",
        "lambda:Put*",
        "lambda:RemovePermission",
        "lambda:Update*",
      ],
      Resource: [everywhere("dynamodb", `table/${prefix}*`), everywhere("lambda", `function:${prefix}*`)],
    }),
    // What a function has told, it does not tell again: only its own role writes that down. Nobody else can make one.
    refuse("KeepFunctionsMemory", [...exempt, anyIam(scope, `role/${prefix}*`)], {
      Action: [
        ...["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        // The same in SQL.
        ...["dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"],
      ],
      Resource: [everywhere("dynamodb", `table/${prefix}*`)],
    }),
  );
}
