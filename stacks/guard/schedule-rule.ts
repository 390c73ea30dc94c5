import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface ScheduleRuleProps {
  readonly name: string;
  readonly description: string;
  /** More than one. */
  readonly everyMinutes: number;
  readonly target: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/** Invokes a target again and again. */
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
      // The next one comes anyway: what is older than this one's hour is out of date.
      retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 },
      deadLetterConfig: { arn: props.deadLetters.arn },
      dependsOn: [...props.target.ready, ...props.deadLetters.ready],
    });
  }
}
