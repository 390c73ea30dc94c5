import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../json";

export interface NotificationRuleProps {
  readonly name: string;
  readonly description: string;
  /** EventBridge pattern, at most 4,096 characters. */
  readonly pattern: object;
  /** Paths into the event, by the name that the template uses for them. */
  readonly inputPaths: Readonly<Record<string, string>>;
  /** JSON in which `<name>` stands for what a path leads to. */
  readonly template: string;
  readonly target: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/** Sends events of a pattern to a target as a message, with retries, and keeps what can't be delivered. */
export class NotificationRule extends Construct {
  constructor(scope: Construct, id: string, props: NotificationRuleProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, "Default", {
      name: props.name,
      description: props.description,
      eventPattern: toJson(props.pattern),
      state: "ENABLED",
    });
    new CloudwatchEventTarget(this, "Target", {
      rule: rule.name,
      targetId: "topic",
      arn: props.target.arn,
      inputTransformer: { inputPaths: { ...props.inputPaths }, inputTemplate: props.template },
      // A day, AWS's longest: an outage of the topic is over by then, or nobody is looking.
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: props.deadLetters.arn },
      dependsOn: [...props.target.ready, ...props.deadLetters.ready],
    });
  }
}
