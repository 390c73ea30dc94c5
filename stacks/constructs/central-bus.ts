import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { CloudwatchEventBusPolicy } from "@cdktf/provider-aws/lib/cloudwatch-event-bus-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import { names, type CentralChannelOf } from "../names";
import { centralBusPolicy } from "../policies/central-policy";
import type { Members } from "../policies/principals";

/** Where the bus is, and who forwards events to it. */
export interface CentralBusProps {
  /** The channel of the bus, and its account and region. */
  readonly channel: CentralChannelOf;
  /** What the bus receives, for its description. */
  readonly receives: string;
  /** The accounts whose rules forward events to the bus. */
  readonly members: Members;
}

/**
 * An event bus to which channels of all accounts forward what they report. EventBridge encrypts it with
 * a key that AWS owns, so no key of the account can keep events from it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-at-rest.html
 * @example
 * new CentralBus(this, "Bus", {
 *   channel: { kind: "central", place }, receives: "Findings", members: membersOf(organization),
 * });
 */
export class CentralBus extends Construct {
  /** Name of the bus as a plain string. */
  readonly name: string;
  /** The bus, which must exist before rules can be on it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { channel, receives, members }: CentralBusProps) {
    super(scope, id);
    this.name = names.centralBus(channel);
    const bus = new CloudwatchEventBus(this, "Default", {
      name: this.name,
      description: receives,
    });
    new CloudwatchEventBusPolicy(this, "Policy", {
      eventBusName: bus.name,
      policy: toJson(centralBusPolicy(channel, members)),
    });
    this.ready = [bus];
  }
}
