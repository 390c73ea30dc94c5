import { DEPLOY_AGAIN, fault, judged, ok, warning, type Finding, type Seen } from "../model";

/** A subscription of a topic. */
export interface SubscriptionState {
  readonly protocol: string;
  readonly endpoint: string;
  /** Its ARN, `PendingConfirmation`, or `Deleted`. */
  readonly arn: string;
}

/** A topic with those who should get its messages. */
export interface WantedTopic {
  readonly arn: string;
  readonly subscribers: readonly Pick<SubscriptionState, "protocol" | "endpoint">[];
  /** Whether its findings go to a central channel as well, so that the topic needs no subscriber. */
  readonly forwards: boolean;
}

const isConfirmed = ({ arn }: SubscriptionState): boolean => arn.startsWith("arn:");

/** Judges a topic: it exists, and whoever should get its messages has confirmed that. */
export function judgeTopic(
  { arn, subscribers, forwards }: WantedTopic,
  seen: Seen<readonly SubscriptionState[] | null>,
): Finding[] {
  const topic = { check: "topic", subject: arn } as const;
  return judged(topic, seen, (subscriptions) => {
    if (subscriptions === null) {
      return [fault(topic, "there is no such topic", "Nobody is notified.", DEPLOY_AGAIN)];
    }
    const confirmed = subscriptions.filter(isConfirmed).length;
    const declared = subscribers.flatMap((subscriber) => judgeSubscriber(arn, subscriber, subscriptions));
    if (confirmed > 0 || forwards || declared.some(({ verdict }) => verdict === "fault"))
      return [
        ...declared,
        ok(topic, `${confirmed} confirmed ${confirmed === 1 ? "subscription" : "subscriptions"}`),
      ];
    const remedy = "Add a subscriber to the channel in the map.";
    return [...declared, warning(topic, "nobody subscribes to it", "Its messages reach nobody.", remedy)];
  });
}

function judgeSubscriber(
  topicArn: string,
  { protocol, endpoint }: Pick<SubscriptionState, "protocol" | "endpoint">,
  subscriptions: readonly SubscriptionState[],
): Finding[] {
  const about = { check: "subscription", subject: `${protocol} ${endpoint}` } as const;
  const those = subscriptions.filter((one) => one.protocol === protocol && one.endpoint === endpoint);
  if (those.some(isConfirmed)) return [ok(about, `confirmed for ${topicArn}`)];
  if (those.some(({ arn }) => /pending/i.test(arn))) {
    return [
      fault(
        about,
        `not confirmed for ${topicArn}`,
        "SNS sends nothing until the subscription is confirmed.",
        "Confirm it by the link in SNS's message, or have SNS send it again: aws sns subscribe with the same endpoint.",
      ),
    ];
  }
  return [fault(about, `does not subscribe to ${topicArn}`, "This subscriber gets nothing.", DEPLOY_AGAIN)];
}
