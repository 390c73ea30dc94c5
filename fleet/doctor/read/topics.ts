import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import type { SubscriptionState } from "../checks/topics";
import { orNull } from "./seen";

/** The subscriptions of a topic; null: there is no such topic. */
export const readSubscriptions = (client: SNSClient, TopicArn: string): Promise<SubscriptionState[] | null> =>
  orNull(["NotFoundException"], async () => {
    const found: SubscriptionState[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
      for (const { Protocol = "", Endpoint = "", SubscriptionArn = "" } of Subscriptions)
        found.push({ protocol: Protocol, endpoint: Endpoint, arn: SubscriptionArn });
    }
    return found;
  });
