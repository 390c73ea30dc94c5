import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import {
  eventBridgeEvent,
  scheduledEvent,
  type CloudTrailEvent,
  type ServiceEvent,
} from "./cloudtrail-event";
import type { DeadLetters } from "./dead-letters";
import type { EventHistory } from "./event-history";
import type { Metrics } from "../metrics";
import type { Delivery } from "../sns/delivery";
import { matchesPattern, type EventPattern } from "../patterns/event-pattern";
import { targetInput } from "./target-input";
import type { TargetInvoker } from "./target-invoker";
import { isRecorded } from "./trails";

/**
 * The state of a rule that also receives read-only calls.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
const WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

interface Bus {
  readonly accountId: string;
  readonly region: string;
  /** The name of the bus. */
  readonly bus: string;
}

/** An event on a bus. */
interface BusEvent extends Bus {
  readonly event: Record<string, unknown>;
  readonly detail: CloudTrailEvent;
  /** Whether a rule of another bus has forwarded the event to this bus. */
  readonly forwarded?: boolean;
}

/** The event buses of all accounts and regions. Records of CloudTrail arrive at the default bus of their account and region. */
export class EventBus {
  /** The outcome of every event at every target, oldest first. */
  readonly deliveries: Delivery[] = [];

  constructor(
    private readonly accounts: AccountClients,
    private readonly targets: TargetInvoker,
    private readonly deadLetters: DeadLetters,
    private readonly organizationTrail: (accountId: string) => boolean,
    private readonly history: EventHistory,
    private readonly metrics: Pick<Metrics, "add">,
  ) {}

  /**
   * Delivers a CloudTrail record, if a trail records the account. A target that fails is an outcome and not an error.
   * Without a trail, the record is in the event history alone.
   */
  async put(accountId: string, region: string, detail: CloudTrailEvent): Promise<readonly Delivery[]> {
    this.history.add(accountId, region, detail);
    const made = await this.deliver(accountId, region, detail);
    this.deliveries.push(...made);
    return made;
  }

  /** Delivers an event that an AWS service sends itself, without CloudTrail, to the default bus of its account and region. */
  async send(event: ServiceEvent): Promise<readonly Delivery[]> {
    const { account: accountId, region } = event;
    const detail = { eventSource: event.source, eventName: event["detail-type"] };
    const made = await this.route({ accountId, region, bus: "default", event: { ...event }, detail });
    this.deliveries.push(...made);
    return made;
  }

  /** Fires a rule that has a schedule. A disabled rule does nothing. @throws Error when there is no such rule */
  async fire(accountId: string, region: string, ruleName: string): Promise<readonly Delivery[]> {
    const bus = { accountId, region, bus: "default" };
    const rule = (await this.rules(bus)).find(({ Name }) => Name === ruleName);
    if (rule?.ScheduleExpression === undefined)
      throw new Error(`There is no rule ${ruleName} with a schedule`);
    if (rule.State === "DISABLED") return [];
    const event = scheduledEvent(accountId, region, rule.Arn ?? "");
    const detail = { eventSource: "events.amazonaws.com", eventName: "Scheduled Event" };
    const made = await this.deliverToTargets(rule, { ...bus, event, detail });
    this.deliveries.push(...made);
    return made;
  }

  private async deliver(accountId: string, region: string, detail: CloudTrailEvent): Promise<Delivery[]> {
    if (!this.organizationTrail(accountId) && !(await isRecorded(this.accounts, accountId, region, detail))) {
      const about = { accountId, region, eventName: detail.eventName };
      return [{ ...about, outcome: "not recorded", reason: "no trail of the account records the call" }];
    }
    const event = eventBridgeEvent(accountId, region, detail);
    return this.route({ accountId, region, bus: "default", event, detail });
  }

  /** Delivers an event to the targets of every matching rule of a bus. */
  private async route(busEvent: BusEvent): Promise<Delivery[]> {
    const { accountId, region, event, detail } = busEvent;
    const about = { accountId, region, eventName: detail.eventName };
    const rules = (await this.rules(busEvent)).filter((rule) => seesEvent(rule, detail, event));
    const made: Delivery[] = [];
    for (const rule of rules) made.push(...(await this.deliverToTargets(rule, busEvent)));
    return rules.length > 0 ? made : [{ ...about, outcome: "no rule matched" }];
  }

  /** Delivers an event to the targets of one rule. For a target that is a bus, the rules of that bus follow. */
  private async deliverToTargets(rule: Rule, busEvent: BusEvent): Promise<Delivery[]> {
    const { accountId, region, detail } = busEvent;
    const made: Delivery[] = [];
    await this.count(rule, busEvent, "TriggeredRules");
    for (const target of await this.targetsOf(busEvent, rule)) {
      const { bus, ...outcome } = await this.invoke(rule, target, busEvent);
      if (outcome.outcome !== "delivered") await this.count(rule, busEvent, "FailedInvocations");
      const about = { accountId, region, eventName: detail.eventName, rule: rule.Name };
      made.push({ ...about, targetArn: target.Arn, ...outcome });
      if (bus !== undefined)
        made.push(...(await this.route({ ...busEvent, ...busOf(bus), forwarded: true })));
    }
    return made;
  }

  /** EventBridge names the bus in the metrics of a rule on a custom bus, and only there. */
  private count({ Name = "" }: Rule, { accountId, region, bus }: Bus, name: string): Promise<void> {
    const dimensions = { ...(bus !== "default" && { EventBusName: bus }), RuleName: Name };
    return this.metrics.add({ accountId, region, namespace: "AWS/Events", name, dimensions });
  }

  private async invoke(
    rule: Rule,
    target: Target,
    { event, forwarded = false }: BusEvent,
  ): Promise<Pick<Delivery, "outcome" | "reason" | "message" | "subscriptions"> & { bus?: string }> {
    const invocation = { ruleArn: rule.Arn ?? "", ruleName: rule.Name ?? "", target };
    let message: string | undefined;
    try {
      message = targetInput(invocation, event);
      // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
      if (forwarded && isBus(target.Arn))
        return {
          outcome: "lost",
          reason: "EventBridge does not forward an event that another bus has forwarded already",
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

/** The account, the region and the name in the ARN of a bus. */
function busOf(busArn: string): Bus {
  const { region, accountId, resource } = arnParts(busArn);
  return { accountId, region, bus: resource.replace("event-bus/", "") };
}

/** Whether a target is an event bus. */
const isBus = (targetArn = "") => arnParts(targetArn).service === "events";
