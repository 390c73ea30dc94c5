import type { EvaluationResult, RequestAnalysis } from "@cloud-copilot/iam-simulate";

/** IAM's three answers. */
export type Verdict = "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";

/** Why a request is allowed or denied. */
export interface Explanation {
  /** The Sids of the statements that decided; `#n` for the n-th statement of a policy, if it has no Sid. */
  readonly decisive: readonly string[];
  /** One sentence that a person can read. */
  readonly reason: string;
}

interface Analysed {
  readonly allowStatements: readonly Statement[];
  readonly denyStatements: readonly Statement[];
}
type Statement = RequestAnalysis["identityAnalysis"] extends { allowStatements: (infer S)[] } | undefined
  ? S
  : never;

/** Turns the simulator's analysis into Sids and a sentence. */
export function explain(
  request: { action: string; resource: string },
  analysis: RequestAnalysis,
): Explanation {
  const what = `${request.action} on ${request.resource}`;
  const parts: readonly Analysed[] = [
    analysis.identityAnalysis,
    analysis.resourceAnalysis,
    analysis.permissionBoundaryAnalysis,
    ...(analysis.scpAnalysis?.ouAnalysis ?? []),
  ].filter((part): part is NonNullable<typeof part> => part !== undefined);
  const result: EvaluationResult = analysis.result;
  if (result === "ExplicitlyDenied") {
    const decisive = parts.flatMap((part) => part.denyStatements.map(nameOf));
    return { decisive, reason: `${what} is denied by ${decisive.join(", ") || "a policy"}` };
  }
  if (result === "Allowed") {
    // Only identity and resource policies grant. Service control policies and boundaries limit.
    const decisive = parts.slice(0, 2).flatMap((part) => part.allowStatements.map(nameOf));
    return { decisive, reason: `${what} is allowed by ${decisive.join(", ")}` };
  }
  return { decisive: [], reason: `${what} is allowed by no ${missingGrant(analysis)}` };
}

function missingGrant(analysis: RequestAnalysis): string {
  if (
    analysis.permissionBoundaryAnalysis !== undefined &&
    analysis.permissionBoundaryAnalysis.result !== "Allowed"
  ) {
    return "statement of the permissions boundary";
  }
  if (analysis.scpAnalysis !== undefined && analysis.scpAnalysis.result !== "Allowed") {
    return "service control policy";
  }
  const identity = analysis.identityAnalysis?.result === "Allowed";
  const resource = ["Allowed", "AllowedForAccount"].includes(analysis.resourceAnalysis?.result ?? "");
  if (identity && !resource) return "statement of the resource's policy";
  if (resource && !identity) return "identity policy";
  return "policy";
}

function nameOf(analysed: Statement): string {
  return analysed.statement.sid() ?? `#${analysed.statement.index()}`;
}
