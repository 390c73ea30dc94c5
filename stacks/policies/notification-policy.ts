import { arns, principalOf, type Place } from "../names";
import { policy, type Policy, type Statement } from "./policy";

/**
 * Who publishes to a topic: EventBridge, and this account's alarms.
 *
 * AWS documents the grant to EventBridge without a condition, and does not say whether aws:SourceAccount
 * is sent on this path. Asking for it could lose every notification, not asking would let rules of other
 * accounts publish. So the key is not asked for, but refused when it is sent and names another account.
 */
export const topicStatements = (place: Place, topicArn: string): readonly Statement[] => [
  {
    Sid: "EventBridgePublishes",
    Effect: "Allow",
    Principal: { Service: principalOf("events", place) },
    Action: ["sns:Publish"],
    Resource: topicArn,
  },
  {
    Sid: "AlarmsPublish",
    Effect: "Allow",
    Principal: { Service: principalOf("cloudwatch", place) },
    Action: ["sns:Publish"],
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceAccount": place.account.id } },
  },
];

/** Who publishes to a topic: its publishers, for this account, over TLS. */
export function topicPolicy(place: Place, topic: string): Policy {
  const topicArn = arns.topic(place, topic);
  return policy(
    ...topicStatements(place, topicArn),
    {
      Sid: "RefuseServicesForOtherAccounts",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: topicArn,
      Condition: {
        Null: { "aws:SourceAccount": "false" },
        StringNotEquals: { "aws:SourceAccount": place.account.id },
      },
    },
    {
      Sid: "RefusePlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
}

/** What the owners of existing topics must allow, by the topic's ARN; null: there is none. */
export const requiredTopicStatements = (place: Place, topicArns: readonly string[]) =>
  topicArns.length === 0
    ? null
    : Object.fromEntries(topicArns.map((topicArn) => [topicArn, topicStatements(place, topicArn)]));

/**
 * Who puts what could not be delivered into a queue: EventBridge for some rules, SNS for a topic.
 * @param topic null: it is not ours, and keeps nothing here
 */
export function deadLetterPolicy(
  place: Place,
  { queue, rules, topic }: { queue: string; rules: readonly string[]; topic: string | null },
): Policy {
  const queueArn = arns.queue(place, queue);
  return policy(
    {
      Sid: "EventBridgeKeepsUndelivered",
      Effect: "Allow",
      Principal: { Service: principalOf("events", place) },
      Action: ["sqs:SendMessage"],
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": rules.map((rule) => arns.rule(place, rule)) } },
    },
    topic !== null && {
      Sid: "TopicKeepsUndelivered",
      Effect: "Allow",
      Principal: { Service: principalOf("sns", place) },
      Action: ["sqs:SendMessage"],
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": arns.topic(place, topic) } },
    },
    {
      Sid: "RefusePlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Resource: queueArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
}
