import type { Organization } from "../../accounts/model/organization";
import type { Path } from "../../accounts/reading/problems";
import { POLICY_LIMITS } from "../../aws/quotas";
import { names } from "../names";
import { guardrailsFor, type Guardrail } from "../policies/guardrails";
import { guardrailScopeOf, type GuardrailScope } from "../policies/guardrails/scope";
import { overLimit, type Oversize } from "./oversize";

/** The settings that decide about the size of service control policies. The number of accounts does not matter. */
const MEASURED: readonly Path[] = [
  ["organization", "name"],
  ["guardrails"],
  ["deployment"],
  ["accounts", "*", "regions"],
  ["encryption"],
  ["transcripts"],
  ["logs"],
  ["notifications"],
  ["access"],
];

/**
 * The service control policies that AWS would refuse, because they are too long.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export function guardrailLimits(organization: Organization): Oversize[] {
  const scope = guardrailScopeOf(organization);
  if (scope === null) return [];
  return guardrailsFor(scope).flatMap((guardrail) => {
    const name = names.guardrail({ organization: organization.name }, guardrail.nameSuffix);
    return overLimit({
      what: `the service control policy ${name}`,
      document: guardrail.policy,
      limit: POLICY_LIMITS.serviceControl,
      because: MEASURED,
      ...said(organization, scope, guardrail),
    });
  });
}

/** A setting that makes a policy long, its value, and the remedy. */
interface Said {
  readonly path: Path;
  readonly found: readonly string[] | boolean | undefined;
  readonly remedy: string;
}

const UNPROTECTED = "or set guardrails.protectExisting: false, and protect them with a policy of your own";

const SAME_NAMES = "give the roles of instances the same names in all accounts";

/** The setting that makes a policy longest, its value, and the remedy. */
function said({ guardrails }: Organization, scope: GuardrailScope, { id, policy }: Guardrail): Said {
  if (id === "Existing") {
    const roles = policy.Statement.filter(({ Sid }) => Sid === "KeepInstanceRoles");
    return 2 * JSON.stringify(roles).length > JSON.stringify(policy).length
      ? {
          path: ["guardrails", "keepInstanceRoles"],
          found: guardrails?.keepInstanceRoles,
          remedy: `${SAME_NAMES}, or leave keepInstanceRoles out, and keep them with a policy of your own`,
        }
      : {
          path: ["guardrails", "protectExisting"],
          found: guardrails?.protectExisting,
          remedy: "set guardrails.protectExisting: false, and protect what exists with a policy of your own",
        };
  }
  const exempt = (setting: "breakGlassRoles" | "deploymentRoles"): Said => ({
    path: ["guardrails", setting],
    found: guardrails?.[setting] ?? [],
    remedy: "name fewer roles: one ARN with * for the account does for all accounts",
  });
  const lists: readonly Said[] = [
    exempt("breakGlassRoles"),
    exempt("deploymentRoles"),
    ...(id === "Records"
      ? [
          {
            path: ["transcripts", "readers"],
            found: scope.readers,
            remedy: `name fewer roles that read, ${UNPROTECTED}`,
          },
        ]
      : []),
    ...(id === "Sessions"
      ? [
          {
            path: ["access", "attachToRoles"],
            found: scope.instanceRoles.bounded,
            remedy: `${SAME_NAMES}, ${UNPROTECTED}`,
          },
        ]
      : []),
  ];
  const length = ({ found }: Said) => String(found).length;
  return lists.reduce((longest, list) => (length(list) > length(longest) ? list : longest));
}
