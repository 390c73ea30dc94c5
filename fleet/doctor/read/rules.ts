import {
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
  type EventBridgeClient,
} from "@aws-sdk/client-eventbridge";
import type { RuleState } from "../checks/rules";
import { orNull } from "./seen";

/** A rule with the ids of its targets; null: there is no such rule. @param bus name of its bus */
export const readRule = (events: EventBridgeClient, name: string, bus: string): Promise<RuleState | null> =>
  orNull(["ResourceNotFoundException"], async () => {
    const rule = await events.send(new DescribeRuleCommand({ Name: name, EventBusName: bus }));
    // A rule has five targets at most, which is one page.
    const { Targets = [] } = await events.send(
      new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus }),
    );
    return {
      state: rule.State ?? "",
      pattern: rule.EventPattern ?? null,
      schedule: rule.ScheduleExpression ?? null,
      targets: Targets.map(({ Arn = "" }) => Arn),
    };
  });
