import { Construct } from "constructs";
import {
  actionsIn,
  busOf,
  type ActionChannel,
  type InvokingRule,
  type PlacedAction,
  type RuleSettings,
} from "../events/actions";
import { literal } from "../kit/json";
import type { Place } from "../names";
import { ActionRole, FunctionPermission } from "./action-role";
import type { RuleTarget } from "./notification-rule";

/** Which actions are prepared, and where. */
export interface ChannelActionsProps {
  /** Account and region of the rules. */
  readonly place: Place;
  /** The settings that name the actions, and decide which rules the channel has. */
  readonly settings: RuleSettings;
  /** The channel that the actions belong to. */
  readonly channel: ActionChannel;
  /** Whether the channel also reports changes to the account and its roles. */
  readonly reportsAccount: boolean;
  /** ARN of the permissions boundary of the roles; null: they have none. */
  readonly permissionsBoundaryArn: string | null;
}

/**
 * The actions of a channel, as targets of its rules. Each action has a role that EventBridge assumes, or a permission
 * in the policy of the function that it invokes.
 * @example
 * const actions = new ChannelActions(this, "SecurityActions", {
 *   place, settings, channel: "security", reportsAccount: false, permissionsBoundaryArn: null,
 * });
 * actions.targetsOf("session-audit-acme-security-tampering");
 */
export class ChannelActions extends Construct {
  private readonly targets: readonly {
    readonly rules: readonly InvokingRule[];
    readonly target: RuleTarget;
  }[];

  constructor(scope: Construct, id: string, props: ChannelActionsProps) {
    super(scope, id);
    this.targets = actionsIn(props.settings, props.place, props.channel, props.reportsAccount).map(
      (action) => ({
        rules: action.rules,
        target: this.prepare(action, props),
      }),
    );
  }

  /** The targets of a rule in addition to its topics. @param rule name of the rule */
  targetsOf(rule: string): RuleTarget[] {
    return this.targets
      .filter(({ rules }) => rules.some(({ name }) => name === rule))
      .map(({ target }) => target);
  }

  private prepare(
    action: PlacedAction,
    { place, channel, permissionsBoundaryArn }: ChannelActionsProps,
  ): RuleTarget {
    const { id, targetId, arn, rules, command } = action;
    const bus = busOf(channel, place);
    const role =
      action.role && new ActionRole(this, id, { place, rules, bus, permissionsBoundaryArn, ...action.role });
    const permission =
      action.function && new FunctionPermission(this, id, { place, rules, bus, ...action.function });
    return {
      id,
      targetId,
      arn,
      roleArn: role && role.arn,
      message: command && { paths: command.paths, template: literal(command.template) },
      ...(command && { nodes: command.nodes }),
      ready: [...(role?.ready ?? []), ...(permission?.ready ?? [])],
    };
  }
}
