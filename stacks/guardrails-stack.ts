import type { Construct } from "constructs";
import type { Guardrails, Organization } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { ServiceControlPolicy } from "./constructs/service-control-policy";
import { names, stackIds } from "./names";
import { guardrailsFor } from "./policies/guardrails";
import { guardrailScope } from "./policies/guardrails/scope";

/** What the stack of the service control policies is made from. */
export interface GuardrailsStackProps {
  readonly organization: Organization;
  readonly guardrails: Guardrails;
}

/**
 * The stack in the management account. Its service control policies stop administrators of member accounts from
 * changing the recording and from opening sessions without a record.
 * @example new GuardrailsStack(app, { organization, guardrails })
 */
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
    // An output, so that every plan shows it: service control policies do not affect the management account.
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    this.output("accounts_without_guardrails", unbound.length === 0 ? null : unbound.map(({ name }) => name));
  }
}
