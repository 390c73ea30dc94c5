import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { ACTION_TARGETS } from "../events/action-targets";
import type { AccountForwarding } from "../events/forwarding";
import { arns, names, type Place } from "../names";
import { invocationPolicy, type Invocation } from "../policies/action-policy";
import { deadLetterPolicy } from "../policies/notification-policy";
import { ActionRole } from "./action-role";
import { DeadLetterQueue } from "./dead-letter-queue";
import { NotificationRule, type RuleTarget } from "./notification-rule";

/** Which events are forwarded, and where. */
export interface AccountEventsProps {
  /** The account, and the region to which AWS sends the events of IAM. */
  readonly place: Place;
  /** The region of the security channel that reports the events. */
  readonly to: string;
  /** The central bus, to which the events go as well; null: they do not. */
  readonly central: AccountForwarding | null;
  /** Event pattern of what is forwarded. */
  readonly pattern: object;
  /** The provider of `place`. */
  readonly provider: TerraformProvider;
  /** ARN of the permissions boundary of the role that forwards; null: it has none. */
  readonly permissionsBoundaryArn: string | null;
}

/** Invocation of the bus, as of an action. */
const TO_BUS = ACTION_TARGETS["event-bus"].invocation as Invocation;

/**
 * Forwards events of the account, which AWS sends to one region of the partition, to the default bus of the region
 * whose security channel reports them, and to the central bus. The channel cannot send them on to the central bus, as
 * it does with its other findings, because EventBridge forwards an event once. EventBridge needs a role for a bus in
 * another region.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
 * @example
 * new AccountEvents(this, "AccountEvents", {
 *   place: { organization: "acme", account, region: "us-east-1" }, to: "eu-central-1", central: null,
 *   pattern: forwardedFindings(watched, []), provider, permissionsBoundaryArn: null,
 * });
 */
export class AccountEvents extends Construct {
  constructor(scope: Construct, id: string, props: AccountEventsProps) {
    super(scope, id);
    const { place, to, central, pattern, provider, permissionsBoundaryArn } = props;
    const rule = names.accountEvents(place);
    const queue = names.accountEventDeadLetters(place);
    const bus = arns.eventBus({ ...place, region: to }, "default");
    const role = new ActionRole(this, "Role", {
      place,
      name: names.accountEventsRole(place),
      description: `EventBridge forwards events of roles and of the account to ${to}`,
      policy: invocationPolicy(place, TO_BUS, bus, null),
      rules: [{ name: rule }],
      permissionsBoundaryArn,
    });
    const { ready } = new DeadLetterQueue(this, "DeadLetters", {
      name: queue,
      policy: deadLetterPolicy(place, { queue, rules: [rule], topic: null }),
      provider,
    });
    const toCentral: readonly RuleTarget[] = central === null ? [] : [this.toCentral(props, central, rule)];
    new NotificationRule(this, "Rule", {
      name: rule,
      description: `Changes to roles that record or read, for the security channel in ${to}`,
      pattern,
      targets: [
        { id: "Target", targetId: "bus", arn: bus, roleArn: role.arn, message: null, ready: role.ready },
        ...toCentral,
      ],
      deadLetters: { arn: arns.queue(place, queue), ready },
      provider,
    });
  }
  /** The central bus as a target of the rule, in a role whose name the policy of the bus admits. */
  private toCentral(
    { place, permissionsBoundaryArn }: AccountEventsProps,
    { busArn, role: forwarding }: AccountForwarding,
    rule: string,
  ): RuleTarget {
    const role = new ActionRole(this, "CentralRole", {
      place,
      ...forwarding,
      rules: [{ name: rule }],
      permissionsBoundaryArn,
    });
    return {
      id: "Central",
      targetId: "central",
      arn: busArn,
      roleArn: role.arn,
      message: null,
      ready: role.ready,
    };
  }
}
