import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Authorizer } from "../iam/authorizer";
import { AwsError } from "../gateway/protocol";
import type { Invocation } from "./target-input";
import { requireKeyOf } from "../iam/keys";
import { serviceFor } from "../iam/service-principal";

/**
 * Sends events that could not be delivered to the dead-letter queue of the target.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class DeadLetters {
  constructor(
    private readonly accounts: AccountClients,
    private readonly authorizer: Authorizer,
  ) {}

  /** @returns `kept`, or why the event is lost */
  async keep({ ruleArn, target }: Invocation, event: unknown, error: Error): Promise<string> {
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) return "the target has no dead-letter queue";
    const { accountId, resource: QueueName } = arnParts(queueArn);
    try {
      const { allowed, reason } = await this.authorizer.authorize({
        principal: serviceFor("events", queueArn),
        accountId,
        action: "sqs:SendMessage",
        resource: queueArn,
        context: { "aws:SourceArn": ruleArn, "aws:SourceAccount": arnParts(ruleArn).accountId },
      });
      if (!allowed) return `the dead-letter queue denies the event: ${reason}`;
      const { sqs } = await this.accounts.of(queueArn);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      await requireKeyOf(this.accounts, this.authorizer, {
        principal: serviceFor("events", queueArn),
        resourceArn: queueArn,
        keyId: queue.Attributes?.["KmsMasterKeyId"],
        encryptionContext: { "aws:sqs:arn": queueArn },
      });
      await sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: JSON.stringify(event),
          MessageAttributes: attributes({
            RULE_ARN: ruleArn,
            TARGET_ARN: target.Arn ?? "",
            ERROR_CODE: error instanceof AwsError ? error.code : "INVALID_INPUT",
            ERROR_MESSAGE: error.message,
          }),
        }),
      );
      return "kept";
    } catch (failure) {
      return `the dead-letter queue fails: ${(failure as Error).message}`;
    }
  }
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
}
