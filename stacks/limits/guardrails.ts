import type { Organization } from "../../accounts/model/organization";
import type { Path } from "../../accounts/reading/problems";
import { POLICY_LIMITS } from "../../aws/quotas";
import { names } from "../names";
import { guardrailsFor, type Guardrail } from "../policies/guardrails";
import { guardrailScopeOf } from "../policies/guardrails/scope";
import { overLimit, type Oversize } from "./oversize";

/** What decides about how long the policies become. The number of accounts does not. */
const MEASURED: readonly Path[] = [
  ...[["organization", "name"], ["guardrails"], ["deployment"], ["accounts", "*", "regions"]],
  ...[["encryption"], ["transcripts"], ["logs"], ["notifications"]],
];

/** Service control policies that AWS would find too long, with what makes them so. */
export function guardrailLimits(organization: Organization): Oversize[] {
  const scope = guardrailScopeOf(organization);
  return (scope === null ? [] : guardrailsFor(scope)).flatMap((guardrail) => {
    const name = names.guardrail({ organization: organization.name }, guardrail.nameSuffix);
    return overLimit({
      what: `the service control policy ${name}`,
      document: guardrail.policy,
      limit: POLICY_LIMITS.serviceControl,
      because: MEASURED,
      ...said(organization, guardrail),
    });
  });
}

/** Where the map says what makes a policy long, and what to do about it. */
function said({ guardrails }: Organization, { id }: Guardrail) {
  const inSetting = (setting: string, found: unknown, remedy: string) => ({
    path: ["guardrails", setting],
    found,
    remedy,
  });
  if (id === "Existing")
    return inSetting(
      "protectExisting",
      guardrails?.protectExisting,
      "set guardrails.protectExisting: false, and protect what exists with a policy of your own",
    );
  const { breakGlassRoles = [], deploymentRoles = [] } = guardrails ?? {};
  const [setting, roles] =
    deploymentRoles.length > breakGlassRoles.length
      ? (["deploymentRoles", deploymentRoles] as const)
      : (["breakGlassRoles", breakGlassRoles] as const);
  return inSetting(setting, roles, "name fewer roles: one ARN with * for the account does for all accounts");
}
