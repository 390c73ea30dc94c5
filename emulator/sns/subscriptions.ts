import { randomUUID } from "node:crypto";
import { GetSubscriptionAttributesCommand, ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Authorizer } from "../iam/authorizer";
import type { SubscriptionDelivery } from "./delivery";
import { matchesPattern, type EventPattern } from "../patterns/event-pattern";
import { requireKeyOf } from "../iam/keys";
import { serviceFor } from "../iam/service-principal";

/** HTTPS endpoints that the emulator receives messages for, by URL. Each is called with the topic and the message. */
export type Endpoints = Readonly<Record<string, (topicArn: string, message: string) => void>>;

type Attributes = Readonly<Record<string, string>>;

/**
 * Delivers the messages of topics to their subscribers as SNS does. Moto's own delivery ignores the policies of queues
 * and really calls HTTPS endpoints. Here, a queue receives a message if its policy and its key allow SNS, and nothing
 * leaves the emulator.
 */
export class Subscriptions {
  constructor(
    private readonly accounts: AccountClients,
    private readonly authorizer: Authorizer,
    private readonly endpoints: Endpoints = {},
  ) {}

  /** Delivers a message to every subscription of a topic. A failed delivery is an outcome and not an error. */
  async deliver(topicArn: string, message: string): Promise<SubscriptionDelivery[]> {
    const made: SubscriptionDelivery[] = [];
    for (const subscription of await this.of(topicArn)) {
      made.push({
        protocol: subscription["Protocol"] ?? "",
        endpoint: subscription["Endpoint"] ?? "",
        ...(await this.deliverTo(topicArn, subscription, message)),
      });
    }
    return made;
  }

  private async deliverTo(
    topicArn: string,
    subscription: Attributes,
    message: string,
  ): Promise<Pick<SubscriptionDelivery, "outcome" | "reason">> {
    if (!isAccepted(subscription, message)) return { outcome: "filtered out" };
    const endpoint = this.endpoints[subscription["Endpoint"] ?? ""];
    if (endpoint !== undefined) {
      endpoint(topicArn, message);
      return { outcome: "delivered" };
    }
    if (subscription["Protocol"] !== "sqs") return { outcome: "not simulated" };
    const body =
      subscription["RawMessageDelivery"] === "true" ? message : envelope(topicArn, subscription, message);
    try {
      await this.send(topicArn, subscription["Endpoint"] ?? "", body);
      return { outcome: "delivered" };
    } catch (error) {
      const reason = (error as Error).message;
      const deadLetters = deadLettersOf(subscription);
      if (deadLetters === undefined) return { outcome: "lost", reason };
      try {
        await this.send(topicArn, deadLetters, body);
        return { outcome: "dead-lettered", reason };
      } catch (failure) {
        return { outcome: "lost", reason: `${reason}; ${(failure as Error).message}` };
      }
    }
  }

  /** @throws Error when there is no such queue, or its policy or key denies SNS for this topic */
  private async send(topicArn: string, queueArn: string, MessageBody: string): Promise<void> {
    const { accountId, resource: QueueName } = arnParts(queueArn);
    const { sqs } = await this.accounts.of(queueArn);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { allowed, reason } = await this.authorizer.authorize({
      principal: serviceFor("sns", topicArn),
      accountId,
      action: "sqs:SendMessage",
      resource: queueArn,
      context: { "aws:SourceArn": topicArn, "aws:SourceAccount": arnParts(topicArn).accountId },
    });
    if (!allowed) throw new Error(reason);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    await requireKeyOf(this.accounts, this.authorizer, {
      principal: serviceFor("sns", topicArn),
      resourceArn: queueArn,
      keyId: Attributes?.["KmsMasterKeyId"],
      encryptionContext: { "aws:sqs:arn": queueArn },
    });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** The attributes of each subscription of a topic. */
  private async of(TopicArn: string): Promise<Attributes[]> {
    const { sns } = await this.accounts.of(TopicArn);
    const found: Attributes[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
      for (const { SubscriptionArn, Protocol = "", Endpoint = "" } of page.Subscriptions ?? []) {
        const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
        found.push({ ...Attributes, Protocol, Endpoint });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== "");
    return found;
  }
}

/**
 * Whether the filter policy of a subscription accepts a message. A filter on attributes accepts none, because EventBridge
 * publishes messages without attributes.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
function isAccepted(subscription: Attributes, message: string): boolean {
  const filter = subscription["FilterPolicy"];
  if (filter === undefined || filter === "") return true;
  const pattern = JSON.parse(filter) as EventPattern;
  if (subscription["FilterPolicyScope"] !== "MessageBody") return matchesPattern(pattern, {});
  try {
    return matchesPattern(pattern, JSON.parse(message) as Record<string, unknown>);
  } catch {
    return false; // A filter on the body accepts only JSON.
  }
}

function deadLettersOf(subscription: Attributes): string | undefined {
  const policy = JSON.parse(subscription["RedrivePolicy"] || "{}") as { deadLetterTargetArn?: string };
  return policy.deadLetterTargetArn;
}

const envelope = (TopicArn: string, subscription: Attributes, Message: string): string =>
  JSON.stringify({
    Type: "Notification",
    MessageId: randomUUID(),
    TopicArn,
    Message,
    Timestamp: new Date().toISOString(),
    SignatureVersion: "1",
    UnsubscribeURL: `https://sns.invalid/?Action=Unsubscribe&SubscriptionArn=${subscription["SubscriptionArn"]}`,
  });
