import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Forwarding } from "../events/forwarding";
import type { Place } from "../names";
import { ActionRole } from "./action-role";
import { NotificationRule, type NotificationRuleProps, type RuleTarget } from "./notification-rule";

/** The central bus, the role that puts events there, the rule that forwards alarms, and what they need. */
export interface ChannelForwarding extends Forwarding {
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
  /** Resources of the same stack that must exist before an event can be put on the bus; empty if the bus is elsewhere. */
  readonly ready: readonly ITerraformDependable[];
}

/** Which rules forward their events, and where to. */
export interface CentralForwardingProps {
  /** Account and region of the rules. */
  readonly place: Place;
  /** The bus to which the rules forward, the role that puts events there, and what must exist before. */
  readonly forwarding: ChannelForwarding;
  /** Names of the rules that forward their events, without the one that forwards alarms. */
  readonly rules: readonly string[];
  /** The SQS queue for events that cannot be put on the bus. It must not depend on the key of the channel's topics. */
  readonly deadLetters: NotificationRuleProps["deadLetters"];
}

/**
 * Sends the events of a channel's rules to a central bus, and its alarms with a rule of their own.
 * @example
 * new CentralForwarding(this, "Forwarding", {
 *   place, rules: ["session-audit-acme-security-tampering"],
 *   forwarding: { ...forwardingOf(organization, channel)!, permissionsBoundaryArn: null, ready: [] },
 *   deadLetters: { arn: arns.queue(place, queue), ready: deadLetterQueue.ready },
 * }).target
 */
export class CentralForwarding extends Construct {
  /** The bus as one more target of each rule of the channel. The events arrive there unchanged. */
  readonly target: RuleTarget;

  constructor(scope: Construct, id: string, props: CentralForwardingProps) {
    super(scope, id);
    const { place, rules, deadLetters } = props;
    const { busArn, alarms, permissionsBoundaryArn, ready, ...forwarding } = props.forwarding;
    const role = new ActionRole(this, "Role", {
      place,
      ...forwarding.role,
      rules: [...rules, ...(alarms === null ? [] : [alarms.name])].map((name) => ({ name })),
      permissionsBoundaryArn,
    });
    this.target = {
      id: "Central",
      targetId: "central",
      arn: busArn,
      roleArn: role.arn,
      message: null,
      ready: [...role.ready, ...ready],
    };
    if (alarms === null) return;
    new NotificationRule(this, "AlarmChanges", { ...alarms, targets: [this.target], deadLetters });
  }
}
