import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { CloudwatchEventBusPolicy } from "@cdktf/provider-aws/lib/cloudwatch-event-bus-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import { names, type Place } from "../names";
import { centralBusPolicy } from "../policies/central-policy";
import type { Members } from "../policies/principals";

/** Where the bus is, and who forwards events to it. */
export interface CentralBusProps {
  /** Account and region of the bus. */
  readonly place: Place;
  /** The accounts whose rules forward events to the bus. */
  readonly members: Members;
}

/**
 * The event bus to which the security channels of all accounts forward findings and alarms. EventBridge encrypts it with
 * a key that AWS owns, so no key of the account can keep events from it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-at-rest.html
 * @example
 * new CentralBus(this, "Bus", { place, members: membersOf(organization) });
 */
export class CentralBus extends Construct {
  /** Name of the bus as a plain string. */
  readonly name: string;
  /** The bus, which must exist before rules can be on it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { place, members }: CentralBusProps) {
    super(scope, id);
    this.name = names.centralBus(place);
    const bus = new CloudwatchEventBus(this, "Default", {
      name: this.name,
      description: "Findings and alarms of the security channels of all accounts",
    });
    new CloudwatchEventBusPolicy(this, "Policy", {
      eventBusName: bus.name,
      policy: toJson(centralBusPolicy(place, members)),
    });
    this.ready = [bus];
  }
}
