import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** What a schedule invokes, and how often. */
export interface ScheduleRuleProps {
  /** Name of the rule. */
  readonly name: string;
  /** Description that the console shows with the rule. */
  readonly description: string;
  /**
   * Minutes between two invocations, at least 2: for a value of 1, EventBridge requires the singular `rate(1 minute)`.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html
   */
  readonly everyMinutes: number;
  /** The function to invoke: its ARN, and what must exist before EventBridge can invoke it. */
  readonly target: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
  /** The SQS queue for events that EventBridge cannot deliver: its ARN, and what must exist before it is used. */
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/**
 * An EventBridge rule that invokes a function on a schedule.
 * @example
 * new ScheduleRule(this, "Schedule", {
 *   name: guardNames(place).schedule, description: "Has the guard look for transcripts", everyMinutes: 60,
 *   target: { arn: fn.arn, ready: fn.ready },
 *   deadLetters: { arn: arns.queue(place, queue), ready: deadLetterQueue.ready },
 * });
 */
export class ScheduleRule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleRuleProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, "Default", {
      name: props.name,
      description: props.description,
      scheduleExpression: `rate(${props.everyMinutes} minutes)`,
      state: "ENABLED",
    });
    new CloudwatchEventTarget(this, "Target", {
      rule: rule.name,
      targetId: "function",
      arn: props.target.arn,
      // EventBridge gives up an invocation after an hour, because the schedule soon causes the next one.
      retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 },
      deadLetterConfig: { arn: props.deadLetters.arn },
      dependsOn: [...props.target.ready, ...props.deadLetters.ready],
    });
  }
}
