import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Subscriber } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import { literal, toJson } from "../kit/json";
import { topicPolicy } from "../policies/notification-policy";
import type { Members } from "../policies/principals";
import { arns, type Place } from "../names";

/** What a topic is called, and who subscribes to it. */
export interface NotificationTopicProps {
  /** Account and region of the topic. */
  readonly place: Place;
  /** Name of the topic. */
  readonly name: string;
  /**
   * ARN of a customer managed key; null: the topic is not encrypted, because EventBridge cannot publish to a topic
   * that the AWS managed key `aws/sns` encrypts.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly keyArn: string | null;
  /**
   * The accounts whose guards publish to the topic from elsewhere.
   * @default null none do
   */
  readonly guards?: Members | null;
  /** ARNs of roles that publish summaries of reports. @default nobody does */
  readonly reporters?: readonly string[] | undefined;
  /** Endpoints that receive the messages, with their protocols and filter policies. */
  readonly subscribers: readonly Subscriber[];
  /**
   * The SQS queue for messages that SNS cannot deliver to a subscriber other than an email address: its ARN, and what
   * must exist before it is used.
   */
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/**
 * An SNS topic that EventBridge and alarms publish to, and its subscribers.
 * @example
 * new NotificationTopic(this, "Topic", {
 *   place, name: "session-audit-acme-activity", keyArn: key.arn,
 *   subscribers: settings.notifications.activity.subscribers,
 *   deadLetters: { arn: arns.queue(place, queue), ready: deadLetterQueue.ready },
 * });
 */
export class NotificationTopic extends Construct {
  /** ARN of the topic as a plain string, computed from its name. */
  readonly arn: string;
  /** The topic policy, without which EventBridge and alarms cannot publish. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NotificationTopicProps) {
    super(scope, id);
    this.arn = arns.topic(props.place, props.name);
    const topic = new SnsTopic(this, "Default", {
      name: props.name,
      ...(props.keyArn !== null && { kmsMasterKeyId: props.keyArn }),
    });
    acceptFindings(topic, {
      CKV_AWS_26:
        props.keyArn === null && "The map says encryption.mode: s3-managed, which is for buckets only.",
    });
    const policy = new SnsTopicPolicy(this, "Policy", {
      arn: topic.arn,
      policy: toJson(topicPolicy(props.place, props.name, props.reporters, props.guards)),
    });
    for (const subscriber of props.subscribers) {
      new SnsTopicSubscription(this, subscriptionId(subscriber), {
        topicArn: topic.arn,
        protocol: subscriber.protocol,
        // A URL may have ${...} in it, which Terraform would evaluate, with the files of its machine.
        endpoint: literal(subscriber.endpoint),
        ...(subscriber.filterPolicy !== null && {
          filterPolicy: toJson(subscriber.filterPolicy),
          filterPolicyScope: "MessageBody",
        }),
        // Email subscriptions have no dead-letter queue: a mailbox that rejects mail is no reason for an alarm.
        ...(subscriber.protocol !== "email" && {
          redrivePolicy: toJson({ deadLetterTargetArn: props.deadLetters.arn }),
        }),
        dependsOn: [...props.deadLetters.ready],
      });
    }
    this.ready = [policy];
  }
}

/**
 * Construct id of a subscription. It depends on the subscriber and not on the position in the list, because adding one
 * subscriber must not replace the others.
 */
const subscriptionId = ({ protocol, endpoint }: Subscriber) =>
  `Subscriber-${protocol}-${endpoint.replaceAll("/", "|")}`;
