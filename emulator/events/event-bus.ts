import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { eventBridgeEvent, scheduledEvent, type CloudTrailEvent } from "./cloudtrail-event";
import type { DeadLetters } from "./dead-letters";
import type { Delivery } from "../sns/delivery";
import { matchesPattern, type EventPattern } from "../patterns/event-pattern";
import { targetInput } from "./target-input";
import type { TargetInvoker } from "./target-invoker";
import { isRecorded } from "./trails";

/** The state of a rule that also sees calls that only read. */
const WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

interface Bus {
  readonly accountId: string;
  readonly region: string;
  /** Its name. */
  readonly bus: string;
}

/** An event on a bus. */
interface Arrived extends Bus {
  readonly event: Record<string, unknown>;
  readonly detail: CloudTrailEvent;
}

/** The buses of every account and region: CloudTrail records come in on the default one, targets of matching rules are invoked. */
export class EventBus {
  /** Everything that became of every event, oldest first. */
  readonly deliveries: Delivery[] = [];

  constructor(
    private readonly accounts: AccountClients,
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

  /** Fires a rule with a schedule, as EventBridge does when its time has come. @throws when there is no such rule */
  async fire(accountId: string, region: string, ruleName: string): Promise<readonly Delivery[]> {
    const bus = { accountId, region, bus: "default" };
    const rule = (await this.rules(bus)).find(({ Name }) => Name === ruleName);
    if (rule?.ScheduleExpression === undefined) throw new Error(`there is no schedule ${ruleName}`);
    if (rule.State === "DISABLED") return [];
    const event = scheduledEvent(accountId, region, rule.Arn ?? "");
    const detail = { eventSource: "events.amazonaws.com", eventName: "Scheduled Event" };
    const made = await this.hand(rule, { ...bus, event, detail });
    this.deliveries.push(...made);
    return made;
  }

  private async deliver(accountId: string, region: string, detail: CloudTrailEvent): Promise<Delivery[]> {
    if (!this.organizationTrail(accountId) && !(await isRecorded(this.accounts, accountId, region))) {
      const about = { accountId, region, eventName: detail.eventName };
      return [{ ...about, outcome: "not recorded", reason: "no trail of the account is logging" }];
    }
    const event = eventBridgeEvent(accountId, region, detail);
    return this.route({ accountId, region, bus: "default", event, detail });
  }

  /** Takes an event to the targets of the rules of a bus, and on to the buses among them. */
  private async route(arrived: Arrived): Promise<Delivery[]> {
    const { accountId, region, event, detail } = arrived;
    const about = { accountId, region, eventName: detail.eventName };
    const rules = (await this.rules(arrived)).filter((rule) => seesEvent(rule, detail, event));
    const made: Delivery[] = [];
    for (const rule of rules) made.push(...(await this.hand(rule, arrived)));
    return rules.length > 0 ? made : [{ ...about, outcome: "no rule matched" }];
  }

  /** Hands an event to the targets of a rule, and what goes to a bus to the rules of that. */
  private async hand(rule: Rule, arrived: Arrived): Promise<Delivery[]> {
    const { accountId, region, detail } = arrived;
    const made: Delivery[] = [];
    for (const target of await this.targetsOf(arrived, rule)) {
      const { bus, ...outcome } = await this.invoke(rule, target, arrived);
      const about = { accountId, region, eventName: detail.eventName, rule: rule.Name };
      made.push({ ...about, targetArn: target.Arn, ...outcome });
      if (bus !== undefined) made.push(...(await this.route({ ...arrived, ...placeOf(bus) })));
    }
    return made;
  }

  private async invoke(
    rule: Rule,
    target: Target,
    { accountId, event }: Arrived,
  ): Promise<Pick<Delivery, "outcome" | "reason" | "message" | "subscriptions"> & { bus?: string }> {
    const invocation = { ruleArn: rule.Arn ?? "", ruleName: rule.Name ?? "", target };
    let message: string | undefined;
    try {
      message = targetInput(invocation, event);
      if (isThirdAccount(event, accountId, target.Arn))
        return {
          outcome: "lost",
          reason: "EventBridge forwards no event that came from another account",
          message,
        };
      return { outcome: "delivered", message, ...(await this.targets.invoke(invocation, message)) };
    } catch (error) {
      const reason = (error as Error).message;
      const kept = await this.deadLetters.keep(invocation, event, error as Error);
      return kept === "kept"
        ? { outcome: "dead-lettered", reason, message }
        : { outcome: "lost", reason: `${reason}; ${kept}`, message };
    }
  }

  private async rules({ accountId, region, bus }: Bus): Promise<Rule[]> {
    const { events } = await this.accounts.in(accountId, region);
    const rules: Rule[] = [];
    let NextToken: string | undefined;
    do {
      const page = await events.send(new ListRulesCommand({ NextToken, EventBusName: bus }));
      rules.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return rules;
  }

  private async targetsOf({ accountId, region, bus }: Bus, rule: Rule): Promise<readonly Target[]> {
    const { events } = await this.accounts.in(accountId, region);
    return (
      (await events.send(new ListTargetsByRuleCommand({ Rule: rule.Name, EventBusName: bus }))).Targets ?? []
    );
  }
}

function seesEvent(rule: Rule, detail: CloudTrailEvent, event: Record<string, unknown>): boolean {
  if (rule.EventPattern === undefined || rule.State === "DISABLED") return false;
  if (detail.readOnly === true && rule.State !== WITH_READS) return false;
  return matchesPattern(JSON.parse(rule.EventPattern) as EventPattern, event);
}

/** Where a bus is, by its ARN. */
function placeOf(busArn: string): Bus {
  const { region, accountId } = arnParts(busArn);
  return { accountId, region, bus: busArn.split("event-bus/")[1] ?? "" };
}

/** Whether a bus that got an event of another account would hand it to a third one. */
function isThirdAccount(event: Record<string, unknown>, here: string, targetArn = ""): boolean {
  const { service, accountId: owner } = arnParts(targetArn);
  return service === "events" && event["account"] !== here && owner !== here;
}
