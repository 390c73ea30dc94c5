import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import type { Policy } from "../policies/policy";

export interface DeadLetterQueueProps {
  readonly name: string;
  readonly policy: Policy;
}

/** 14 days, the longest that SQS keeps a message: time for people to notice the alarm. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/**
 * Keeps notifications that could not be delivered. Encrypted with SQS's own key: with a customer key, a
 * mistake in its policy would lose the very messages that tell of a mistake.
 */
export class DeadLetterQueue extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, policy }: DeadLetterQueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "Default", {
      name,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
    this.ready = [new SqsQueuePolicy(this, "Policy", { queueUrl: queue.url, policy: toJson(policy) })];
  }
}
