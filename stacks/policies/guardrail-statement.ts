import type { GuardrailScope } from "./guardrail-scope";
import { unique, type Statement } from "./policy";

/** What a statement refuses, and on what. */
type Refused = Pick<Statement, "Action" | "Resource" | "NotResource" | "Condition">;

/** Refuses something to all principals but some roles. */
export function refuse(Sid: string, exempt: readonly string[], { Condition, ...what }: Refused): Statement {
  const conditions = { ...allBut(exempt), ...Condition };
  return {
    Sid,
    Effect: "Deny",
    ...what,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

/** `ArnNotLike` compares field by field: a `*` does not reach over a colon. */
const allBut = (roles: readonly string[]): Statement["Condition"] =>
  roles.length === 0 ? undefined : { ArnNotLike: { "aws:PrincipalArn": unique(roles) } };

/** Whoever deploys what records, and whoever mends it in an emergency. */
export const exemptFrom = ({ deploymentRoles, breakGlassRoles }: GuardrailScope): string[] => [
  ...deploymentRoles,
  ...breakGlassRoles,
];

/** A resource in any account and region. */
export const anywhere = ({ partition }: GuardrailScope, service: string, resource: string) =>
  `arn:${partition}:${service}:*:*:${resource}`;

/** A resource of IAM in any account. */
export const anyIam = ({ partition }: GuardrailScope, resource: string) =>
  `arn:${partition}:iam::*:${resource}`;
