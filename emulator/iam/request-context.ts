import { arnParts } from "../../aws/arn";
import type { RequestContext } from "./simulator-gaps";

/** What of a request its default context is made from. */
export interface ContextBasis {
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  readonly resourceAccountId: string;
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const ASSUMED_ROLE = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/(.+)$/;
const IAM_IDENTITY = /^arn:([^:]+):iam::(\d+):(role|user)\/(.+)$/;

/** Whether a principal is an AWS service such as `events.amazonaws.com` rather than an ARN. */
const isService = (principal: string): boolean => !principal.startsWith("arn:");

/** The account in an identity's ARN; none for a service. */
export const accountOf = (principal: string): string | undefined => principal.split(":")[4];

/** The role ARN behind an assumed-role session's ARN; other principals as they are. */
const roleArnOf = (principal: string): string =>
  principal.replace(
    ASSUMED_ROLE,
    (_all, partition, account, role) => `arn:${partition}:iam::${account}:role/${role}`,
  );

/**
 * The condition keys that AWS puts into every request by itself; what the caller gives wins. A key with value
 * `undefined` is left out of the request.
 *
 * `aws:PrincipalOrgID`, `kms:ViaService`, `aws:SourceArn` and the like depend on the case: never made up here.
 */
export function requestContext(request: ContextBasis): RequestContext {
  const service = (request.action.split(":")[0] ?? "").toLowerCase();
  const context: Record<string, string | readonly string[] | undefined> = {
    "aws:SecureTransport": "true",
    "aws:ResourceAccount": request.resourceAccountId,
    ...requestedRegion(request.resource),
    ...principalContext(request.principal),
    ...(service === "s3" ? { "s3:TlsVersion": "1.3" } : {}),
    ...(service === "kms" ? kmsContext(request.principal) : {}),
    ...request.context,
  };
  return Object.fromEntries(
    Object.entries(context).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** A regional resource is asked for in its own region; what has no region in its ARN says nothing about it. */
function requestedRegion(resource = ""): RequestContext {
  const region = arnParts(resource).region;
  return region === "" || region === "*" ? {} : { "aws:RequestedRegion": region };
}

function principalContext(principal: string): RequestContext {
  if (isService(principal)) {
    return { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal };
  }
  const common = {
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalArn": roleArnOf(principal),
    "aws:PrincipalAccount": accountOf(principal) ?? "",
  };
  const session = ASSUMED_ROLE.exec(principal);
  if (session !== null) {
    return { ...common, "aws:PrincipalType": "AssumedRole", "aws:userid": `AROAEXAMPLEROLEID:${session[4]}` };
  }
  const identity = IAM_IDENTITY.exec(principal);
  if (identity?.[3] === "user") {
    const name = identity[4]?.split("/").pop() ?? "";
    return {
      ...common,
      "aws:PrincipalType": "User",
      "aws:userid": `AIDAEXAMPLE${name.toUpperCase()}`,
      "aws:username": name,
    };
  }
  return { ...common, "aws:PrincipalType": "AssumedRole", "aws:userid": "AROAEXAMPLEROLEID:session" };
}

/** A service that calls KMS for itself has no caller account. */
function kmsContext(principal: string): RequestContext {
  return isService(principal) ? {} : { "kms:CallerAccount": accountOf(principal) ?? "" };
}
