import type { Organization } from "../../accounts/model/organization";
import { renderPath, type Conflict, type Path } from "../../accounts/reading/problems";
import { names } from "../names";
import { guardrailsFor, type Guardrail } from "../policies/guardrails";
import { guardrailScopeOf } from "../policies/guardrails/scope";
import { POLICY_LIMITS } from "../policies/policy";

/** A problem, and how many times as large as its limit something is. */
type Oversize = Conflict & { readonly times: number };

/** What decides about how long the policies become. The number of accounts does not. */
const MEASURED: readonly Path[] = [
  ...[["organization", "name"], ["guardrails"], ["deployment"], ["accounts", "*", "regions"]],
  ...[["encryption"], ["transcripts"], ["logs"], ["notifications"]],
];

/** Service control policies that AWS would find too long, with what makes them so. */
export function guardrailLimits(organization: Organization): Oversize[] {
  const scope = guardrailScopeOf(organization);
  const limit = POLICY_LIMITS.serviceControl;
  return (scope === null ? [] : guardrailsFor(scope)).flatMap((guardrail) => {
    const size = JSON.stringify(guardrail.policy).length;
    if (size <= limit) return [];
    const name = names.guardrail({ organization: organization.name }, guardrail.nameSuffix);
    const allowed = `what fits into the service control policy ${name}: it would have ${size} characters, and AWS takes ${limit}`;
    return [{ ...said(organization, guardrail), allowed, because: MEASURED, times: size / limit }];
  });
}

/** Where the map says what makes a policy long, and what to do about it. */
function said({ guardrails }: Organization, { id }: Guardrail) {
  const place = (setting: string, found: unknown, remedy: string) => {
    const at = ["guardrails", setting];
    return { at, path: renderPath(at), found, remedy };
  };
  if (id === "Existing")
    return place(
      "protectExisting",
      guardrails?.protectExisting,
      "set guardrails.protectExisting: false, and protect what exists with a policy of your own",
    );
  const { breakGlassRoles = [], deploymentRoles = [] } = guardrails ?? {};
  const [setting, roles] =
    deploymentRoles.length > breakGlassRoles.length
      ? (["deploymentRoles", deploymentRoles] as const)
      : (["breakGlassRoles", breakGlassRoles] as const);
  return place(setting, roles, "name fewer roles: one ARN with * for the account does for all accounts");
}
