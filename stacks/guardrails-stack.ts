import type { Construct } from "constructs";
import type { Guardrails, Organization } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { ServiceControlPolicy } from "./constructs/service-control-policy";
import { names, stackIds } from "./names";
import { guardrailsFor } from "./policies/guardrails";
import { guardrailScope } from "./policies/guardrails/scope";

export interface GuardrailsStackProps {
  readonly organization: Organization;
  readonly guardrails: Guardrails;
}

/** The management account: service control policies, which keep what records from those who administer it. */
export class GuardrailsStack extends BaseStack {
  constructor(parent: Construct, { organization, guardrails }: GuardrailsStackProps) {
    const { managementAccount, organizationalUnits, tags } = guardrails;
    const { homeRegion: region, role } = managementAccount;
    super(parent, stackIds.guardrails(), { organization, account: managementAccount, region, tags, role });
    const scope = guardrailScope(organization, guardrails);
    for (const { id, nameSuffix, description, policy } of guardrailsFor(scope)) {
      const name = names.guardrail(scope, nameSuffix);
      new ServiceControlPolicy(this, id, { name, description, policy, attachTo: organizationalUnits });
    }
    const unbound = organization.accounts.filter(({ id }) => id === managementAccount.id);
    // Said in every plan: AWS has no way to bind it.
    this.output("accounts_without_guardrails", unbound.length === 0 ? null : unbound.map(({ name }) => name));
  }
}
