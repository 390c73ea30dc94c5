import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import type { Nodes } from "../policies/action-policy";
import type { EventMessage } from "../events/event-message";

/** What a rule invokes. */
export interface RuleTarget {
  /** Construct id: part of the target's address, which stays. */
  readonly id: string;
  /** What EventBridge knows the target by, within its rule: 1 to 64 letters, digits and `._-`. */
  readonly targetId: string;
  readonly arn: string;
  /** ARN of the role that EventBridge invokes the target with; null: the target's own policy lets it. */
  readonly roleArn: string | null;
  /** What the target is given; null: the whole event. */
  readonly message: EventMessage | null;
  /** Of a command: the nodes that run it. */
  readonly nodes?: Nodes;
  /** What has to be there before EventBridge may invoke the target. */
  readonly ready: readonly ITerraformDependable[];
}

export interface NotificationRuleProps {
  readonly name: string;
  readonly description: string;
  /** EventBridge pattern, at most 4,096 characters. */
  readonly pattern: object;
  /** At most five. */
  readonly targets: readonly RuleTarget[];
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/** Hands events of a pattern to targets, with retries, and keeps what can't be delivered. */
export class NotificationRule extends Construct {
  constructor(scope: Construct, id: string, props: NotificationRuleProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, "Default", {
      name: props.name,
      description: props.description,
      eventPattern: toJson(props.pattern),
      state: "ENABLED",
    });
    for (const { id: targetConstruct, targetId, arn, roleArn, message, nodes, ready } of props.targets) {
      new CloudwatchEventTarget(this, targetConstruct, {
        rule: rule.name,
        targetId,
        arn,
        ...(roleArn !== null && { roleArn }),
        ...(message !== null && {
          inputTransformer: { inputPaths: { ...message.paths }, inputTemplate: message.template },
        }),
        ...(nodes && { runCommandTargets: [runCommandTarget(nodes)] }),
        // A day, AWS's longest: an outage of the target is over by then, or nobody is looking.
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: props.deadLetters.arn },
        dependsOn: [...ready, ...props.deadLetters.ready],
      });
    }
  }
}

/** AWS takes one block, of ids or of a tag. */
const runCommandTarget = (nodes: Nodes) =>
  "ids" in nodes
    ? { key: "InstanceIds", values: [...nodes.ids] }
    : { key: `tag:${nodes.tag}`, values: [...nodes.values] };
