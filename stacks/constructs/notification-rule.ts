import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import type { Nodes } from "../policies/action-policy";
import type { EventMessage } from "../events/event-message";

/** A target of an EventBridge rule: what the rule invokes, and with which input. */
export interface RuleTarget {
  /** Construct id. It is part of the target's address in the state, so it must not change. */
  readonly id: string;
  /**
   * Id by which EventBridge knows the target within its rule: 1 to 64 letters, digits, `.`, `_` and `-`.
   * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
   */
  readonly targetId: string;
  /** ARN of what is invoked. */
  readonly arn: string;
  /** ARN of the role that EventBridge assumes; null: the resource policy of the target allows the call. */
  readonly roleArn: string | null;
  /** Input transformer for what the target receives; null: the target receives the whole event. */
  readonly message: EventMessage | null;
  /**
   * The managed nodes that run a command.
   * @default none the target is no command
   */
  readonly nodes?: Nodes;
  /** Resources that must exist before EventBridge can invoke the target. */
  readonly ready: readonly ITerraformDependable[];
}

/** Which events a rule matches, and what it invokes with them. */
export interface NotificationRuleProps {
  /** Name of the rule. */
  readonly name: string;
  /** Description that the console shows with the rule. */
  readonly description: string;
  /**
   * Event pattern, at most 4,096 characters as JSON.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
   */
  readonly pattern: object;
  /**
   * Targets of the rule, at most five.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
   */
  readonly targets: readonly RuleTarget[];
  /** The SQS queue for events that EventBridge cannot deliver: its ARN, and what must exist before it is used. */
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
  /**
   * The custom event bus whose events the rule matches.
   * @default the default bus of the account, on which AWS services put their events
   */
  readonly bus?: CustomBus | null;
  /**
   * The provider of the rule's account and region.
   * @default the provider of the stack
   */
  readonly provider?: TerraformProvider;
}

/** A custom event bus: its name, and what must exist before a rule can be on it. */
export interface CustomBus {
  readonly name: string;
  readonly ready: readonly ITerraformDependable[];
}

/**
 * An EventBridge rule with its targets. EventBridge retries a delivery that fails, and puts the event into the
 * dead-letter queue when it gives up.
 * @example
 * new NotificationRule(this, "Rule", {
 *   name: "session-audit-acme-activity", description: "Session Manager: StartSession",
 *   pattern: activityPattern(["StartSession"]),
 *   targets: [{ id: "Target", targetId: "topic", arn: topic.arn, roleArn: null, message: null, ready: topic.ready }],
 *   deadLetters: { arn: arns.queue(place, queue), ready: deadLetterQueue.ready },
 * });
 */
export class NotificationRule extends Construct {
  constructor(scope: Construct, id: string, props: NotificationRuleProps) {
    super(scope, id);
    const { bus = null } = props;
    const onBus = bus !== null && { eventBusName: bus.name };
    const rule = new CloudwatchEventRule(this, "Default", {
      name: props.name,
      ...onBus,
      description: props.description,
      eventPattern: toJson(props.pattern),
      state: "ENABLED",
      ...(bus !== null && { dependsOn: [...bus.ready] }),
      provider: props.provider,
    });
    for (const { id: targetConstruct, targetId, arn, roleArn, message, nodes, ready } of props.targets) {
      new CloudwatchEventTarget(this, targetConstruct, {
        rule: rule.name,
        ...onBus,
        targetId,
        arn,
        ...(roleArn !== null && { roleArn }),
        ...(message !== null && {
          inputTransformer: { inputPaths: { ...message.paths }, inputTemplate: message.template },
        }),
        ...(nodes && { runCommandTargets: [runCommandTarget(nodes)] }),
        // The longest that EventBridge allows, which is its default as well: a day, and 185 attempts.
        // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: props.deadLetters.arn },
        provider: props.provider,
        dependsOn: [...ready, ...props.deadLetters.ready],
      });
    }
  }
}

/**
 * The nodes of a command as EventBridge has them: exactly one block, which holds either node ids or a tag.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RunCommandParameters.html
 */
const runCommandTarget = (nodes: Nodes) =>
  "ids" in nodes
    ? { key: "InstanceIds", values: [...nodes.ids] }
    : { key: `tag:${nodes.tag}`, values: [...nodes.values] };
