import type { GuardrailScope } from "./scope";
import type { Policy } from "../policy";
import { recordGuardrails, existingGuardrails } from "./records";
import { sessionGuardrails } from "./sessions";

/** A service control policy of an organization, and what it is called. */
export interface Guardrail {
  /** Construct id. */
  readonly id: "Sessions" | "Records" | "Existing";
  /** End of its name. */
  readonly nameSuffix: string;
  readonly description: string;
  readonly policy: Policy;
}

/**
 * The service control policies of an organization: five may be attached to a unit, `FullAWSAccess` among them.
 *
 * They grant nothing, and take from every user and role of a member account, the root user and administrators included,
 * what would leave sessions without a record. Nobody but the roles that are exempt may do it; AWS services and their
 * service-linked roles are not bound.
 */
export function guardrailsFor(scope: GuardrailScope): Guardrail[] {
  const existing = existingGuardrails(scope);
  const always: readonly Guardrail[] = [
    {
      id: "Sessions",
      nameSuffix: "sessions",
      description: "Sessions that are recorded, and preferences that stay as deployed",
      policy: sessionGuardrails(scope),
    },
    {
      id: "Records",
      nameSuffix: "records",
      description: "What keeps the record of sessions, and who is told of them",
      policy: recordGuardrails(scope),
    },
  ];
  if (existing === null) return [...always];
  const description = "Existing buckets, log groups, keys and topics that the record of sessions depends on";
  return [...always, { id: "Existing", nameSuffix: "existing-records", description, policy: existing }];
}
