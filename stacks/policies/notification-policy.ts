import { arns, principalOf, type Place } from "../names";
import { guardsPublish } from "./central-policy";
import { policy, type Policy, type Statement } from "./policy";
import type { Members } from "./principals";
import { reportersPublish } from "./summary-policy";

/**
 * The statements that let EventBridge and alarms of this account publish to a topic.
 *
 * AWS documents the permission of EventBridge without a condition, and does not say whether EventBridge sends
 * `aws:SourceAccount` to SNS. A statement that required the key could lose every notification, and one that ignored
 * it would let rules of other accounts publish. So the key may be absent, and another statement refuses requests in which
 * the key names another account: `RefuseServicesForOtherAccounts` of a created topic, and
 * `RefuseEventBridgeForOtherAccounts` of an existing one.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
const topicStatements = (place: Place, topicArn: string): readonly Statement[] => [
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

/**
 * The policy of a topic: EventBridge and alarms publish for this account, over TLS.
 * @param topic name of the topic
 * @param reporters ARNs of roles that publish summaries of reports on it
 * @param guards the accounts whose guards publish to it from elsewhere; null: none do
 */
export function topicPolicy(
  place: Place,
  topic: string,
  reporters: readonly string[] = [],
  guards: Members | null = null,
): Policy {
  const topicArn = arns.topic(place, topic);
  return policy(
    ...topicStatements(place, topicArn),
    ...reportersPublish(topicArn, reporters),
    guards !== null && guardsPublish(place, topicArn, guards),
    refuseServicesForOthers("RefuseServicesForOtherAccounts", place, topicArn),
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

/** Refuses requests to publish in which AWS says that the service acts for another account. */
const refuseServicesForOthers = (
  Sid: string,
  { account }: Place,
  topicArn: string,
  more: Readonly<Record<string, string>> = {},
): Statement => ({
  Sid,
  Effect: "Deny",
  Principal: "*",
  Action: ["sns:Publish"],
  Resource: topicArn,
  Condition: {
    Null: { "aws:SourceAccount": "false" },
    StringNotEquals: { "aws:SourceAccount": account.id },
    ...(Object.keys(more).length > 0 && { StringEquals: more }),
  },
});

/**
 * The statements that the owner of an existing topic must add to its policy. Other services may publish to such a topic
 * for other accounts, such as alarms, so only EventBridge is refused to.
 */
export const statementsOfExistingTopic = (place: Place, topicArn: string): readonly Statement[] => [
  ...topicStatements(place, topicArn),
  refuseServicesForOthers("RefuseEventBridgeForOtherAccounts", place, topicArn, {
    "aws:PrincipalServiceName": principalOf("events", place),
  }),
];

/** The statements that owners of existing topics must add to the policies of these, by ARN; null: there are none. */
export const requiredTopicStatements = (place: Place, topicArns: readonly string[]) =>
  topicArns.length === 0
    ? null
    : Object.fromEntries(topicArns.map((topicArn) => [topicArn, statementsOfExistingTopic(place, topicArn)]));

interface DeadLettersOf {
  readonly queue: string;
  readonly rules: readonly string[];
  readonly topic: string | null;
  readonly bus?: string | null;
}

/**
 * The policy of a dead-letter queue: EventBridge puts undelivered events there for the named rules, SNS undelivered
 * messages for the topic.
 * @param queue name of the queue
 * @param rules names of rules
 * @param topic name of the topic; null: the topic is an existing one, whose subscriptions do not use this queue
 * @param bus name of the custom event bus that has the rules; null: they are on the default bus
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function deadLetterPolicy(place: Place, { queue, rules, topic, bus = null }: DeadLettersOf): Policy {
  const queueArn = arns.queue(place, queue);
  return policy(
    {
      Sid: "EventBridgeKeepsUndelivered",
      Effect: "Allow",
      Principal: { Service: principalOf("events", place) },
      Action: ["sqs:SendMessage"],
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": rules.map((rule) => arns.rule(place, rule, bus)) } },
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
