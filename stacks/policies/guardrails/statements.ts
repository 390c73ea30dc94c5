import { refusedBy, type RefusingSid } from "../../weakening";
import { type Statement, unique } from "../policy";
import type { GuardrailScope } from "./scope";

/** The actions and resources that a statement refuses. */
type Refused = Pick<Statement, "Action" | "Resource" | "NotResource" | "Condition">;

/**
 * Builds a statement that refuses something to every principal but some roles.
 * @param exempt ARNs of roles, where `*` may stand
 */
export function refuse(Sid: string, exempt: readonly string[], { Condition, ...what }: Refused): Statement {
  const conditions = { ...allBut(exempt), ...Condition };
  return {
    Sid,
    Effect: "Deny",
    ...what,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

/**
 * Matches every principal but some roles. `ArnNotLike` compares each of the six parts of an ARN separately, so that
 * a `*` does not match a colon.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const allBut = (roles: readonly string[]): Statement["Condition"] =>
  roles.length === 0 ? undefined : { ArnNotLike: { "aws:PrincipalArn": unique(roles) } };

/** The roles that may change what records: those that deploy it, and those that repair it in an emergency. */
export const exemptFrom = ({ deploymentRoles, breakGlassRoles }: GuardrailScope): string[] => [
  ...deploymentRoles,
  ...breakGlassRoles,
];

/** ARN of a resource in any account and region. @param service its service, as ARNs name it */
export const anywhere = ({ partition }: GuardrailScope, service: string, resource: string) =>
  `arn:${partition}:${service}:*:*:${resource}`;

/** ARN of an IAM resource in any account, such as `role/<name>`. */
export const anyIam = ({ partition }: GuardrailScope, resource: string) =>
  `arn:${partition}:iam::*:${resource}`;

/**
 * ARNs of the roles of some names in any account, with every path. A map names the roles of instances as IAM attaches
 * policies to them: by name. Their ARNs contain their paths, such as `role/service-role/` for a role that AWS's console
 * creates.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export const withAnyPath = (scope: GuardrailScope, names: readonly string[]): string[] =>
  names.flatMap((name) => [anyIam(scope, `role/${name}`), anyIam(scope, `role/*/${name}`)]);

/**
 * Builds a statement that refuses the calls of the table of weakening calls that name it.
 * @param exempt ARNs of roles, where `*` may stand
 */
export const keep = (
  Sid: RefusingSid,
  exempt: readonly string[],
  what: Pick<Statement, "Resource" | "NotResource" | "Condition">,
): Statement => refuse(Sid, exempt, { Action: refusedBy(Sid), ...what });
