import { cloudTrailEvent } from "./cloudtrail-event";
import type { EventBus } from "./event-bus";
import type { EventHistory } from "./event-history";
import type { Identities } from "../clients/identities";
import { iamRegion, partitionOf } from "../clients/partitions";
import { managementCall, type ManagementCall } from "./management-calls";
import type { AwsRequest, Observer } from "../gateway/protocol";

/** The caller, the region and the service of a call. */
export type Caller = Pick<AwsRequest, "accessKeyId" | "region" | "service">;

/**
 * Services without regions. CloudTrail records their calls in one region of the partition, whichever region the client
 * is configured for.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
const GLOBAL_SERVICES = ["account", "iam", "organizations"];

/** The region in which CloudTrail records a call. */
const recordedIn = ({ service, region }: Pick<Caller, "service" | "region">): string =>
  GLOBAL_SERVICES.includes(service) ? iamRegion(partitionOf(region)) : region;

/**
 * Turns every call through the gateway that changes something into a CloudTrail event. It is in the event history, and the
 * ones that a test asks for arrive at EventBridge, so that rules on tampering fire.
 */
export class CallRecorder {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly identities: Identities,
    private readonly bus: EventBus,
    private readonly history: EventHistory,
    private readonly isDelivered: (call: ManagementCall) => boolean,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  /** Queues the event of a request. The answer to the caller does not wait for the delivery. */
  readonly observe: Observer = (request) => {
    const call = managementCall(request);
    if (call === undefined) return () => undefined;
    let answered: (status: number) => void = () => undefined;
    this.queue(call, request, new Promise((resolve) => (answered = resolve)));
    return answered;
  };

  /** Queues the event of a call that a room has answered or made itself. */
  note(call: ManagementCall, from: Caller, status = 200): void {
    this.queue(call, from, Promise.resolve(status));
  }

  /** Resolves when the events of all calls so far are delivered. */
  async settled(): Promise<void> {
    await this.last;
  }

  private queue(call: ManagementCall, from: Caller, status: Promise<number>): void {
    this.last = this.last.then(async () => {
      try {
        await this.record(call, from, await status);
      } catch (failure) {
        this.log(`call recorder: ${call.eventName}: ${(failure as Error).message}`);
      }
    });
  }

  private async record(call: ManagementCall, from: Caller, status: number): Promise<void> {
    const { service } = from;
    const region = recordedIn(from);
    const caller = await this.identities.of(from.accessKeyId, from.region);
    const error = status < 400 ? undefined : { code: `HTTP${status}`, message: "The call failed" };
    const about = { caller, region, eventSource: `${service}.amazonaws.com`, responseElements: null };
    const event = cloudTrailEvent({ ...about, ...call, error });
    if (this.isDelivered(call)) await this.bus.put(caller.accountId, region, event);
    else this.history.add(caller.accountId, region, event);
  }
}
