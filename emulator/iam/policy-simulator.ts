import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import {
  carriedContext,
  carriedPolicy,
  type RequestContext,
  carriedResource,
  withCarriedResources,
  standInFor,
  withStandIn,
} from "./simulator-gaps";
import type { PolicyDocument } from "./policy-document";
import { requestContext } from "./request-context";
import { explain, type Explanation, type Verdict } from "./verdict";

export type { PolicyDocument, RequestContext, Verdict };

/** One request against the policies that bear on it. */
export interface SimulationInput {
  /** Role, user or assumed-role session ARN, or a service such as `events.amazonaws.com`. */
  readonly principal: string;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  /** Account that owns the resource; the caller's account comes from `principal`. */
  readonly resourceAccountId: string;
  /**
   * Condition keys of the request, on top of those of {@link requestContext}. `undefined` takes a default away.
   * `kms:EncryptionContext:<pair>` and `kms:EncryptionContextKeys` are understood.
   */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly identityPolicies?: readonly PolicyDocument[];
  readonly resourcePolicy?: PolicyDocument;
  readonly boundary?: PolicyDocument;
  /** Deny-list service control policies: they are evaluated beside `FullAWSAccess`, as AWS attaches them by default. */
  readonly scps?: readonly PolicyDocument[];
}

/** The verdict with what decided it. */
export interface SimulationOutcome extends Explanation {
  readonly result: Verdict;
}

const FULL_AWS_ACCESS: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "FullAWSAccess", Effect: "Allow", Action: "*", Resource: "*" }],
};

/**
 * Evaluates a request as IAM would, with `@cloud-copilot/iam-simulate` (AGPL-3.0: a development dependency that only
 * the emulator and tests import, nothing that is deployed or shipped).
 *
 * @throws when a policy is invalid or the simulator would leave out part of the request: never silently wrong.
 */
export async function simulate(input: SimulationInput): Promise<SimulationOutcome> {
  const standIn = standInFor(input.action, input.resource);
  const prepared = (policy: PolicyDocument): PolicyDocument =>
    withCarriedResources(
      carriedPolicy(standIn === undefined ? policy : withStandIn(policy, input.action, standIn)),
    );
  const named = (policies: readonly PolicyDocument[], kind: string) =>
    policies.map((policy, index) => ({ name: `${kind} ${index + 1}`, policy: prepared(policy) }));

  const simulation: Simulation = {
    request: {
      principal: input.principal,
      action: standIn ?? input.action,
      resource: { resource: carriedResource(input.resource), accountId: input.resourceAccountId },
      contextVariables: carriedContext(withContextKeys(requestContext(input))),
    },
    identityPolicies: named(input.identityPolicies ?? [], "identity policy"),
    serviceControlPolicies: [
      { orgIdentifier: "organization", policies: named([FULL_AWS_ACCESS, ...(input.scps ?? [])], "SCP") },
    ],
    resourceControlPolicies: [],
    resourcePolicy: input.resourcePolicy === undefined ? undefined : prepared(input.resourcePolicy),
    permissionBoundaryPolicies:
      input.boundary === undefined ? undefined : named([input.boundary], "boundary"),
  };
  const run = await runSimulation(simulation, {});
  if (run.resultType !== "single") {
    const detail =
      run.resultType === "error" ? JSON.stringify(run.errors) : "the resource contains a wildcard";
    throw new Error(`Cannot simulate ${input.action} on ${input.resource} by ${input.principal}: ${detail}`);
  }
  if (run.result.ignoredContextKeys === undefined || run.result.ignoredContextKeys.length > 0) {
    const keys = run.result.ignoredContextKeys?.join(", ") ?? "an unknown part of the context";
    throw new Error(
      `The policy simulator ignores ${keys} for ${input.action}: its verdict would be worthless.`,
    );
  }
  return { result: run.overallResult, ...explain(input, run.result.analysis) };
}

/** KMS fills `kms:EncryptionContextKeys` from the encryption context of the request. */
function withContextKeys(context: RequestContext): RequestContext {
  const prefix = "kms:EncryptionContext:";
  const keys = Object.keys(context)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return keys.length === 0 ? context : { "kms:EncryptionContextKeys": keys, ...context };
}
