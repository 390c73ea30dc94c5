import { AwsError, type Handler } from "./protocol";

/** A call that fails. */
export interface Fault {
  readonly service: string;
  /** Such as `DescribeSessions`. */
  readonly operation: string;
  /** AWS's error code, such as `ThrottlingException`. */
  readonly code: string;
  /** How many calls fail before the next one passes. */
  readonly times: number;
}

/** Failures of AWS itself, which do not come by themselves here. */
export class Faults {
  private readonly left = new Map<string, { code: string; times: number }>();

  add({ service, operation, code, times }: Fault): void {
    this.left.set(`${service}:${operation}`, { code, times });
  }

  /** @throws {@link AwsError} as long as there are failures left for the call */
  readonly handle: Handler = async ({ service, operation }) => {
    const fault = this.left.get(`${service}:${operation}`);
    if (fault === undefined || fault.times === 0) return undefined;
    fault.times--;
    throw new AwsError(fault.code, "Rate exceeded");
  };
}
