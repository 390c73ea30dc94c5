import { AwsError, type Handler, type Room } from "./protocol";

/** Which calls fail, and how. */
export interface Fault {
  readonly service: string;
  /** Such as `DescribeSessions`. */
  readonly operation: string;
  /** AWS's error code, such as `ThrottlingException`. */
  readonly code: string;
  /** How many calls fail before the next one passes. */
  readonly times: number;
}

/** Failures that tests inject, because the emulator has no throttling and no outages of its own. */
export class Faults implements Room {
  private readonly left = new Map<string, { code: string; times: number }>();

  /** Makes the next `times` calls fail. Replaces an earlier fault of the same operation. */
  add({ service, operation, code, times }: Fault): void {
    this.left.set(`${service}:${operation}`, { code, times });
  }

  /** @throws {@link AwsError} as long as failures are left for the call */
  private readonly fail: Handler = async ({ service, operation }) => {
    const fault = this.left.get(`${service}:${operation}`);
    if (fault === undefined || fault.times === 0) return undefined;
    fault.times--;
    throw new AwsError(fault.code, "Rate exceeded");
  };

  readonly handlers = [this.fail];
}
