import { Construct } from "constructs";
import {
  actionsIn,
  type ActionChannel,
  type InvokingRule,
  type PlacedAction,
  type RuleSettings,
} from "../events/actions";
import { literal } from "../kit/json";
import type { Place } from "../names";
import { ActionRole, FunctionPermission } from "./action-role";
import type { RuleTarget } from "./notification-rule";

export interface ChannelActionsProps {
  readonly place: Place;
  readonly settings: RuleSettings;
  readonly channel: ActionChannel;
  /** ARN of the permissions boundary of roles; null: none. */
  readonly permissionsBoundaryArn: string | null;
}

/** What the actions of a channel need so that EventBridge may invoke them: a role or a permission for each. */
export class ChannelActions extends Construct {
  private readonly targets: readonly {
    readonly rules: readonly InvokingRule[];
    readonly target: RuleTarget;
  }[];

  constructor(scope: Construct, id: string, props: ChannelActionsProps) {
    super(scope, id);
    this.targets = actionsIn(props.settings, props.place, props.channel).map((action) => ({
      rules: action.rules,
      target: this.prepare(action, props),
    }));
  }

  /** What a rule invokes besides its topic. @param rule its name */
  targetsOf(rule: string): RuleTarget[] {
    return this.targets
      .filter(({ rules }) => rules.some(({ name }) => name === rule))
      .map(({ target }) => target);
  }

  private prepare(action: PlacedAction, { place, permissionsBoundaryArn }: ChannelActionsProps): RuleTarget {
    const { id, targetId, arn, rules, command } = action;
    const role =
      action.role && new ActionRole(this, id, { place, rules, permissionsBoundaryArn, ...action.role });
    const permission =
      action.function && new FunctionPermission(this, id, { place, rules, ...action.function });
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
