import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { Accounts } from "./accounts";
import { eventBridgeEvent, type CloudTrailEvent } from "./cloudtrail-event";
import type { DeadLetters } from "./dead-letters";
import type { Delivery } from "./delivery";
import { matchesPattern, type EventPattern } from "./event-pattern";
import { targetInput } from "./target-input";
import type { TargetInvoker } from "./target-invoker";
import { isRecorded } from "./trails";

/** The state of a rule that also sees calls that only read. */
const WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/** The default event bus of every account and region: CloudTrail records come in, targets of matching rules are invoked. */
export class EventBus {
  /** Everything that became of every event, oldest first. */
  readonly deliveries: Delivery[] = [];

  constructor(
    private readonly accounts: Accounts,
    private readonly targets: TargetInvoker,
    private readonly deadLetters: DeadLetters,
    private readonly organizationTrail: (accountId: string) => boolean,
  ) {}

  /** Delivers a CloudTrail record, if a trail records the account at all. Never throws over a target that fails. */
  async put(accountId: string, region: string, detail: CloudTrailEvent): Promise<readonly Delivery[]> {
    const made = await this.deliver(accountId, region, detail);
    this.deliveries.push(...made);
    return made;
  }

  private async deliver(accountId: string, region: string, detail: CloudTrailEvent): Promise<Delivery[]> {
    const about = { accountId, region, eventName: detail.eventName };
    if (!this.organizationTrail(accountId) && !(await isRecorded(this.accounts, accountId, region))) {
      return [{ ...about, outcome: "not recorded", reason: "no trail of the account is logging" }];
    }
    const event = eventBridgeEvent(accountId, region, detail);
    const rules = (await this.rules(accountId, region)).filter((rule) => seesEvent(rule, detail, event));
    const made: Delivery[] = [];
    for (const rule of rules) {
      for (const target of await this.targetsOf(accountId, region, rule)) {
        made.push({
          ...about,
          rule: rule.Name,
          targetArn: target.Arn,
          ...(await this.invoke(rule, target, event)),
        });
      }
    }
    return rules.length > 0 ? made : [{ ...about, outcome: "no rule matched" }];
  }

  private async invoke(
    rule: Rule,
    target: Target,
    event: Record<string, unknown>,
  ): Promise<Pick<Delivery, "outcome" | "reason" | "message" | "subscriptions">> {
    const invocation = { ruleArn: rule.Arn ?? "", ruleName: rule.Name ?? "", target };
    let message: string | undefined;
    try {
      message = targetInput(invocation, event);
      const subscriptions = await this.targets.invoke(invocation, message);
      return { outcome: "delivered", message, ...(subscriptions && { subscriptions }) };
    } catch (error) {
      const reason = (error as Error).message;
      const kept = await this.deadLetters.keep(invocation, event, error as Error);
      return kept === "kept"
        ? { outcome: "dead-lettered", reason, message }
        : { outcome: "lost", reason: `${reason}; ${kept}`, message };
    }
  }

  private async rules(accountId: string, region: string): Promise<Rule[]> {
    const { events } = await this.accounts.in(accountId, region);
    const rules: Rule[] = [];
    let NextToken: string | undefined;
    do {
      const page = await events.send(new ListRulesCommand({ NextToken }));
      rules.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return rules;
  }

  private async targetsOf(accountId: string, region: string, rule: Rule): Promise<readonly Target[]> {
    const { events } = await this.accounts.in(accountId, region);
    return (await events.send(new ListTargetsByRuleCommand({ Rule: rule.Name }))).Targets ?? [];
  }
}

function seesEvent(rule: Rule, detail: CloudTrailEvent, event: Record<string, unknown>): boolean {
  if (rule.EventPattern === undefined || rule.State === "DISABLED") return false;
  if (detail.readOnly === true && rule.State !== WITH_READS) return false;
  return matchesPattern(JSON.parse(rule.EventPattern) as EventPattern, event);
}
