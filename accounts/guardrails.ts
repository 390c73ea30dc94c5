import type { AccountIdentity } from "./organization";
import { partitionOf } from "./regions";
import type { ParsedMap } from "./schema";

/** What the service control policies of an organization are made from. */
export interface Guardrails {
  readonly managementAccount: AccountIdentity & {
    readonly homeRegion: string;
    /** Role to take there; null: `deployment.role`. */
    readonly role: string | null;
  };
  /** Ids of organizational units, of the root, or of accounts. */
  readonly organizationalUnits: readonly string[];
  /** ARNs that `*` may stand in. */
  readonly breakGlassRoles: readonly string[];
  /** ARNs that `*` may stand in: those of the map, else what follows from `deployment`. */
  readonly deploymentRoles: readonly string[];
  readonly refuseUnrecordedSessions: boolean;
  /** Names of Session documents. */
  readonly allowedDocuments: readonly string[];
  readonly protectExisting: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The management account's name where the map does not describe it: no account of a map can have it. */
const MANAGEMENT_ACCOUNT = "(management)";

/** What a map says of guardrails, resolved; null: it wants none. */
export function guardrailsOf(map: ParsedMap): Guardrails | null {
  const { guardrails, deployment } = map;
  if (guardrails === undefined) return null;
  const { id, homeRegion, role } = guardrails.managementAccount;
  const partition = partitionOf(homeRegion) ?? "aws";
  const described = Object.entries(map.accounts).find(([, account]) => account.id === id);
  return {
    ...guardrails,
    managementAccount: { name: described?.[0] ?? MANAGEMENT_ACCOUNT, id, partition, homeRegion, role },
    deploymentRoles: guardrails.deploymentRoles ?? rolesOf(deployment, partition),
    tags: map.tags ?? {},
  };
}

/** The role of a deployment in every account; none where the surroundings choose it. */
function rolesOf(deployment: ParsedMap["deployment"], partition: string): string[] {
  if (deployment.mode === "ambient") return [];
  const { role } = deployment;
  return [role.startsWith("arn:") ? role : `arn:${partition}:iam::*:role/${role}`];
}
