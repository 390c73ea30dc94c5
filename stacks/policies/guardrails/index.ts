import type { GuardrailScope } from "./scope";
import type { Policy } from "../policy";
import { channelGuardrails } from "./channels";
import { existingGuardrails } from "./existing";
import { recordGuardrails } from "./records";
import { sessionGuardrails } from "./sessions";

/** A service control policy of an organization, with its name and description. */
export interface Guardrail {
  /** Construct id. */
  readonly id: "Sessions" | "Records" | "Channels" | "Existing";
  /** The end of its name. */
  readonly nameSuffix: string;
  readonly description: string;
  readonly policy: Policy;
}

/**
 * The service control policies of an organization: three, and a fourth one if the map names existing resources, keeps
 * the roles of instances or has a pipeline. AWS allows five for each organizational unit, and `FullAWSAccess` is one of them.
 *
 * A service control policy grants nothing. These refuse to every user and role of a member account, including the
 * root user, whatever would leave sessions without a record. Break-glass and deployment roles are exempt. AWS does
 * not apply service control policies to the management account, nor to service-linked roles.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 * @example
 * const scope = guardrailScopeOf(organization);
 * const guardrails = scope === null ? [] : guardrailsFor(scope);
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
      description: "What keeps the record of sessions, and the roles that record and read",
      policy: recordGuardrails(scope),
    },
    {
      id: "Channels",
      nameSuffix: "channels",
      description: "What reports sessions and findings, and the guard",
      policy: channelGuardrails(scope),
    },
  ];
  if (existing === null) return [...always];
  const description =
    "Existing buckets, log groups, keys, topics and roles that the record of sessions depends on";
  return [
    ...always,
    {
      id: "Existing",
      nameSuffix: "existing-records",
      description: scope.pipeline === null ? description : `${description}, and the pipeline`,
      policy: existing,
    },
  ];
}
