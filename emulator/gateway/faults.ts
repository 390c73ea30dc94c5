import { setTimeout as delay } from "node:timers/promises";
import {
  AwsError,
  errorResponse,
  type AwsRequest,
  type AwsResponse,
  type Handler,
  type Room,
} from "./protocol";

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

/** What happens to a call that a disturbance hits. */
export type Effect =
  /** AWS answers with an error. */
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly status: number }
  /** The answer comes later. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The connection ends without an answer. */
  | { readonly kind: "cut" }
  /** The clock of AWS is so much later than that of the caller, and AWS refuses calls that are more than 5 minutes old. */
  | { readonly kind: "skew"; readonly milliseconds: number };

/** An outage, a throttling or a slow network, as long as it lasts. */
export interface Disturbance {
  readonly effect: Effect;
  /** Whether it hits a call. It is asked once for each. */
  readonly hits: (call: Pick<AwsRequest, "service" | "operation" | "region" | "url">) => boolean;
}

/** The connection of a call ends without an answer. */
export class ConnectionCut extends Error {}

/** AWS refuses requests whose time is further away. S3 allows 15 minutes. */
const ALLOWED_SKEW_MS = 5 * 60_000;

/** Failures that tests inject, because the emulator has no throttling and no outages of its own. */
export class Faults implements Room {
  private readonly left = new Map<string, { code: string; times: number }>();
  private disturbance: Disturbance | null = null;

  /** Makes the next `times` calls fail. Replaces an earlier fault of the same operation. */
  add({ service, operation, code, times }: Fault): void {
    this.left.set(`${service}:${operation}`, { code, times });
  }

  /** Begins a disturbance, which replaces an earlier one. @param disturbance null: everything works again */
  disturb(disturbance: Disturbance | null): void {
    this.disturbance = disturbance;
  }

  /** @throws {@link AwsError} as long as failures are left for the call */
  private readonly fail: Handler = async ({ service, operation }) => {
    const fault = this.left.get(`${service}:${operation}`);
    if (fault === undefined || fault.times === 0) return undefined;
    fault.times--;
    throw new AwsError(fault.code, "Rate exceeded");
  };

  private readonly disturbed: Handler = async (request) => {
    if (this.disturbance === null || !this.disturbance.hits(request)) return undefined;
    const { effect } = this.disturbance;
    switch (effect.kind) {
      case "error":
        throw new AwsError(effect.code, effect.message, effect.status);
      case "delay":
        await delay(effect.milliseconds);
        return undefined;
      case "cut":
        throw new ConnectionCut(`the connection of ${request.service}:${request.operation} is cut`);
      case "skew":
        return tooOld(request, new Date(Date.now() + effect.milliseconds));
    }
  };

  readonly handlers = [this.fail, this.disturbed];
}

/**
 * The answer to a call that was signed too long ago by the clock of AWS; undefined if the caller has corrected its clock.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html `RequestTimeTooSkewed`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html "Signature expired"
 */
function tooOld({ service, protocol, headers }: AwsRequest, now: Date): AwsResponse | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"])) ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signed) || Math.abs(now.getTime() - signed) < ALLOWED_SKEW_MS) return undefined;
  const code =
    service === "s3"
      ? "RequestTimeTooSkewed"
      : protocol === "query"
        ? "SignatureDoesNotMatch"
        : "InvalidSignatureException";
  const answer = errorResponse(
    new AwsError(code, `Signature expired: ${String(headers["x-amz-date"])} is not current`, 403),
    protocol,
  );
  // Clients correct their clocks by this header.
  return { ...answer, headers: { ...answer.headers, date: now.toUTCString() } };
}
