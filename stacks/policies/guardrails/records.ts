import { names } from "../../names";
import {
  BUCKET_ACTIONS,
  CHANNEL_ACTIONS,
  KEY_ACTIONS,
  LOG_GROUP_ACTIONS,
  anyIam,
  anywhere,
  exemptFrom,
  refuse,
  TOPIC_ACTIONS,
} from "./statements";
import type { GuardrailScope } from "./scope";
import { policy, type Policy, unique } from "../policy";

/** What the map names that somebody else made; null: it names nothing, or it is not to be protected. */
export function existingGuardrails(scope: GuardrailScope): Policy | null {
  const { partition, existing } = scope;
  const exempt = exemptFrom(scope);
  const made = policy(
    existing.buckets.length > 0 &&
      refuse("KeepExistingBuckets", exempt, {
        Action: BUCKET_ACTIONS,
        Resource: unique(
          existing.buckets.flatMap(({ bucket, prefix }) => [
            `arn:${partition}:s3:::${bucket}`,
            // What else is in the bucket is not ours to keep.
            `arn:${partition}:s3:::${bucket}/${prefix}/*`,
          ]),
        ),
      }),
    existing.logGroups.length > 0 &&
      refuse("KeepExistingLogGroups", exempt, {
        Action: LOG_GROUP_ACTIONS,
        Resource: existing.logGroups.flatMap((group) => [
          anywhere(scope, "logs", `log-group:${group}`),
          anywhere(scope, "logs", `log-group:${group}:*`),
        ]),
      }),
    existing.keyArns.length > 0 &&
      refuse("KeepExistingKeys", exempt, { Action: KEY_ACTIONS, Resource: existing.keyArns }),
    existing.topicArns.length > 0 &&
      refuse("KeepExistingTopics", exempt, { Action: TOPIC_ACTIONS, Resource: existing.topicArns }),
  );
  return made.Statement.length > 0 ? made : null;
}

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
