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

/**
 * Refuses changes to existing resources that records depend on: buckets, log groups, keys and topics that the map
 * names and does not create. null: the map names none, or does not protect them.
 */
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
            // Other objects in an existing bucket stay under its owner's control.
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

/**
 * Refuses changes to created resources that records depend on: buckets and log groups that hold records, keys that
 * encrypt them, the trail, channels that report, and the guard.
 */
export function recordGuardrails(scope: GuardrailScope): Policy {
  const { organization, partition } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  const alias = names.keyAlias(scope);
  const everywhere = (service: string, resource: string) => anywhere(scope, service, resource);
  return policy(
    // The pattern matches the buckets and every object in them.
    refuse("KeepTranscripts", exempt, {
      Action: BUCKET_ACTIONS,
      Resource: [`arn:${partition}:s3:::${prefix}*`],
    }),
    refuse("KeepSessionLogs", exempt, {
      // A metric filter of the same name would replace the one that counts what the guard failed to report.
      Action: [...LOG_GROUP_ACTIONS, "logs:PutMetricFilter"],
      Resource: [everywhere("logs", `log-group:/session-audit/${organization}/*`)],
    }),
    refuse("KeepKeys", exempt, {
      Action: KEY_ACTIONS,
      Resource: [everywhere("kms", "key/*")],
      // AWS makes up the ids of keys, so keys are identified by their aliases.
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
        everywhere("events", `event-bus/${prefix}*`),
        everywhere("events", `rule/${prefix}*`),
        everywhere("sns", `${prefix}*`),
        everywhere("sqs", `${prefix}*`),
      ],
    }),
    refuse("KeepFunctions", exempt, {
      Action: [
        // A policy of the table could let other accounts write, to which these policies do not apply.
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DeleteTable",
        "dynamodb:PutResourcePolicy",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
        "lambda:AddPermission",
        "lambda:Delete*",
        // Somebody could invoke the guard with an invented event. EventBridge is a service, and is not refused.
        "lambda:Invoke*",
        "lambda:Put*",
        "lambda:RemovePermission",
        "lambda:Update*",
      ],
      Resource: [everywhere("dynamodb", `table/${prefix}*`), everywhere("lambda", `function:${prefix}*`)],
    }),
    // The guard reports nothing twice, so whoever writes to its table can silence it. Only the guard's own role may
    // write. Its name begins with the prefix, and KeepRoles denies creating such a role to everybody else.
    refuse("KeepFunctionsMemory", [...exempt, anyIam(scope, `role/${prefix}*`)], {
      Action: [
        ...["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        // These are the same operations in PartiQL.
        ...["dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"],
      ],
      Resource: [everywhere("dynamodb", `table/${prefix}*`)],
    }),
  );
}
