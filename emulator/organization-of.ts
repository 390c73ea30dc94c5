import type { Organization as MapOrganization } from "../accounts/organization";
import type { Organization } from "./authorizer";

/** An id for an organization whose map does not say it. */
const SOME_ID = "o-emulated000";

/**
 * The organization that a map speaks of, as far as the map knows it: each unit that its guardrails name has all of
 * its accounts below it. undefined: the map speaks of none.
 */
export function organizationOf({ id, guardrails, accounts }: MapOrganization): Organization | undefined {
  if (guardrails === null) return id === null ? undefined : { id };
  const members = accounts.map((account) => account.id);
  const units = guardrails.organizationalUnits.filter((unit) => !/^\d+$/.test(unit));
  return {
    id: id ?? SOME_ID,
    accounts: [...members, guardrails.managementAccount.id],
    managementAccount: guardrails.managementAccount.id,
    units: Object.fromEntries(units.map((unit) => [unit, members])),
  };
}
