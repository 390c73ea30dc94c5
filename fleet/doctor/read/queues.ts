import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueState } from "../checks/queues";
import { orNull } from "./seen";

/** SQS's names of the error, in its JSON and its query protocol. */
const ABSENT = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

/** How many messages wait in a queue; null: there is no such queue. */
export const readQueue = (sqs: SQSClient, QueueName: string): Promise<QueueState | null> =>
  orNull(ABSENT, async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    const count = (name: string) => Number(Attributes[name as keyof typeof Attributes] ?? 0);
    return {
      messages: count("ApproximateNumberOfMessages") + count("ApproximateNumberOfMessagesNotVisible"),
    };
  });
