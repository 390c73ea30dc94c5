import { AwsError } from "../gateway/protocol";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";

/** One call of an agent or an operator, with the verdict on it. */
export interface JudgedCall {
  /** Such as `s3:PutObject`. */
  readonly call: string;
  readonly resource: string;
  readonly allowed: boolean;
  readonly reason: string;
}

/** A call that the policies deny. */
export class CallDenied extends Error {
  constructor(
    readonly action: string,
    readonly reason: string,
  ) {
    super(`AccessDeniedException: not authorized to perform ${action}: ${reason}`);
  }
}

/** Judges every call of a session before it is made, and keeps the verdicts. */
export class CallLog {
  readonly calls: JudgedCall[] = [];

  constructor(readonly authorizer: Authorizer) {}

  /** @throws {@link CallDenied} when the policies deny the call */
  async require(request: AuthorizationRequest): Promise<void> {
    const { allowed, reason } = await this.authorizer.authorize(request);
    this.calls.push({ call: request.action, resource: request.resource, allowed, reason });
    if (!allowed) throw new CallDenied(request.action, reason);
  }

  /** Makes a call that is judged elsewhere, and keeps its outcome. An error of AWS counts as a denial. */
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
