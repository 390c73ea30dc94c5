import map from "../../../fixtures/example-map";
import type { AccountsMap } from "../../../../accounts/schema";
import { simulate, type PolicyDocument, type Verdict } from "../../../../emulator/iam/policy-simulator";
import { guardrailsFor, type Guardrail } from "../../../../stacks/policies/guardrails";
import { guardrailScopeOf } from "../../../../stacks/policies/guardrails/scope";
import { EU, MEMBER, exampleOrganization, type Actor } from "../helpers";

type Said = NonNullable<AccountsMap["guardrails"]>;

/** Guardrails of the example organization, attached to an organizational unit. */
export const GUARDRAILS: Said = {
  managementAccount: { id: "999999999999", homeRegion: "us-east-1" },
  organizationalUnits: ["ou-ab12-1a2b3c4d"],
  breakGlassRoles: ["arn:aws:iam::*:role/break-glass"],
};

/** What a map with a pipeline in an account of its own has in addition. */
export const PIPELINE: Partial<AccountsMap> = {
  state: { backend: "s3", bucket: "acme-state", region: EU, keyPrefix: "session-audit" },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  pipeline: { account: { id: MEMBER }, region: EU },
};

/** The example map with guardrails, and other changes. */
export const guarded = (said: Partial<Said> = {}, changes: Partial<AccountsMap> = {}) =>
  exampleOrganization({ ...map, ...changes, guardrails: { ...GUARDRAILS, ...said } });

export function guardrailsOf(organization = guarded()): Guardrail[] {
  const scope = guardrailScopeOf(organization);
  if (scope === null) throw new Error("the map has no guardrails");
  return guardrailsFor(scope);
}

/** A call of a member account, on a resource of its own unless there is another owner. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly owner?: string;
  /** Condition keys of the call. `undefined` removes a key that every request has. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * The decision of AWS on a call, by the service control policies and the caller's own, and the Sids that decide it.
 */
export async function judged(
  who: Actor,
  { action, resource, owner = MEMBER, context = {} }: Call,
  guardrails: readonly Guardrail[],
  { resourcePolicy }: { resourcePolicy?: PolicyDocument } = {},
): Promise<{ result: Verdict; decisive: readonly string[] }> {
  const { result, decisive } = await simulate({
    principal: who.principal,
    action,
    resource,
    resourceAccountId: owner,
    // Every request has a region, even one for a resource without region.
    context: { "aws:RequestedRegion": EU, ...who.context, ...context },
    identityPolicies: who.policies,
    scps: guardrails.map(({ policy }) => policy),
    ...(resourcePolicy && { resourcePolicy }),
  });
  return { result, decisive };
}
