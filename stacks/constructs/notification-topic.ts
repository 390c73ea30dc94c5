import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Subscriber } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import { topicPolicy } from "../policies/notification-policy";
import { arns, type Place } from "../names";

export interface NotificationTopicProps {
  readonly place: Place;
  readonly name: string;
  /**
   * ARN of a customer managed key; null: the topic is not encrypted, since EventBridge can't publish to a
   * topic under AWS's own key.
   */
  readonly keyArn: string | null;
  readonly subscribers: readonly Subscriber[];
  /** Keeps what a subscriber that is not a person does not take. */
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/** A topic that EventBridge and alarms publish to, and its subscribers. */
export class NotificationTopic extends Construct {
  /** Computed from the name. */
  readonly arn: string;
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
      policy: toJson(topicPolicy(props.place, props.name)),
    });
    for (const subscriber of props.subscribers) {
      new SnsTopicSubscription(this, subscriptionId(subscriber), {
        topicArn: topic.arn,
        protocol: subscriber.protocol,
        endpoint: subscriber.endpoint,
        ...(subscriber.filterPolicy !== null && {
          filterPolicy: toJson(subscriber.filterPolicy),
          filterPolicyScope: "MessageBody",
        }),
        // A person who does not read mail is no delivery failure.
        ...(subscriber.protocol !== "email" && {
          redrivePolicy: toJson({ deadLetterTargetArn: props.deadLetters.arn }),
        }),
        dependsOn: [...props.deadLetters.ready],
      });
    }
    this.ready = [policy];
  }
}

/** By what is subscribed, not by position: adding one subscriber must not replace the others. */
const subscriptionId = ({ protocol, endpoint }: Subscriber) =>
  `Subscriber-${protocol}-${endpoint.replaceAll("/", "|")}`;
