import { arnParts } from "../../aws/arn";
import type { RequestContext } from "./simulator-gaps";

/** What the default context of a request is derived from. */
export interface ContextBasis {
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  readonly resourceAccountId: string;
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Whether a principal is an AWS service such as `events.amazonaws.com` rather than an ARN. */
const isService = (principal: string): boolean => !principal.startsWith("arn:");

/** The account in the ARN of a principal or of a resource; undefined for a service and for an ARN without an account. */
export const accountOf = (arn: string): string | undefined => arnParts(arn).accountId || undefined;

/** The name of an assumed-role session, from its ARN; undefined for any other principal. */
export function sessionNameOf(principal: string): string | undefined {
  const [kind, , ...name] = arnParts(principal).resource.split("/");
  return kind === "assumed-role" ? name.join("/") : undefined;
}

/** `aws:PrincipalArn`: for the session of a role, the ARN of the role; for any other principal, its own ARN. */
function principalArn(principal: string): string {
  const { partition, accountId, resource } = arnParts(principal);
  const [kind, role] = resource.split("/");
  return kind === "assumed-role" ? `arn:${partition}:iam::${accountId}:role/${role}` : principal;
}

/**
 * Services without `aws:ResourceAccount` in the context of a request. AWS lists the actions that do not support the key:
 * all of EBS, some of EC2 and WorkSpaces, and those of EventBridge, some of which AWS has since removed from the list.
 * The list has no action of S3, CloudWatch Logs, KMS, SNS, DynamoDB or Systems Manager.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
 */
const WITHOUT_RESOURCE_ACCOUNT: ReadonlySet<string> = new Set(["ebs", "events"]);

/**
 * The condition keys that AWS sets in every request. Keys in `request.context` take precedence, and a key whose value is
 * `undefined` is left out. Keys that depend on the case are never invented here, such as `aws:PrincipalOrgID`,
 * `kms:ViaService` and `aws:SourceArn`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestContext(request: ContextBasis): RequestContext {
  const service = (request.action.split(":")[0] ?? "").toLowerCase();
  const context: Record<string, string | readonly string[] | undefined> = {
    "aws:SecureTransport": "true",
    ...(WITHOUT_RESOURCE_ACCOUNT.has(service) ? {} : { "aws:ResourceAccount": request.resourceAccountId }),
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

/** `aws:RequestedRegion`: the region in the resource's ARN. Left out for resources whose ARN names no region. */
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
    "aws:PrincipalArn": principalArn(principal),
    "aws:PrincipalAccount": accountOf(principal) ?? "",
  };
  const session = sessionNameOf(principal);
  if (session !== undefined) {
    return { ...common, "aws:PrincipalType": "AssumedRole", "aws:userid": `AROAEXAMPLEROLEID:${session}` };
  }
  const [kind, ...names] = arnParts(principal).resource.split("/");
  if (kind === "user") {
    const name = names.at(-1) ?? "";
    return {
      ...common,
      "aws:PrincipalType": "User",
      "aws:userid": `AIDAEXAMPLE${name.toUpperCase()}`,
      "aws:username": name,
    };
  }
  return { ...common, "aws:PrincipalType": "AssumedRole", "aws:userid": "AROAEXAMPLEROLEID:session" };
}

/** `kms:CallerAccount`: a service that calls KMS on its own behalf has none. */
function kmsContext(principal: string): RequestContext {
  return isService(principal) ? {} : { "kms:CallerAccount": accountOf(principal) ?? "" };
}
