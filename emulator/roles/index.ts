import type { Authorizer } from "../iam/authorizer";
import type { Core } from "../iam/core";
import { resourceNeed } from "../iam/action-resources";
import {
  AwsError,
  ec2ErrorResponse,
  errorResponse,
  type AwsRequest,
  type AwsResponse,
  type Room,
} from "../gateway/protocol";
import { actionsOf } from "./actions";
import { contextOf } from "./request-keys";
import { resourceOf, type Lookup } from "./resources";

/** The verdict on one action of a call that a session of a judged role has made. */
export interface Judgment {
  /** ARN of the session. */
  readonly principal: string;
  readonly region: string;
  /** IAM action, such as `logs:DescribeLogGroups`; service and operation of a call that the emulator cannot judge. */
  readonly action: string;
  /** ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  readonly allowed: boolean;
  readonly reason: string;
}

/** Judges every call of some roles, by the policies of that moment. */
export interface RolesRoom extends Room {
  /** Every judgment, oldest first. */
  readonly judgments: readonly Judgment[];
}

/**
 * Judges every call that a session of one of these roles makes, by all policies that apply to it. A call whose action is
 * not known is refused, so that the role can do nothing here that AWS would refuse.
 * @param names names of roles, without paths, in every account
 */
export function rolesRoom(
  { accounts, identities, authorizer }: Core,
  names: readonly string[],
  others: Pick<Lookup, "ownerOf" | "organizationId">,
): RolesRoom {
  const judgments: Judgment[] = [];
  const lookup: Lookup = { accounts, authorizer, ...others };
  return {
    judgments,
    handlers: names.length === 0 ? [] : [judge],
  };

  async function judge(request: AwsRequest): Promise<AwsResponse | undefined> {
    // Everybody may ask who they are, and the trust policy of a role decides who assumes it.
    if (request.service === "sts") return undefined;
    const { arn: principal, accountId } = await identities.of(request.accessKeyId, request.region);
    const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
    if (role === undefined || !names.includes(role)) return undefined;
    for (const asked of await askedBy(request, accountId, lookup)) {
      const { action, resource } = asked;
      const verdict = await verdictOn(asked, principal, authorizer, contextOf(request, action));
      judgments.push({ principal, region: request.region, action, resource, ...verdict });
      if (!verdict.allowed)
        return refusal(
          request,
          `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because ${verdict.reason}`,
        );
    }
    return undefined;
  }
}

interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly accountId: string;
  /** Whether the emulator knows what the call needs. */
  readonly known: boolean;
}

async function askedBy(request: AwsRequest, accountId: string, lookup: Lookup): Promise<Asked[]> {
  const unknown = {
    action: `${request.service}:${request.operation}`,
    resource: "*",
    accountId,
    known: false,
  };
  const actions = actionsOf(request) ?? [];
  if (actions.length === 0) return [unknown];
  return Promise.all(
    actions.map(async (action): Promise<Asked> => {
      const need = await resourceNeed(action);
      const everything = { action, resource: "*", accountId, known: need === "never" || need === "optional" };
      if (need === undefined || need === "never") return everything;
      const found = await resourceOf(request, action, accountId, lookup);
      return found === undefined
        ? everything
        : { action, resource: found.arn, accountId: found.accountId, known: true };
    }),
  );
}

async function verdictOn(
  { known, ...asked }: Asked,
  principal: string,
  authorizer: Authorizer,
  keys: Readonly<Record<string, string>>,
): Promise<Pick<Judgment, "allowed" | "reason">> {
  if (!known) return { allowed: false, reason: "the emulator cannot judge this call" };
  try {
    // The data of iam-simulate has no condition keys for actions of KMS that take no key.
    const context =
      /^kms:/.test(asked.action) && asked.resource === "*" ? { "kms:CallerAccount": undefined } : {};
    return await authorizer.authorize({ principal, ...asked, context: { ...context, ...keys } });
  } catch (error) {
    return { allowed: false, reason: (error as Error).message };
  }
}

/** The error codes of a refused call, where they are not `AccessDenied` or `AccessDeniedException`. */
const CODES: Readonly<Record<string, string>> = { sns: "AuthorizationError", ec2: "UnauthorizedOperation" };

/** A refusal in the form of the service. */
function refusal({ service, protocol }: AwsRequest, message: string): AwsResponse {
  const isXml = protocol === "query" || protocol === "rest-xml";
  const code = CODES[service] ?? (isXml ? "AccessDenied" : "AccessDeniedException");
  const error = new AwsError(code, message, isXml || protocol === "rest-json" ? 403 : 400);
  return service === "ec2" ? ec2ErrorResponse(error) : errorResponse(error, protocol);
}
