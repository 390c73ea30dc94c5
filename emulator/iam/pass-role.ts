import { arnParts } from "../../aws/arn";
import type { ServiceName } from "../../aws/service-principals";
import { partitionOf } from "../clients/partitions";
import { bucketOfReplication } from "../gateway/bucket-urls";
import { AwsError, type AwsRequest, type Handler } from "../gateway/protocol";
import type { Core } from "./core";
import { serviceFor } from "./service-principal";

/** A role that a call passes to a service. */
interface Passed {
  /** ARN, or the name of a role in the caller's account. */
  readonly role: string;
  readonly to: ServiceName;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Requires that the caller of an operation may pass the role that the operation hands to a service. Callers whose role does
 * not exist in the emulated IAM are administrators, who may.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 * @throws {@link AwsError} `AccessDenied` or `AccessDeniedException`
 */
export function passRole({ identities, authorizer }: Core): Handler {
  return async (request) => {
    const passed = passedBy(request);
    if (passed.length === 0) return undefined;
    const { arn: principal, accountId } = await identities.of(request.accessKeyId, request.region);
    for (const { role, to } of passed) {
      const named = role.startsWith("arn:")
        ? role
        : `arn:${partitionOf(request.region)}:iam::${accountId}:role/${role}`;
      // The name of a role does not say its path.
      const resource = (await authorizer.role(named))?.arn ?? named;
      const { allowed, reason } = await authorizer.authorize({
        principal,
        accountId: arnParts(resource).accountId,
        action: "iam:PassRole",
        resource,
        context: { "iam:PassedToService": serviceFor(to, regional(resource, request.region)).service },
        unknown: "administrator",
      });
      if (allowed) continue;
      const text = `User: ${principal} is not authorized to perform: iam:PassRole on resource: ${resource}`;
      const code = request.protocol === "query" || request.protocol === "rest-xml" ? "" : "Exception";
      throw new AwsError(`AccessDenied${code}`, `${text} because ${reason}`, 403);
    }
    return undefined;
  };
}

/** An ARN in the partition of a role and the region of a call, from which the principal of a service follows. */
const regional = (roleArn: string, region: string) => `arn:${arnParts(roleArn).partition}::${region}::`;

/** The roles that a request passes, of the operations that Terraform calls for the stacks. */
function passedBy(request: AwsRequest): readonly Passed[] {
  const { service, operation, method, url } = request;
  if (service === "events" && operation === "PutTargets")
    return ((json(request)["Targets"] ?? []) as readonly Json[]).flatMap((target) =>
      passing(target["RoleArn"], "events"),
    );
  if (service === "logs" && operation === "PutSubscriptionFilter")
    return passing(json(request)["roleArn"], "logs");
  if (service === "lambda" && method !== "GET" && /\/functions(\/[^/]+\/configuration)?\/?$/.test(url))
    return passing(json(request)["Role"], "lambda");
  // @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
  if (service === "states" && /^(Create|Update)StateMachine$/.test(operation))
    return passing(json(request)["roleArn"], "states");
  // @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
  if (service === "codebuild" && /^(Create|Update)Project$/.test(operation))
    return passing(json(request)["serviceRole"], "codebuild");
  if (service === "chatbot") return passing(json(request)["IamRoleArn"], "chatbot");
  if (service === "iam" && operation === "AddRoleToInstanceProfile")
    return passing(new URLSearchParams(text(request)).get("RoleName"), "ec2");
  if (method === "PUT" && bucketOfReplication(request) !== undefined)
    return passing(/<Role>([^<]+)<\/Role>/.exec(text(request))?.[1], "s3");
  return [];
}

const passing = (role: unknown, to: ServiceName): Passed[] =>
  typeof role === "string" && role !== "" ? [{ role, to }] : [];

const text = ({ body }: AwsRequest): string => body.toString("utf8");
const json = (request: AwsRequest): Json => JSON.parse(text(request) || "{}") as Json;
