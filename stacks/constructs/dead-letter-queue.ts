import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

/** What a queue is called, and who may put messages there. */
export interface DeadLetterQueueProps {
  /** Name of the queue. */
  readonly name: string;
  /** Queue policy. It must let EventBridge, SNS or Lambda send messages. */
  readonly policy: Policy;
  /**
   * The provider of the queue's account and region.
   * @default the provider of the stack
   */
  readonly provider?: TerraformProvider;
}

/**
 * Seconds for which SQS keeps a message. 14 days are the maximum, and give people time to act on the alarm.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/**
 * A queue for notifications that cannot be delivered. SQS encrypts it with keys of its own (SSE-SQS). With a customer
 * managed key, a mistake in the key policy would lose notifications and the messages about their loss alike.
 * @example
 * new DeadLetterQueue(this, "DeadLetters", {
 *   name: "session-audit-acme-activity-dead-letters",
 *   policy: deadLetterPolicy(place, { queue, rules, topic: "session-audit-acme-activity" }),
 * });
 */
export class DeadLetterQueue extends Construct {
  /** The queue policy, without which no service can send messages. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, policy, provider }: DeadLetterQueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "Default", {
      name,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
      provider,
    });
    this.ready = [
      new SqsQueuePolicy(this, "Policy", { queueUrl: queue.url, policy: toJson(policy), provider }),
    ];
  }
}
