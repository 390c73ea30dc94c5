import type { AwsRequest } from "./aws-request";
import { cloudTrailEvent } from "./cloudtrail-event";
import type { EventBus } from "./event-bus";
import type { Observer } from "./gateway";
import type { Identities } from "./identities";
import { managementCall, type ManagementCall } from "./management-calls";

/** Makes a CloudTrail event of every call through the gateway that changes something, so that rules on tampering fire. */
export class CallRecorder {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly identities: Identities,
    private readonly bus: EventBus,
    private readonly isRecorded: (call: ManagementCall) => boolean,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  /** Queues the event; the caller's answer does not wait for it. */
  readonly observe: Observer = (request) => {
    const call = managementCall(request);
    if (call === undefined || !this.isRecorded(call)) return () => undefined;
    let answered: (status: number) => void = () => undefined;
    const status = new Promise<number>((resolve) => (answered = resolve));
    this.last = this.last.then(async () => {
      try {
        await this.record(request, call, await status);
      } catch (failure) {
        this.log(`call recorder: ${call.eventName}: ${(failure as Error).message}`);
      }
    });
    return answered;
  };

  /** Waits until every call so far has been delivered. */
  async settled(): Promise<void> {
    await this.last;
  }

  private async record(request: AwsRequest, call: ManagementCall, status: number): Promise<void> {
    const { region, service } = request;
    const caller = await this.identities.of(request.accessKeyId, region);
    const error = status < 400 ? undefined : { code: `HTTP${status}`, message: "The call failed" };
    const about = { caller, region, eventSource: `${service}.amazonaws.com`, responseElements: null };
    await this.bus.put(caller.accountId, region, cloudTrailEvent({ ...about, ...call, error }));
  }
}
