import { AwsError } from "../gateway/protocol";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";

/** One call that an agent or an operator made, and how it was judged. */
export interface JudgedCall {
  /** Such as `s3:PutObject`. */
  readonly call: string;
  readonly resource: string;
  readonly allowed: boolean;
  readonly reason: string;
}

/** A call that the policies refuse. */
export class Refused extends Error {
  constructor(
    readonly action: string,
    readonly reason: string,
  ) {
    super(`AccessDeniedException: not authorized to perform ${action}: ${reason}`);
  }
}

/** Asks the authorizer before every call and keeps the answers. */
export class CallLog {
  readonly calls: JudgedCall[] = [];

  constructor(readonly authorizer: Authorizer) {}

  /** @throws {@link Refused} when the policies do not allow the call */
  async require(request: AuthorizationRequest): Promise<void> {
    const { allowed, reason } = await this.authorizer.authorize(request);
    this.calls.push({ call: request.action, resource: request.resource, allowed, reason });
    if (!allowed) throw new Refused(request.action, reason);
  }

  /** Keeps a call that is judged where it is made. An error of AWS is its refusal. */
  async watch<T>(call: string, resource: string, make: () => Promise<T>): Promise<T> {
    try {
      const made = await make();
      this.calls.push({ call, resource, allowed: true, reason: "" });
      return made;
    } catch (error) {
      if (error instanceof AwsError) {
        this.calls.push({ call, resource, allowed: false, reason: `${error.code}: ${error.message}` });
      }
      throw error;
    }
  }
}
