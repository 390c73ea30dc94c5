import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Accounts } from "./accounts";
import type { AuthorizationRequest, Authorizer } from "./authorizer";
import { AwsError } from "./aws-error";
import type { SubscriptionDelivery } from "./delivery";
import { requireKeyOf } from "./service-keys";
import type { Subscriptions } from "./subscriptions";
import type { Invocation } from "./target-input";

const EVENTS = { service: "events.amazonaws.com" };

/** Invokes the targets of rules as EventBridge would: with its own permissions or those of the target's role. */
export class TargetInvoker {
  constructor(
    private readonly accounts: Accounts,
    private readonly authorizer: Authorizer,
    private readonly subscriptions: Subscriptions,
  ) {}

  /**
   * @returns of a topic, what became of the message at each of its subscriptions
   * @throws {@link AwsError} with the error code that EventBridge would leave in the dead-letter queue.
   */
  async invoke(
    invocation: Invocation,
    message: string,
  ): Promise<readonly SubscriptionDelivery[] | undefined> {
    const [, , service = ""] = (invocation.target.Arn ?? "").split(":");
    if (service === "sns") return this.publish(invocation, message);
    if (service === "sqs") return this.send(invocation, message);
    throw new AwsError("UNSUPPORTED_TARGET", `the embedded AWS has no targets of ${service}`);
  }

  private async publish(invocation: Invocation, message: string): Promise<readonly SubscriptionDelivery[]> {
    const TopicArn = invocation.target.Arn ?? "";
    const { sns } = await this.clientsOf(TopicArn);
    const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn })).catch(asTargetError);
    await this.require(invocation, "sns:Publish", TopicArn);
    await this.requireKey(invocation, topic.Attributes?.["KmsMasterKeyId"], { "aws:sns:topicArn": TopicArn });
    return this.subscriptions.deliver(TopicArn, message);
  }

  private async send(invocation: Invocation, MessageBody: string): Promise<undefined> {
    const arn = invocation.target.Arn ?? "";
    const { sqs } = await this.clientsOf(arn);
    const { QueueUrl } = await sqs
      .send(new GetQueueUrlCommand({ QueueName: arn.split(":")[5] }))
      .catch(asTargetError);
    const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    await this.require(invocation, "sqs:SendMessage", arn);
    await this.requireKey(invocation, queue.Attributes?.["KmsMasterKeyId"], { "aws:sqs:arn": arn });
    const MessageGroupId = invocation.target.SqsParameters?.MessageGroupId;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId })).catch(asTargetError);
  }

  private require({ ruleArn, target }: Invocation, action: string, resource: string): Promise<void> {
    const context = { "aws:SourceArn": ruleArn, "aws:SourceAccount": ruleArn.split(":")[4] ?? "" };
    return this.check({
      ...(target.RoleArn === undefined ? { principal: EVENTS, context } : { principal: target.RoleArn }),
      accountId: resource.split(":")[4] ?? "",
      action,
      resource,
    });
  }

  private requireKey(
    { target }: Invocation,
    keyId: string | undefined,
    encryptionContext: Record<string, string>,
  ): Promise<void> {
    return requireKeyOf(this.accounts, this.authorizer, {
      principal: target.RoleArn ?? EVENTS,
      resourceArn: target.Arn ?? "",
      keyId,
      encryptionContext,
    });
  }

  private async check(request: AuthorizationRequest): Promise<void> {
    const { allowed, reason } = await this.authorizer.authorize(request);
    if (!allowed) throw new AwsError("NO_PERMISSIONS", reason);
  }

  private clientsOf(arn: string) {
    const [, , , region = "", accountId = ""] = arn.split(":");
    return this.accounts.in(accountId, region);
  }
}

function asTargetError(error: Error): never {
  throw new AwsError(
    /NotFound|NonExistent|DoesNotExist/.test(error.name) ? "RESOURCE_NOT_FOUND" : "SDK_CLIENT_ERROR",
    error.message,
  );
}
