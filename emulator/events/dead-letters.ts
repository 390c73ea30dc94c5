import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import type { Accounts } from "../clients/accounts";
import type { Authorizer } from "../iam/authorizer";
import { AwsError } from "../gateway/protocol";
import type { Invocation } from "./target-input";
import { serviceFor } from "../iam/service-principal";

/** Puts events that could not be delivered into the target's dead-letter queue, if it has one that lets it. */
export class DeadLetters {
  constructor(
    private readonly accounts: Accounts,
    private readonly authorizer: Authorizer,
  ) {}

  /** `kept`, or why the event is lost. */
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
      if (!allowed) return `the dead-letter queue refuses it: ${reason}`;
      const { sqs } = await this.accounts.of(queueArn);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
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
      return `the dead-letter queue cannot take it: ${(failure as Error).message}`;
    }
  }
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
}
