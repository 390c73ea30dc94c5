import type { IConstruct } from "constructs";

const METADATA = "session-audit:accepted-finding";

/** What a static check finds of a resource, and why it stands. */
export interface AcceptedFinding {
  /** The check's public id, such as CKV_AWS_144. */
  readonly check: string;
  readonly reason: string;
}

/** Reasons by check; false where the resource as it is declared gives the check nothing to find. */
export type Reasons = Readonly<Record<string, string | false>>;

/**
 * Accepts what static checks find of a resource, for reasons that stand beside it. Only a test reads them: checkov
 * and trivy take exceptions from comments in HCL, which JSON has none of. A reason for what is not found fails that
 * test as a finding without a reason does.
 */
export function acceptFindings(resource: IConstruct, reasons: Reasons): void {
  for (const [check, reason] of Object.entries(reasons)) {
    if (reason !== false) resource.node.addMetadata(METADATA, { check, reason } satisfies AcceptedFinding);
  }
}

/** What is accepted of a resource. */
export const acceptedFindings = (resource: IConstruct): AcceptedFinding[] =>
  resource.node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as AcceptedFinding);
