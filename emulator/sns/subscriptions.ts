import { randomUUID } from "node:crypto";
import { GetSubscriptionAttributesCommand, ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import type { Accounts } from "../clients/accounts";
import type { Authorizer } from "../iam/authorizer";
import type { SubscriptionDelivery } from "./delivery";
import { matchesPattern, type EventPattern } from "../patterns/event-pattern";
import { requireKeyOf } from "../iam/keys";
import { serviceFor } from "../iam/service-principal";

type Attributes = Readonly<Record<string, string>>;

/**
 * Takes a message from a topic to its subscribers as SNS would. Moto's own publishing asks no queue for its policy, and
 * really calls HTTPS endpoints. Queues get the message if their policy and key let SNS; nothing leaves for others.
 */
export class Subscriptions {
  /** @param endpoints HTTPS endpoints that the emulator plays itself, by URL; each receives the topic and the message */
  constructor(
    private readonly accounts: Accounts,
    private readonly authorizer: Authorizer,
    private readonly endpoints: Readonly<Record<string, (topicArn: string, message: string) => void>> = {},
  ) {}

  async deliver(topicArn: string, message: string): Promise<SubscriptionDelivery[]> {
    const made: SubscriptionDelivery[] = [];
    for (const subscription of await this.of(topicArn)) {
      made.push({
        protocol: subscription["Protocol"] ?? "",
        endpoint: subscription["Endpoint"] ?? "",
        ...(await this.hand(topicArn, subscription, message)),
      });
    }
    return made;
  }

  private async hand(
    topicArn: string,
    subscription: Attributes,
    message: string,
  ): Promise<Pick<SubscriptionDelivery, "outcome" | "reason">> {
    if (!isWanted(subscription, message)) return { outcome: "filtered out" };
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

  /** @throws when the queue is not there, or its policy or key lets no SNS in for this topic */
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

/** A filter looks into the message, or into its attributes: what EventBridge publishes has none. */
function isWanted(subscription: Attributes, message: string): boolean {
  const filter = subscription["FilterPolicy"];
  if (filter === undefined || filter === "") return true;
  const pattern = JSON.parse(filter) as EventPattern;
  if (subscription["FilterPolicyScope"] !== "MessageBody") return matchesPattern(pattern, {});
  try {
    return matchesPattern(pattern, JSON.parse(message) as Record<string, unknown>);
  } catch {
    return false; // a body that is no JSON matches no filter on it
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
