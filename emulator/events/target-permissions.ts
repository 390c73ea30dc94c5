import { arnParts } from "../../aws/arn";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";
import { AwsError } from "../gateway/protocol";
import { serviceFor } from "../iam/service-principal";
import type { Invocation } from "./target-input";

/**
 * Judges the calls that EventBridge makes at targets. With a role in the target, EventBridge must be allowed to assume the
 * role, and the role must be allowed to make the call. Without a role, the policy of the target must allow EventBridge.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class TargetPermissions {
  constructor(private readonly authorizer: Authorizer) {}

  /** @throws {@link AwsError} `NO_PERMISSIONS` when a policy denies the call */
  async require(
    invocation: Invocation,
    action: string,
    resource: string,
    context: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { ruleArn, target } = invocation;
    const ofRule = arnParts(ruleArn).accountId;
    const accountId = arnParts(resource).accountId || ofRule;
    const source = { "aws:SourceArn": ruleArn, "aws:SourceAccount": ofRule };
    if (target.RoleArn === undefined) {
      await this.check({
        principal: serviceFor("events", ruleArn),
        accountId,
        action,
        resource,
        context: { ...source, ...context },
      });
      return;
    }
    await this.check({
      principal: serviceFor("events", ruleArn),
      accountId: arnParts(target.RoleArn).accountId,
      action: "sts:AssumeRole",
      resource: target.RoleArn,
      context: source,
    });
    await this.check({ principal: target.RoleArn, accountId, action, resource, context });
  }

  private async check(request: AuthorizationRequest): Promise<void> {
    const { allowed, reason } = await this.authorizer.authorize(request);
    if (!allowed) throw new AwsError("NO_PERMISSIONS", reason);
  }
}

/**
 * Requires that a target that is a bus in another region has a role, which EventBridge needs for it also within one
 * account.
 * @throws {@link AwsError} `NO_PERMISSIONS` when it has none
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export function requireRoleForRegion({ ruleArn, target }: Pick<Invocation, "ruleArn" | "target">): void {
  const [from, to] = [arnParts(ruleArn).region, arnParts(target.Arn ?? "").region];
  if (target.RoleArn === undefined && from !== to)
    throw new AwsError("NO_PERMISSIONS", `EventBridge needs a role to send events from ${from} to ${to}`);
}

/** @throws {@link AwsError} always: the error of a call at a target, with the code that EventBridge gives it in the dead-letter queue */
export function asTargetError(error: Error): never {
  const name = error instanceof AwsError ? error.code : error.name;
  throw new AwsError(
    /NotFound|NonExistent|DoesNotExist|InvalidDocument$/.test(name)
      ? "RESOURCE_NOT_FOUND"
      : "SDK_CLIENT_ERROR",
    error.message,
  );
}
