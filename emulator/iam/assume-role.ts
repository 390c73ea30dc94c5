import { AwsError, type Handler } from "../gateway/protocol";
import type { Core } from "./core";
import { personMayAssume } from "./role-trust";

/**
 * Refuses `AssumeRole` for roles whose trust policies refuse the caller. Moto checks no trust policy.
 * @throws {@link AwsError} `AccessDenied`
 */
export function assumeRole({ identities, authorizer }: Core): Handler {
  return async ({ service, operation, accessKeyId, region, body }) => {
    if (service !== "sts" || operation !== "AssumeRole") return undefined;
    const parameters = new URLSearchParams(body.toString("utf8"));
    const roleArn = parameters.get("RoleArn") ?? "";
    const externalId = parameters.get("ExternalId");
    const { arn } = await identities.of(accessKeyId, region);
    const { allowed, reason } = await personMayAssume(authorizer, arn, roleArn, {
      "sts:RoleSessionName": parameters.get("RoleSessionName") ?? "",
      ...(externalId !== null && { "sts:ExternalId": externalId }),
    });
    if (allowed) return undefined;
    const text = `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new AwsError("AccessDenied", `${text} because ${reason}`, 403);
  };
}
