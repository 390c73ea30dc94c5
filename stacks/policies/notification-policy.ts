import { arns, names, principalOf, type Place } from "../names";
import { anyGuard, guardsPublish } from "./central-policy";
import { policy, type Policy, type Statement } from "./policy";
import type { Members } from "./principals";
import { reportersPublish } from "./summary-policy";

/**
 * The statements that let EventBridge and the created alarms of this account publish to a topic.
 *
 * AWS documents the permission of EventBridge without a condition. It does not say whether EventBridge sends
 * `aws:SourceArn` and `aws:SourceAccount` to SNS, and does not support them in the policy of a topic's key. A statement that
 * required one of them could lose every notification, and one that ignored them would let every rule publish. So the keys
 * may be absent, and other statements refuse requests in which they name somebody else: `RefuseServicesForOtherAccounts` and
 * `RefuseOtherRules` of a created topic, and `RefuseEventBridgeForOtherAccounts` of an existing one. Targets have no role
 * instead, because delivery to an encrypted topic may fail with one.
 *
 * The value of `aws:SourceArn` is the ARN of the alarm that sends a notification.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
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
    Condition: {
      ArnLike: { "aws:SourceArn": arns.alarm(place, `${names.prefix(place)}*`) },
      StringEquals: { "aws:SourceAccount": place.account.id },
    },
  },
];

/**
 * The policy of a topic: EventBridge publishes for the created rules, alarms that are created publish, and so do guards and
 * reporters, over TLS.
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
    refuseOtherRules(place, topicArn),
    refuseOtherPublishers(place, topicArn, reporters),
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
 * Refuses requests in which EventBridge names a rule that is not a created one of this account and region: whoever may write
 * a rule could otherwise publish a text that looks like a finding, without a permission of SNS and of the key. The names
 * of created rules, and of the buses that have some of them, begin with the same prefix.
 *
 * The first condition is false if the key is absent or names something else than a rule, so that no notification depends on
 * what EventBridge sends.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
const refuseOtherRules = (place: Place, topicArn: string): Statement => ({
  Sid: "RefuseOtherRules",
  Effect: "Deny",
  Principal: "*",
  Action: ["sns:Publish"],
  Resource: topicArn,
  Condition: {
    ArnLike: { "aws:SourceArn": `arn:${place.account.partition}:events:*:*:rule/*` },
    ArnNotLike: { "aws:SourceArn": arns.rule(place, `${names.prefix(place)}*`) },
  },
});

/**
 * Refuses messages of people and roles, administrators of the account included, except of guards and of the roles that
 * publish summaries. Without this statement, `sns:Publish` in a policy of a role of the account would suffice for a forged
 * finding wherever the topic has no key. A guard publishes with the policy of its role, or by `GuardsPublish`.
 * @param reporters ARNs of roles, where `*` may stand
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
 */
const refuseOtherPublishers = (place: Place, topicArn: string, reporters: readonly string[]): Statement => ({
  Sid: "RefuseOtherPublishers",
  Effect: "Deny",
  Principal: "*",
  Action: ["sns:Publish"],
  Resource: topicArn,
  Condition: {
    Bool: { "aws:PrincipalIsAWSService": "false" },
    ArnNotLike: { "aws:PrincipalArn": [anyGuard(place), ...reporters] },
  },
});

/**
 * The statements that the owner of an existing topic must add to its policy. Other services may publish to such a topic
 * for other accounts, such as alarms, so only EventBridge is refused to. Rules and people of the account are not refused:
 * the owner may have the topic for more than session-audit.
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
