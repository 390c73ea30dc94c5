import type { IConstruct } from "constructs";

const METADATA = "session-audit:accepted-finding";

/** A finding of a static check on a resource, and the reason for which it is accepted. */
export interface AcceptedFinding {
  /** Public id of the check, like `CKV_AWS_144`. */
  readonly check: string;
  readonly reason: string;
}

/** Reasons by the id of the check. false: the check has no finding on the resource with these settings. */
export type Reasons = Readonly<Record<string, string | false>>;

/**
 * Accepts findings of static checks on a resource, with the reasons. Only a test reads the reasons: it fails on a
 * finding without a reason and on a reason without a finding. `docs/decisions/0014-static-checks-as-tests.md` says why
 * the reasons are not in `cdk.tf.json`.
 * @example acceptFindings(topic, { CKV_AWS_26: keyArn === null && "The map asks for no key." });
 */
export function acceptFindings(resource: IConstruct, reasons: Reasons): void {
  for (const [check, reason] of Object.entries(reasons)) {
    if (reason !== false) resource.node.addMetadata(METADATA, { check, reason } satisfies AcceptedFinding);
  }
}

/** The accepted findings on a resource. */
export const acceptedFindings = (resource: IConstruct): AcceptedFinding[] =>
  resource.node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as AcceptedFinding);
